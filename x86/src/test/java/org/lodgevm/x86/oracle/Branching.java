package org.lodgevm.x86.oracle;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.RowEncoder;

/**
 * Gives control transfers targets that both CPUs can reach alike: the way out, the filler, and
 * places that fault.
 */
final class Branching {
    private static final int FIXED_AND_IF = 0x202;
    private static final int POPPED_FLAGS = 0x25_4DD7;
    private static final int SS = 2;
    private static final int RPL = 3;

    private Branching() {}

    static boolean applies(Draft draft) {
        return draft.row.has(Attribute.JUMP);
    }

    /** For direct branches: the displacement or far pointer, given where the instruction ends. */
    static void direct(Draft draft, RowEncoder encoder, int length) {
        Operand operand = draft.row.immediate();
        if (operand == null) {
            return;
        }
        int end = draft.at + length;
        switch (operand.method()) {
            case J ->
                    encoder.immediate(
                            displacement(draft, end, operand.type().width(draft.opSize, 0)));
            case A -> {
                encoder.immediate(offset(draft, end));
                encoder.secondImmediate(codeSelector(draft));
            }
            default -> {}
        }
    }

    private static long displacement(Draft draft, int end, int width) {
        Numbers numbers = draft.numbers;
        return switch (numbers.below(4)) {
            case 0 -> 0;
            case 1 -> width == 1 ? 16 + numbers.below(112) : numbers.below(Layout.CODE_BYTES) - end;
            case 2 -> width == 1 ? -20 - numbers.below(108) : (int) numbers.bits();
            default -> width == 1 ? 0 : Layout.CODE_BYTES - end + numbers.below(3);
        };
    }

    /** An offset in CS: the way out, the filler, beyond the code, or anything. */
    private static long offset(Draft draft, int end) {
        Numbers numbers = draft.numbers;
        long base = Layout.CODE - draft.mode.codeBase();
        return switch (numbers.below(8)) {
            case 0 -> base + 16 + numbers.below(Layout.CODE_BYTES - 16);
            case 1 -> base + Layout.CODE_BYTES + numbers.below(2);
            case 2 -> numbers.oneIn(2) ? Layout.DATA + 64 : numbers.integer();
            default -> base + end;
        };
    }

    private static int codeSelector(Draft draft) {
        boolean another = draft.numbers.oneIn(3);
        int selector = another ? Implicit.selector(draft.numbers) : draft.mode.codeSelector();
        // on which stack a call into 64-bit code leaves its return address differs by vendor
        boolean intoLongMode = (selector | RPL) == Linux.CODE64 && !draft.is64();
        boolean call = draft.row.operation().equals("CALLF");
        return intoLongMode && call ? draft.mode.codeSelector() : selector;
    }

    /**
     * For indirect branches and returns: what they find in registers, in memory and on the stack.
     */
    static void indirect(Draft draft, int length) {
        int end = draft.at + length;
        switch (draft.row.operation()) {
            case "RET" -> push(draft, offset(draft, end));
            case "RETF" ->
                    push(
                            draft,
                            offset(draft, end),
                            codeSelector(draft),
                            draft.target.gpr(Draft.RSP),
                            stackSelector(draft));
            case "IRET" ->
                    push(
                            draft,
                            offset(draft, end),
                            codeSelector(draft),
                            flags(draft),
                            draft.target.gpr(Draft.RSP),
                            stackSelector(draft));
            case "JMP", "CALL" -> near(draft, end);
            case "JMPF", "CALLF" -> far(draft, end);
            default -> {}
        }
    }

    private static long flags(Draft draft) {
        return draft.numbers.oneIn(2) ? FIXED_AND_IF : draft.numbers.bits() & POPPED_FLAGS;
    }

    private static int stackSelector(Draft draft) {
        return draft.numbers.oneIn(3)
                ? Implicit.selector(draft.numbers)
                : (int) draft.target.get64(Layout.SS);
    }

    private static void push(Draft draft, long... values) {
        long linear = draft.target.gpr(Draft.RSP) + draft.segmentBase(SS);
        for (int i = 0; i < values.length; i++) {
            store(draft, linear + (long) i * draft.opSize, draft.opSize, values[i]);
        }
    }

    private static void store(Draft draft, long linear, int width, long value) {
        int at = draft.inRecord(linear, width);
        if (at < 0) {
            return;
        }
        switch (width) {
            case 2 -> draft.target.put16(at, (int) value);
            case 4 -> draft.target.put32(at, (int) value);
            default -> draft.target.put64(at, value);
        }
    }

    private static void near(Draft draft, int end) {
        if (draft.row.operand(0).method() != AddressingMethod.E) {
            return;
        }
        if (draft.inMemory) {
            store(draft, draft.operand, draft.opSize, offset(draft, end));
        } else {
            for (int i = 0; i < (draft.is64() ? 16 : 8); i++) {
                if (i != Draft.RSP) {
                    draft.register(i, offset(draft, end));
                }
            }
        }
    }

    private static void far(Draft draft, int end) {
        if (draft.inMemory) {
            store(draft, draft.operand, draft.opSize, offset(draft, end));
            store(draft, draft.operand + draft.opSize, 2, codeSelector(draft));
        }
    }
}
