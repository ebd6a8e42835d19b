package org.lodgevm.x86.translate;

import java.util.Iterator;
import java.util.List;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;

/**
 * An instruction between registers whose flags can be made once more, as long as these registers stay as they are after it: instead of
 * putting the flags aside for a fault that hardly ever comes, they are made again when it does.
 *
 * @param registers of the guest that they are made from: a bit for each
 */
record FlagSource(Step step, int registers) {
    /** @return null if the flags cannot be made again */
    static FlagSource of(Step step) {
        if (step.kind != Kind.PLAIN || step.in.isMemory() || !step.renewsFlags()) {
            return null;
        }
        int registers = switch (step.in.row().operation()) {
            case "CMP", "TEST", "ADD", "SUB" -> bit(step, 0) | bit(step, 1);
            case "AND", "OR", "XOR" -> bit(step, 0);
            default -> 0;
        };
        boolean known = registers != 0 && isInHost(step, 0) && isInHost(step, 1) && !isOfItself(step);
        return known ? new FlagSource(step, registers) : null;
    }

    /** Whether both operands are the register that it changes. */
    private static boolean isOfItself(Step step) {
        return step.in.row().accesses().getFirst().writes() && bit(step, 0) == bit(step, 1);
    }

    /** Of the register that the operand is, or is part of; 0 if it is none. */
    private static int bit(Step step, int operand) {
        int register = step.in.register(operand);
        return register < 0 ? 0 : 1 << (isSecondByte(step, operand) ? register - 4 : register);
    }

    /** Whether it is AH, CH, DH or BH, whose numbers are those of other registers. */
    private static boolean isSecondByte(Step step, int operand) {
        return step.in.width(operand) == 1 && step.in.isHighByte(step.in.register(operand));
    }

    /** Whether the operand is a constant or all of a host register's lower part. */
    private static boolean isInHost(Step step, int operand) {
        int register = step.in.register(operand);
        return register < 0 || HostRegisters.host(register) != null && !isSecondByte(step, operand);
    }

    /** Whether its registers are others after a step. */
    boolean isChangedBy(Step step) {
        return switch (step.kind) {
            case NOTHING, BRANCH -> false;
            case LEA, LOAD_CONSTANT, PLAIN -> (written(step) & registers) != 0;
            case PUSH -> (1 << HostRegisters.GUEST_RSP & registers) != 0;
            case POP -> ((1 << HostRegisters.GUEST_RSP | bit(step, 0)) & registers) != 0;
            case VECTOR -> ((1 << step.in.reg() | 1 << step.in.rm()) & registers) != 0;
            default -> true;
        };
    }

    private static int written(Step step) {
        int written = 0;
        for (int i = 0; i < step.in.row().operands().size(); i++) {
            if (step.in.row().accesses().get(i).writes()) {
                written |= bit(step, i);
            }
        }
        return written;
    }

    /**
     * Whether the flags can be made again at every way out of these steps, until nobody wants them.
     *
     * @param steps to the end of a block
     */
    boolean lasts(List<Step> steps) {
        for (Iterator<Step> i = steps.iterator(); i.hasNext(); ) {
            Step step = i.next();
            if (!step.flagsWanted) {
                return true;
            }
            if (!leavesUnchanged(step)) {
                return false;
            }
            if (step.changesFlags() || step.takesFlags()) {
                return true;
            }
            if (isChangedBy(step)) {
                return i.hasNext() && !i.next().flagsWanted;
            }
        }
        return false;
    }

    /** Whether all ways out of a step are ends, and come before it has changed anything. */
    private static boolean leavesUnchanged(Step step) {
        return switch (step.kind) {
            case NOTHING, LEA, LOAD_CONSTANT, PLAIN, PUSH, POP, VECTOR -> true;
            default -> false;
        };
    }

    /** Makes the flags. Uses RAX. */
    void append(Assembler a) {
        int bits = 8 * step.in.width(0);
        Gpr first = HostRegisters.host(step.in.register(0), bits);
        Gpr copy = Gpr.RAX.as(bits);
        int second = step.in.register(1);
        Gpr other = second < 0 ? null : HostRegisters.host(second, bits);
        int constant = (int) step.in.imm();
        switch (step.in.row().operation()) {
            case "CMP" -> compare(a, first, other, constant);
            case "TEST" -> {
                if (other == null) {
                    a.test(first, constant);
                } else {
                    a.test(first, other);
                }
            }
            case "ADD" -> {
                a.mov(Gpr.RAX, first.as(64));
                if (other == null) {
                    a.sub(copy, constant).add(copy, constant);
                } else {
                    a.sub(copy, other).add(copy, other);
                }
            }
            case "SUB" -> {
                a.mov(Gpr.RAX, first.as(64));
                if (other == null) {
                    a.add(copy, constant);
                } else {
                    a.add(copy, other);
                }
                compare(a, copy, other, constant);
            }
            default -> a.test(first, first);
        }
    }

    private static void compare(Assembler a, Gpr first, Gpr second, int constant) {
        if (second == null) {
            a.cmp(first, constant);
        } else {
            a.cmp(first, second);
        }
    }
}
