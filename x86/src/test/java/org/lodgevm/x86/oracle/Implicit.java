package org.lodgevm.x86.oracle;

import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.isa.Attribute;

/**
 * Gives what an instruction uses beside its explicit operands values with which it does more than
 * fault.
 */
final class Implicit {
    private static final int ES = 0;
    private static final int DS = 3;
    private static final int FXSAVE_BYTES = 512;
    private static final int XSTATE_BV = 512;
    private static final int XSAVE_HEADER_END = 576;
    private static final int XSAVE_BYTES = XSAVE_HEADER_END + Layout.YMM_HIGH_BYTES;

    /** The state components that both CPUs have, as bits: x87, SSE and perhaps AVX. */
    static final int COMPONENTS = NativeCpu.hasAvx() ? 7 : 3;

    private static final int MXCSR_DEFINED = 0xFFFF;
    private static final int[] SELECTORS = {
        0,
        3,
        Linux.CODE32,
        Linux.DATA,
        Linux.CODE64,
        Descriptors.CODE16,
        Descriptors.DATA16,
        Descriptors.SHORT_DATA,
        Descriptors.EXPAND_DOWN,
        Descriptors.READ_ONLY,
        Descriptors.EXECUTE_ONLY,
        Descriptors.ABSENT,
        Descriptors.CODE32,
        Descriptors.EXPAND_DOWN16,
        Linux.DATA & ~3,
        0x10,
        0x18,
        0x1F7,
        0x1F0
    };

    private Implicit() {}

    /** A selector, mostly of a segment that exists. */
    static int selector(Numbers numbers) {
        return numbers.oneIn(12) ? numbers.below(0x78) : numbers.of(SELECTORS);
    }

    static void prepare(Draft draft) {
        if (draft.row.has(Attribute.REP) || draft.row.has(Attribute.REPZ)) {
            strings(draft);
            return;
        }
        switch (draft.row.operation()) {
            case "XLAT" -> {
                long offset = Addressing.target(draft) - draft.segmentBase(DS);
                draft.register(Draft.RBX, offset - (draft.target.gpr(Draft.RAX) & 0xFF));
            }
            case "MASKMOVDQU", "VMASKMOVDQU", "MASKMOVQ" ->
                    draft.register(Draft.RDI, Addressing.target(draft) - draft.segmentBase(DS));
            case "BT", "BTS", "BTR", "BTC" -> bitIndex(draft);
            case "DIV", "IDIV" -> dividend(draft);
            case "CMPXCHG", "CMPXCHG8B", "CMPXCHG16B" -> expected(draft);
            case "BOUND" -> bounds(draft);
            case "ENTER", "LEAVE" ->
                    draft.register(
                            Draft.RBP,
                            draft.window(128 + draft.numbers.below(512) & -8)
                                    - draft.segmentBase(2));
            case "LDMXCSR", "VLDMXCSR", "FXRSTOR", "XRSTOR", "XRSTORS", "FRSTOR", "FLDENV", "FLDCW" ->
                    image(draft);
            case "XSAVE", "XSAVEOPT", "XSAVEC", "XSAVES" -> components(draft);
            case "JCXZ", "LOOP", "LOOPE", "LOOPNE" ->
                    draft.register(Draft.RCX, draft.numbers.of(0, 1, 2, 0x10000, 0x10001));
            case "WRFSBASE", "WRGSBASE" -> {
                if (draft.numbers.oneIn(2)) {
                    draft.target.gpr(draft.numbers.below(8), draft.numbers.bits() >>> 17);
                }
            }
            case "PCMPESTRI", "PCMPESTRM", "VPCMPESTRI", "VPCMPESTRM" -> {
                draft.freeRegister(Draft.RAX, draft.numbers.below(40) - 20);
                draft.freeRegister(Draft.RDX, draft.numbers.below(40) - 20);
            }
            default -> {}
        }
    }

    private static void strings(Draft draft) {
        Numbers numbers = draft.numbers;
        draft.register(Draft.RSI, Addressing.target(draft) - draft.segmentBase(DS));
        draft.register(Draft.RDI, Addressing.target(draft) - draft.segmentBase(ES));
        long count = numbers.oneIn(20) ? numbers.integer() : numbers.below(24);
        draft.register(Draft.RCX, count);
        if (numbers.oneIn(2)) {
            // runs of equal bytes, so that comparisons go on
            long same = numbers.bits() & 0xFF;
            long pattern = same * 0x0101_0101_0101_0101L;
            for (int i = 0; i < Layout.WINDOW_BYTES; i += 8) {
                draft.target.put64(Layout.WINDOW + i, pattern);
            }
            draft.target.put8(
                    Layout.WINDOW + numbers.below(Layout.WINDOW_BYTES), numbers.below(256));
            if (numbers.oneIn(2)) {
                draft.target.gpr(Draft.RAX, draft.is64() ? pattern : pattern & 0xFFFF_FFFFL);
            }
        }
    }

