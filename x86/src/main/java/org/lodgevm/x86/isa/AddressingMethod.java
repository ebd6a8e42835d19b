package org.lodgevm.x86.isa;

/**
 * Where an operand is found: the capital letter of an operand code.
 *
 * @sdm Volume 2, A.2.1 "Codes for Addressing Method"; {@link #Z} and the names without a letter are ours
 */
public enum AddressingMethod {
    /** Direct far pointer in the instruction: an offset, then a selector. */
    A,
    /** General register named by VEX.vvvv. */
    B,
    /** Control register named by ModRM.reg. */
    C,
    /** Debug register named by ModRM.reg. */
    D,
    /** General register or memory, by ModRM.rm. */
    E,
    /** General register named by ModRM.reg. */
    G,
    /** Vector register named by VEX.vvvv. */
    H,
    /** Immediate. */
    I,
    /** Displacement relative to the next instruction. */
    J,
    /** Vector register named by the upper four bits of an immediate byte. */
    L,
    /** Memory only, by ModRM.rm. */
    M,
    /** MMX register named by ModRM.rm. */
    N,
    /** Memory whose whole offset is in the instruction, as wide as an address. */
    O,
    /** MMX register named by ModRM.reg. */
    P,
    /** MMX register or memory, by ModRM.rm. */
    Q,
    /** General register named by ModRM.rm. */
    R,
    /** Segment register named by ModRM.reg. */
    S,
    /** Vector register named by ModRM.rm. */
    U,
    /** Vector register named by ModRM.reg. */
    V,
    /** Vector register or memory, by ModRM.rm. */
    W,
    /** Memory at DS:rSI, where another segment may be chosen. */
    X,
    /** Memory at ES:rDI. */
    Y,
    /** General register named by the low three bits of the opcode. */
    Z,
    /** A general register that the opcode implies. */
    GENERAL,
    /** A segment register that the opcode implies. */
    SEGMENT,
    /** A vector register that the opcode implies. */
    VECTOR,
    /** The x87 stack's top. */
    ST,
    /** x87 stack register named by ModRM.rm. */
    STI,
    /** A constant that the opcode implies. */
    CONSTANT;

    /** Whether a ModRM byte must follow the opcode for this operand. */
    public boolean needsModrm() {
        return switch (this) {
            case C, D, E, G, M, N, P, Q, R, S, U, V, W, STI -> true;
            case A, B, H, I, J, L, O, X, Y, Z, GENERAL, SEGMENT, VECTOR, ST, CONSTANT -> false;
        };
    }

    /** Whether ModRM.rm names this operand, be it register or memory. */
    public boolean isRm() {
        return switch (this) {
            case E, M, N, Q, R, U, W, STI -> true;
            case A, B, C, D, G, H, I, J, L, O, P, S, V, X, Y, Z, GENERAL, SEGMENT, VECTOR, ST, CONSTANT ->
                    false;
        };
    }

    /** Whether ModRM.rm may name a register for this operand. */
    public boolean allowsRegister() {
        return this != M;
    }

    /** Whether ModRM.rm may name memory for this operand. */
    public boolean allowsMemory() {
        return switch (this) {
            case N, R, U, STI -> false;
            default -> true;
        };
    }
}
