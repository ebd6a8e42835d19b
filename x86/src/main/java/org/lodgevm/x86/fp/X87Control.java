package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * Control instructions. FNSTCW and FNSTSW are {@link X87#control} and {@link X87#status}. @sdm 1:8.3.11
 *
 * <p>Environments and saved states pass through a host address, the caller's scratch. FNSTENV and FNSAVE come in two
 * halves: the first writes the image there, the second changes the unit, once the image is in guest memory.
 */
public final class X87Control {
    private static final int ENVIRONMENT_16 = 14;
    private static final int ENVIRONMENT_32 = 28;
    private static final int REGISTERS = 80;
    private static final int RESERVED_HIGH = 0xffff_0000;
    /** Tags. @sdm 1:8.1.7 */
    private static final int TAG_VALID = 0;
    private static final int TAG_ZERO = 1;
    private static final int TAG_SPECIAL = 2;
    private static final int TAG_EMPTY = 3;

    private X87Control() {}

    public static void fninit(X87 x) {
        x.initialize();
    }

    public static void fnclex(X87 x) {
        x.setStatus(x.status() & ~(FpContext.EXCEPTIONS | X87.SF));
    }

    public static void fldcw(X87 x, long value) {
        x.setControl((int) value);
    }

    /** The bytes that FNSTENV and FLDENV move. {@code wide}: the operand size is 32 bits. */
    public static int environmentBytes(boolean wide) {
        return wide ? ENVIRONMENT_32 : ENVIRONMENT_16;
    }

    /** The bytes that FNSAVE and FRSTOR move. */
    public static int stateBytes(boolean wide) {
        return environmentBytes(wide) + REGISTERS;
    }

    /**
     * Writes the environment.
     *
     * @param wide the operand size is 32 bits
     * @param real the format of real-address and virtual-8086 mode, with linear addresses instead of selectors
     */
    public static void fnstenv(X87 x, long address, boolean wide, boolean real) {
        word(address, 0, wide, x.control());
        word(address, 1, wide, x.status());
        word(address, 2, wide, fullTags(x));
        long block = x.block();
        int opcode = get16(block + FxArea.FOP);
        int instruction = get32(block + FxArea.FIP);
        int operand = get32(block + FxArea.FDP);
        int instructionSelector = get16(block + FxArea.INSTRUCTION_SELECTOR);
        int operandSelector = get16(block + FxArea.OPERAND_SELECTOR);
        if (real) {
            instruction += instructionSelector << 4;
            operand += operandSelector << 4;
            word(address, 3, wide, instruction);
            high(address, 4, wide, instruction, opcode);
            word(address, 5, wide, operand);
            high(address, 6, wide, operand, 0);
        } else if (wide) {
            put32(address + 12, instruction);
            put32(address + 16, opcode << 16 | instructionSelector);
            put32(address + 20, operand);
            put32(address + 24, RESERVED_HIGH | operandSelector);
        } else {
            put16(address + 6, instruction);
            put16(address + 8, instructionSelector);
            put16(address + 10, operand);
            put16(address + 12, operandSelector);
        }
    }

    private static void word(long address, int index, boolean wide, int value) {
        if (wide) {
            put32(address + 4L * index, RESERVED_HIGH | value);
        } else {
            put16(address + 2L * index, value);
        }
    }

    /** The part of a linear address above its low 16 bits, in bits 27:12 or 15:12, and the opcode below it. */
    private static void high(long address, int index, boolean wide, int linear, int opcode) {
        int value = linear >>> 16 << 12 | opcode;
        if (wide) {
            put32(address + 4L * index, value);
        } else {
            put16(address + 2L * index, value);
        }
    }

    /** The second half of FNSTENV: masks all exceptions. */
    public static void fnstenvDone(X87 x) {
        x.setControl(x.control() | FpContext.EXCEPTIONS);
    }

    /** Writes the environment and the registers. */
    public static void fnsave(X87 x, long address, boolean wide, boolean real) {
        fnstenv(x, address, wide, real);
        long slot = address + environmentBytes(wide);
        for (int i = 0; i < 8; i++) {
            put64(slot + 10L * i, x.significand(i));
            put16(slot + 10L * i + 8, x.signExponent(i));
        }
    }

    /** The second half of FNSAVE: initializes the unit. */
    public static void fnsaveDone(X87 x) {
        x.initialize();
    }

    public static void fldenv(X87 x, long address, boolean wide, boolean real) {
        x.setControl(loadedWord(address, 0, wide));
        x.setStatus(loadedWord(address, 1, wide));
        int tags = loadedWord(address, 2, wide);
        int valid = 0;
        for (int r = 0; r < 8; r++) {
            if ((tags >> 2 * r & 3) != TAG_EMPTY) {
                valid |= 1 << r;
            }
        }
        x.valid = valid;
        loadPointers(x, address, wide, real);
    }

    private static void loadPointers(X87 x, long address, boolean wide, boolean real) {
        int instruction = loadedWord(address, 3, wide);
        int operand = loadedWord(address, 5, wide);
        int second = wide ? get32(address + 16) : get16(address + 8);
        int fourth = wide ? get32(address + 24) : get16(address + 12);
        if (real) {
            x.recordInstruction(second, 0, instruction | (long) (second >>> 12 & 0xffff) << 16);
            x.recordOperand(0, operand | (long) (fourth >>> 12 & 0xffff) << 16);
        } else if (wide) {
            x.recordInstruction(second >>> 16, second & 0xffff, Integer.toUnsignedLong(get32(address + 12)));
            x.recordOperand(fourth & 0xffff, Integer.toUnsignedLong(get32(address + 20)));
        } else {
            x.recordInstruction(0, second, instruction);
            x.recordOperand(fourth, operand);
        }
    }

    private static int loadedWord(long address, int index, boolean wide) {
        return get16(address + (wide ? 4L : 2L) * index);
    }

    public static void frstor(X87 x, long address, boolean wide, boolean real) {
        fldenv(x, address, wide, real);
        int tags = x.valid;
        long slot = address + environmentBytes(wide);
        for (int i = 0; i < 8; i++) {
            x.put(i, get16(slot + 10L * i + 8), get64(slot + 10L * i));
        }
        x.valid = tags;
    }

    /** The tag word: two bits a physical register, the register's class derived from its content. */
    private static int fullTags(X87 x) {
        int tags = 0;
        for (int i = 0; i < 8; i++) {
            tags |= tag(x, i) << 2 * (x.top + i & 7);
        }
        return tags;
    }

    private static int tag(X87 x, int i) {
        int biased = x.signExponent(i) & Extended.EXPONENT;
        long significand = x.significand(i);
        if (x.isEmpty(i)) {
            return TAG_EMPTY;
        }
        if (biased == 0) {
            return significand == 0 ? TAG_ZERO : TAG_SPECIAL;
        }
        return biased == Extended.EXPONENT || significand >= 0 ? TAG_SPECIAL : TAG_VALID;
    }
}