    /** Bit strings reach far: a register index is mostly kept near. */
    private static void bitIndex(Draft draft) {
        if (draft.inMemory && !draft.numbers.oneIn(8)) {
            for (int i = 0; i < 16; i++) {
                boolean upper = draft.is64() || i < 8;
                if (upper && i != Draft.RSP) {
                    draft.freeRegister(i, draft.numbers.below(1024) - 512);
                }
            }
        }
    }

    /** Half of the time a dividend whose quotient fits. */
    private static void dividend(Draft draft) {
        if (draft.numbers.oneIn(2)) {
            long low = draft.target.gpr(Draft.RAX);
            boolean negative = draft.row.operation().equals("IDIV") && signBit(low, draft.opSize);
            draft.freeRegister(Draft.RDX, negative ? -1 : draft.numbers.below(3) / 2);
            if (draft.row.operand(0).type().width(draft.opSize, 0) == 1) {
                draft.freeRegister(Draft.RAX, draft.numbers.oneIn(2) ? low & 0xFF : (byte) low);
            }
        }
    }

    private static boolean signBit(long value, int bytes) {
        return (value >>> 8 * bytes - 1 & 1) != 0;
    }

    /** Half of the time the value that is there. */
    private static void expected(Draft draft) {
        int width = draft.memoryWidth();
        int at = draft.inMemory ? draft.inRecord(draft.operand, width) : -1;
        if (at < 0 || draft.numbers.oneIn(2)) {
            return;
        }
        switch (width) {
            case 8 -> {
                draft.freeRegister(Draft.RAX, draft.target.get64(at));
                if (draft.row.operation().equals("CMPXCHG8B")) {
                    draft.freeRegister(Draft.RAX, draft.target.get32(at));
                    draft.freeRegister(Draft.RDX, draft.target.get32(at + 4));
                }
            }
            case 16 -> {
                draft.freeRegister(Draft.RAX, draft.target.get64(at));
                draft.freeRegister(Draft.RDX, draft.target.get64(at + 8));
            }
            case 4 -> draft.freeRegister(Draft.RAX, draft.target.get32(at));
            default -> draft.freeRegister(Draft.RAX, draft.target.get16(at));
        }
    }

    private static void bounds(Draft draft) {
        int at = draft.inRecord(draft.operand, 2 * draft.opSize);
        if (at >= 0 && !draft.numbers.oneIn(4)) {
            int upper = draft.numbers.below(0x8000);
            if (draft.opSize == 2) {
                draft.target.put16(at, -draft.numbers.below(0x8000));
                draft.target.put16(at + 2, upper);
            } else {
                draft.target.put32(at, Integer.MIN_VALUE + upper);
                draft.target.put32(at + 4, Integer.MAX_VALUE - upper);
            }
        }
    }

    /** Plausible images of FPU state: the case's own, another TOP and other masks among it. */
    private static void image(Draft draft) {
        Numbers numbers = draft.numbers;
        Case target = draft.target;
        components(draft);
        int size =
                draft.row.operation().startsWith("X")
                        ? XSAVE_BYTES
                        : Math.max(draft.memoryWidth(), 4);
        int at = draft.inRecord(draft.operand, size);
        if (at < 0 || numbers.oneIn(16)) {
            return;
        }
        switch (draft.row.operation()) {
            case "LDMXCSR", "VLDMXCSR" -> target.put32(at, target.get32(at) & MXCSR_DEFINED);
            case "FLDCW", "FLDENV", "FRSTOR" -> {
                if (numbers.oneIn(2)) {
                    target.put16(at, target.get16(at) | 0x3F);
                }
            }
            default -> {
                target.put(at, target.bytes(Layout.FXSAVE, FXSAVE_BYTES));
                target.put16(
                        at + FxArea.FCW, target.get16(at + FxArea.FCW) ^ numbers.below(4) << 10);
                target.put32(at + FxArea.MXCSR, numbers.below(MXCSR_DEFINED + 1));
                numbers.vector(target, at + FxArea.XMM + 16 * numbers.below(16));
                if (size == XSAVE_BYTES) {
                    numbers.vector(target, at + XSAVE_HEADER_END + 16 * numbers.below(16));
                    header(draft, at);
                }
            }
        }
    }

    private static void header(Draft draft, int at) {
        for (int i = XSTATE_BV; i < XSAVE_HEADER_END; i += 8) {
            draft.target.put64(at + i, 0);
        }
        draft.target.put64(at + XSTATE_BV, draft.numbers.below(COMPONENTS + 1));
        if (draft.numbers.oneIn(8)) {
            draft.target.put64(
                    at + XSTATE_BV + 8 * draft.numbers.below(8), draft.numbers.integer());
        } else if (draft.numbers.oneIn(4)) {
            draft.target.put64(at + XSTATE_BV + 8, COMPONENTS | Long.MIN_VALUE);
        }
    }

    /** Common components alone, as the hosts have different others. */
    private static void components(Draft draft) {
        draft.freeRegister(Draft.RAX, draft.numbers.below(COMPONENTS + 1));
        draft.freeRegister(Draft.RDX, 0);
    }
}
