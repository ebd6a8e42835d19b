package org.lodgevm.x86.oracle;

import org.lodgevm.x86.fp.FxArea;

/** Fills in the state that a case starts from, whatever its instruction. */
final class StateGenerator {
    private static final int STATUS_FLAGS = 0x8D5;
    private static final int TF = 1 << 8;
    private static final int DF = 1 << 10;
    private static final int NT = 1 << 14;
    private static final int AC = 1 << 18;
    private static final int ID = 1 << 21;
    private static final int EXCEPTIONS = 0x3F;
    private static final int FSW_ES_AND_B = 0x8080;
    private static final int FSW_CONDITIONS = 0x4700;
    private static final int FCW_RESERVED = 0x40;
    private static final int MXCSR_MASKS = 0x1F80;
    private static final int DAZ = 1 << 6;
    private static final int FTZ = 1 << 15;

    private static final int[] WINDOWS = {
        0, Layout.PAGE - Layout.WINDOW_BYTES / 2, Layout.DATA_BYTES - Layout.WINDOW_BYTES
    };
    private static final int[] DATA_SELECTORS = {
        Descriptors.DATA16,
        Descriptors.SHORT_DATA,
        Descriptors.EXPAND_DOWN,
        Descriptors.EXPAND_DOWN16,
        Descriptors.READ_ONLY,
        Linux.CODE32,
        0
    };

    private StateGenerator() {}

    static void fill(Draft draft) {
        Cases.reset(draft.target, draft.mode);
        window(draft);
        segments(draft);
        registers(draft);
        flags(draft);
        x87(draft);
        vectors(draft);
    }

    private static void window(Draft draft) {
        Numbers numbers = draft.numbers;
        draft.target.put32(Layout.WINDOW_AT, numbers.of(WINDOWS));
        for (int i = 0; i < Layout.WINDOW_BYTES; i += 8) {
            draft.target.put64(Layout.WINDOW + i, numbers.bits());
        }
    }

    private static void segments(Draft draft) {
        Numbers numbers = draft.numbers;
        Case target = draft.target;
        if (draft.is64()) {
            target.put64(Layout.FS_BASE, base(draft));
            target.put64(Layout.GS_BASE, base(draft));
            return;
        }
        data(draft, Layout.DS, 4);
        data(draft, Layout.ES, 4);
        data(draft, Layout.FS, 2);
        data(draft, Layout.GS, 2);
        boolean flat = draft.mode == Mode.BITS_16 ? !numbers.oneIn(3) : !numbers.oneIn(8);
        target.put64(
                Layout.SS,
                flat
                        ? Linux.DATA
                        : numbers.of(
                                Descriptors.DATA16,
                                Descriptors.SHORT_DATA,
                                Descriptors.EXPAND_DOWN));
        target.put64(Layout.FS_BASE, Descriptors.base(target.get16(Layout.FS)));
        target.put64(Layout.GS_BASE, Descriptors.base(target.get16(Layout.GS)));
    }

    private static void data(Draft draft, int register, int oneIn) {
        if (draft.numbers.oneIn(oneIn)) {
            draft.target.put16(register, draft.numbers.of(DATA_SELECTORS));
        }
    }

    private static long base(Draft draft) {
        Numbers numbers = draft.numbers;
        return switch (numbers.below(5)) {
            case 0 -> 0;
            case 1 -> Layout.DATA;
            case 2 -> Layout.HIGH_DATA + numbers.below(64);
            case 3 -> -numbers.below(Layout.PAGE);
            default -> numbers.below(Layout.PAGE);
        };
    }

    private static void registers(Draft draft) {
        for (int i = 0; i < (draft.is64() ? 16 : 8); i++) {
            draft.register(i, draft.numbers.integer());
        }
        int at = Layout.WINDOW_BYTES / 2 + draft.numbers.below(Layout.WINDOW_BYTES / 4);
        int aligned = draft.numbers.oneIn(8) ? at : at & -8;
        draft.register(Draft.RSP, draft.window(aligned) - draft.segmentBase(2));
    }

    private static void flags(Draft draft) {
        Numbers numbers = draft.numbers;
        long flags = draft.target.get64(Layout.RFLAGS) | numbers.bits() & STATUS_FLAGS;
        flags |= numbers.oneIn(4) ? DF : 0;
        flags |= numbers.oneIn(50) ? TF : 0;
        flags |= numbers.oneIn(50) ? AC : 0;
        flags |= numbers.oneIn(50) ? NT : 0;
        flags |= numbers.oneIn(50) ? ID : 0;
        draft.target.put64(Layout.RFLAGS, flags);
    }

    private static void x87(Draft draft) {
        Numbers numbers = draft.numbers;
        int masks = numbers.oneIn(4) ? numbers.below(EXCEPTIONS + 1) : EXCEPTIONS;
        int precision = numbers.of(0, 2, 3, 3);
        int fcw = masks | FCW_RESERVED | precision << 8 | numbers.below(4) << 10;
        int raised = numbers.oneIn(4) ? numbers.below(EXCEPTIONS + 1) : 0;
        int fsw = raised | numbers.below(0x10000) & FSW_CONDITIONS | numbers.below(8) << 11;
        if ((raised & ~masks) != 0) {
            fsw |= FSW_ES_AND_B;
        }
        Case target = draft.target;
        target.put16(Layout.FXSAVE + FxArea.FCW, fcw);
        target.put16(Layout.FXSAVE + FxArea.FSW, fsw);
        target.put8(Layout.FXSAVE + FxArea.FTW, numbers.oneIn(2) ? 0xFF : numbers.below(0x100));
        for (int i = 0; i < 8; i++) {
            numbers.fp80(target, Layout.FXSAVE + FxArea.REGISTERS + 16 * i);
        }
    }

    private static void vectors(Draft draft) {
        Numbers numbers = draft.numbers;
        int mxcsr = numbers.oneIn(4) ? numbers.below(0x40) << 7 : MXCSR_MASKS;
        mxcsr |= numbers.below(4) << 13;
        mxcsr |= numbers.oneIn(4) ? numbers.below(EXCEPTIONS + 1) : 0;
        mxcsr |= numbers.oneIn(8) ? DAZ : 0;
        mxcsr |= numbers.oneIn(8) ? FTZ : 0;
        draft.target.put32(Layout.FXSAVE + FxArea.MXCSR, mxcsr);
        numbers.chooseVectors();
        for (int i = 0; i < 16; i++) {
            numbers.vector(draft.target, Layout.FXSAVE + FxArea.XMM + 16 * i);
            numbers.vector(draft.target, Layout.YMM_HIGH + 16 * i);
        }
    }
}
