package org.lodgevm.x86.oracle;

import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.isa.Address;
import org.lodgevm.x86.isa.RowEncoder;

/** Gives gathers indices that mostly lead into the window, and a mask that selects some elements or all. */
final class Gathers {
    /** The opcodes of those with quadwords as indices are odd. */
    private static final int QUADWORD_INDICES = 1;

    private Gathers() {}

    static void choose(Draft draft, RowEncoder encoder) {
        Numbers numbers = draft.numbers;
        int registers = draft.is64() ? 16 : 8;
        int first = numbers.below(registers);
        boolean distinct = !numbers.oneIn(32);
        int index = distinct ? (first + 1 + numbers.below(3)) % registers : numbers.below(registers);
        int mask = distinct ? (first + 4 + numbers.below(3)) % registers : numbers.below(registers);
        encoder.reg(first).vvvv(mask);
        if (numbers.oneIn(3)) {
            fill(draft, mask, -1);
        }
        int override = numbers.oneIn(6) ? numbers.below(6) : -1;
        if (override >= 0) {
            encoder.segment(override);
        }
        int addrSize = numbers.oneIn(8) || !draft.is64() ? 4 : 8;
        encoder.addrSize(addrSize);
        draft.inMemory = true;
        draft.operand = Addressing.target(draft);
        int scale = numbers.below(4);
        int base = numbers.below(registers);
        long disp = Addressing.displacement(numbers, 32);
        long offset = Addressing.offset(draft, Addressing.segment(draft, override, base), addrSize);
        draft.register(base, offset - disp);
        draft.addressRegisters |= 1 << base;
        indices(draft, index, scale);
        encoder.memory(new Address(base, index, scale, disp));
    }

    private static void fill(Draft draft, int register, long value) {
        for (int at = 0; at < 16; at += 8) {
            draft.target.put64(Layout.FXSAVE + FxArea.XMM + 16 * register + at, value);
            draft.target.put64(Layout.YMM_HIGH + 16 * register + at, value);
        }
    }

    private static void indices(Draft draft, int register, int scale) {
        boolean quadwords = (draft.row.encoding().opcode() & QUADWORD_INDICES) != 0;
        for (int half : new int[] {Layout.FXSAVE + FxArea.XMM, Layout.YMM_HIGH}) {
            int place = half + 16 * register;
            for (int at = 0; at < 16; at += quadwords ? 8 : 4) {
                long index = index(draft.numbers, scale);
                if (quadwords) {
                    draft.target.put64(place + at, index);
                } else {
                    draft.target.put32(place + at, (int) index);
                }
            }
        }
    }

    /** Near, aligned or not; now and then anywhere. */
    private static long index(Numbers numbers, int scale) {
        return numbers.oneIn(24) ? numbers.integer() : (numbers.below(257) - 128) >> scale;
    }
}
