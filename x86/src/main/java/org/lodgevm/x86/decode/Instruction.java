package org.lodgevm.x86.decode;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;

/**
 * A decoded instruction. {@link Decoder} fills it and may be given the same object again; all else only reads it.
 *
 * <p>Registers are numbered as they are encoded, 0 (rAX) to 15 (R15); segment registers are ES, CS, SS, DS, FS, GS. Sizes are in
 * bytes.
 */
public final class Instruction {
    /** The most bytes an instruction can have. */
    public static final int MAX_LENGTH = 15;

    /** For {@link #base}, {@link #index} and {@link #segmentOverride}: there is none. */
    public static final int NONE = -1;

    private static final int REGISTER_MASK = 7;

    Row row;
    CodeSize codeSize;
    int length;
    int opSize;
    int addrSize;
    int segmentOverride;
    int defaultSegment;
    int opcode;
    int rex;
    int mod;
    int reg;
    int rm;
    boolean memory;
    boolean ripRelative;
    int base;
    int index;
    int scale;
    long disp;
    long imm;
    int imm2;
    boolean lock;
    boolean rep;
    boolean repne;
    boolean operandPrefix;

    /** Whether the last segment prefix is 3E, which asks an indirect branch not to be tracked. */
    boolean dsPrefix;

    int vvvv;
    int vexL;

    public Row row() {
        return row;
    }

    public CodeSize codeSize() {
        return codeSize;
    }

    public int length() {
        return length;
    }

    /** Effective operand size: 2, 4 or 8, whether or not the operands follow it. */
    public int opSize() {
        return opSize;
    }

    /** Effective address size: 2, 4 or 8; addresses wrap there before the segment base is added. */
    public int addrSize() {
        return addrSize;
    }

    /**
     * Segment of the memory operand, or of DS:rSI in a string instruction: the override where there is one, else SS for addresses
     * based on rBP or rSP, else DS. In 64-bit mode only FS and GS override; SS then still tells #SS from #GP.
     */
    public int segment() {
        return segmentOverride >= 0 ? segmentOverride : defaultSegment;
    }

    /** Segment that a prefix chose, or {@link #NONE}. */
    public int segmentOverride() {
        return segmentOverride;
    }

    /** The opcode's last byte. */
    public int opcode() {
        return opcode;
    }

    /** ModRM.mod. */
    public int mod() {
        return mod;
    }

    /** ModRM.reg with its REX or VEX extension. */
    public int reg() {
        return reg;
    }

    /** ModRM.rm, or the register in the opcode, with its REX or VEX extension. */
    public int rm() {
        return rm;
    }

    /** Whether ModRM.rm, or a moffs, addresses memory. String and stack operands do not count. */
    public boolean isMemory() {
        return memory;
    }

    /** Whether the address counts from the next instruction. */
    public boolean ripRelative() {
        return ripRelative;
    }

    /** Base register, or {@link #NONE}. The pairs of 16-bit addressing have BX or BP as base, SI or DI as index. */
    public int base() {
        return base;
    }

    /** Index register, or {@link #NONE}; a vector register where the row {@linkplain Row#hasVectorIndex says so}. */
    public int index() {
        return index;
    }

    /** By how many bits the index is shifted to the left: 0 to 3. */
    public int scale() {
        return scale;
    }

    /** Displacement, sign-extended; the whole offset, zero-extended, of a moffs. */
    public long disp() {
        return disp;
    }

    /** Immediate or branch displacement: sign-extended but for Ib, Iw and the offset of a far pointer. */
    public long imm() {
        return imm;
    }

    /** Second immediate: the nesting level of ENTER, the selector of a far pointer. */
    public int imm2() {
        return imm2;
    }

    public boolean lock() {
        return lock;
    }

    /** Whether F3 is the last of the F3 and F2 prefixes, be it as REP, as part of the opcode or without meaning. */
    public boolean rep() {
        return rep;
    }

    /** Whether F2 is the last of the F3 and F2 prefixes. */
    public boolean repne() {
        return repne;
    }

    public boolean rexPresent() {
        return rex != 0;
    }

    /** Register in VEX.vvvv. */
    public int vvvv() {
        return vvvv;
    }

    /** VEX.L: 1 for 256-bit vectors. */
    public int vexL() {
        return vexL;
    }

    /** Whether a byte operand in register {@code number} is AH, CH, DH or BH rather than the low byte of that register. */
    public boolean isHighByte(int number) {
        return rex == 0 && number >= 4 && number <= REGISTER_MASK;
    }

    /** Whether the operand at {@code position} is in memory addressed by ModRM.rm or a moffs. */
    public boolean isMemory(int position) {
        AddressingMethod method = row.operand(position).method();
        return memory && (method.isRm() || method == AddressingMethod.O);
    }

    /** Width in bytes of the operand at {@code position}; zero where only the instruction knows. */
    public int width(int position) {
        Operand operand = row.operand(position);
        return (isMemory(position) ? operand.memoryType() : operand.type()).width(opSize, vexL);
    }

    /** Number of the register that is the operand at {@code position}; {@link #NONE} when it is no register. */
    public int register(int position) {
        Operand operand = row.operand(position);
        return switch (operand.method()) {
            case B, H -> vvvv;
            case C, D, G, V -> reg;
            case P, S -> reg & REGISTER_MASK;
            case E, R, U, W -> memory ? NONE : rm;
            case N, Q -> memory ? NONE : rm & REGISTER_MASK;
            case STI -> rm & REGISTER_MASK;
            case Z -> rm;
            case L -> (int) imm >> 4 & (codeSize.is64() ? 15 : REGISTER_MASK);
            case GENERAL, SEGMENT, VECTOR, ST -> operand.fixed();
            case A, I, J, M, O, X, Y, CONSTANT -> NONE;
        };
    }
}
