package org.lodgevm.x86.asm;

/**
 * The generic emitters, on which the families of mnemonics stand.
 *
 * <p>An {@code opcode} is written as the manual prints it, its mandatory prefix first: {@code
 * 0x01}, {@code 0x0FAF}, {@code 0x660F3800}. A {@code width} is the operand size in bits, from
 * which the 66 prefix and REX.W follow; 0 means that the instruction has none.
 */
public sealed interface Emitter
        permits Encoder,
                Alu,
                Bits,
                Moves,
                Stack,
                Branches,
                Strings,
                SystemOps,
                StateOps,
                X87,
                Sse,
                Data {
    /** The assembler, for the next call in the chain. */
    Assembler self();

    /** The width of the code segment: 16, 32 or 64. */
    int mode();

    /** The address of the next byte. */
    long here();

    /** Fixes the label here. */
    Assembler bind(Label label);

    /**
     * Appends an opcode without operands, preceded by the operand size prefix or REX.W that {@code
     * width} needs.
     */
    Assembler op(int width, int opcode);

    /** Appends an opcode that 64-bit mode does not have. */
    default Assembler legacy(int width, int opcode) {
        refuseIn64BitMode(opcode);
        return op(width, opcode);
    }

    /** Appends an opcode with a ModRM byte that 64-bit mode does not have. */
    default Assembler legacy(int width, int opcode, Reg reg, Rm rm) {
        refuseIn64BitMode(opcode);
        return op(width, opcode, reg, rm);
    }

    private void refuseIn64BitMode(int opcode) {
        if (mode() == 64) {
            throw new AssemblyException(
                    "opcode " + Integer.toHexString(opcode) + " does not exist in 64-bit mode");
        }
    }

    /** Appends an opcode whose low three bits name the register. */
    Assembler opReg(int width, int opcode, Gpr reg);

    /** Appends an opcode with a ModRM byte. */
    Assembler op(int width, int opcode, Reg reg, Rm rm);

    /** Appends an opcode with a ModRM byte and an immediate of that many bytes. */
    Assembler op(int width, int opcode, Reg reg, Rm rm, int immBytes, long imm);

    /**
     * Appends an opcode with a ModRM byte whose reg field extends the opcode (the manual's {@code
     * /digit}).
     */
    Assembler op(int width, int opcode, int digit, Rm rm);

    /** Appends an opcode with a {@code /digit} and an immediate of that many bytes. */
    Assembler op(int width, int opcode, int digit, Rm rm, int immBytes, long imm);

    /**
     * Appends a VEX-encoded instruction; the prefix and the map of {@code opcode} become the fields
     * pp and mmmmm.
     *
     * @param w VEX.W
     * @param length VEX.L: 0 for 128 bits or scalar, 1 for 256
     * @param vvvv the additional register operand, or null
     */
    Assembler vex(boolean w, int length, int opcode, Reg reg, Reg vvvv, Rm rm);

    /** A VEX-encoded instruction with an immediate of that many bytes. */
    Assembler vex(
            boolean w, int length, int opcode, Reg reg, Reg vvvv, Rm rm, int immBytes, long imm);

    /** A VEX-encoded instruction with a {@code /digit} in place of the register. */
    Assembler vex(boolean w, int length, int opcode, int digit, Reg vvvv, Rm rm);

    /** Appends an immediate, lowest byte first. */
    Assembler imm(int bytes, long value);

    /** Appends a label's address as an immediate. */
    Assembler imm(int bytes, Label label);

    /** Appends a field for the distance from its end to the label. */
    Assembler rel(int bytes, Label label);

    /** Appends so many bytes of one value. */
    Assembler fill(long count, int value);

    /**
     * Whether a branch of that many bytes, a one-byte displacement included, can go to the label:
     * only if it is bound and near enough.
     */
    default boolean reachesShort(Label label, int length) {
        return label.isBound() && Values.fitsSigned(label.address() - (here() + length), 8);
    }
}
