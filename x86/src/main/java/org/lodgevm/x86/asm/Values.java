package org.lodgevm.x86.asm;

/** Which numbers a field of so many bits can hold. */
final class Values {
    private Values() {}

    static boolean fitsSigned(long value, int bits) {
        return bits >= Long.SIZE || value >> bits - 1 == value >> Long.SIZE - 1;
    }

    static boolean fitsUnsigned(long value, int bits) {
        return bits >= Long.SIZE || value >>> bits == 0;
    }

    /** Whether the field can hold the number as either signed or unsigned. */
    static boolean fits(long value, int bits) {
        return fitsSigned(value, bits) || fitsUnsigned(value, bits);
    }

    /** The number as a signed one of that width, so that 0xffff and -1 are the same 16 bits. */
    static long signed(long value, int bits) {
        return value << Long.SIZE - bits >> Long.SIZE - bits;
    }

    /**
     * The number as the operand of an instruction of that width: sign-extended from at most 32
     * bits.
     */
    static long immediate(long value, int width) {
        if (width == 64 ? !fitsSigned(value, 32) : !fits(value, width)) {
            throw new AssemblyException(
                    "0x" + Long.toHexString(value) + " is no immediate of " + width + " bits");
        }
        return signed(value, width);
    }

    /** The width that two operands agree on; either may leave it to the other. */
    static int width(Rm one, Rm other) {
        if (one.bits() != 0 && other.bits() != 0 && one.bits() != other.bits()) {
            throw new AssemblyException(
                    "operands of " + one.bits() + " and " + other.bits() + " bits");
        }
        return width(one.bits() != 0 ? one : other);
    }

    static int width(Rm operand) {
        if (operand.bits() == 0) {
            throw new AssemblyException("the width of " + operand + " is not known");
        }
        return operand.bits();
    }

    /** The same for instructions without a form for bytes. */
    static int wordWidth(Rm one, Rm other) {
        return word(width(one, other));
    }

    static int wordWidth(Rm operand) {
        return word(width(operand));
    }

    private static int word(int width) {
        if (width == 8) {
            throw new AssemblyException("bytes where the instruction has only wider operands");
        }
        return width;
    }

    /**
     * The operand size that makes an instruction of 32 or 64 bits one or the other, without the
     * prefix 66.
     */
    static int quadWidth(int width) {
        return switch (width) {
            case 32 -> 0;
            case 64 -> 64;
            default ->
                    throw new AssemblyException(width + " bits where only 32 or 64 are possible");
        };
    }

    /** Refuses an operand that is not of that width; memory may leave it open. */
    static <T extends Rm> T exactly(int width, T operand) {
        if (operand.bits() != width && (operand.bits() != 0 || operand instanceof Reg)) {
            throw new AssemblyException(operand + " where only " + width + " bits are possible");
        }
        return operand;
    }

    /** Bit 0 of most integer opcodes: clear for bytes, set for anything wider. */
    static int wide(int width) {
        return width == 8 ? 0 : 1;
    }

    static long check(long value, int bits) {
        if (!fits(value, bits)) {
            throw new AssemblyException(
                    "0x" + Long.toHexString(value) + " does not fit in " + bits + " bits");
        }
        return value;
    }
}
