package org.lodgevm.x86.isa;

import java.util.List;

/** One form of one instruction: one row of the table. */
public final class Row {
    private static final int WAIT = 0x9B;
    private static final int ESCAPE = 0xD8;

    private final int id;
    private final String operation;
    private final String mnemonic;
    private final int condition;
    private final Encoding encoding;
    private final List<Operand> operands;
    private final List<Access> accesses;
    private final Feature feature;
    private final FlagEffects flags;
    private final Properties properties;
    private final Operand immediate;
    private final Operand secondImmediate;
    private final AddressingMethod regMethod;
    private final boolean usesVvvv;
    /** A bit for each addressing method of an operand. */
    private final long methods;

    Row(
            int id,
            String operation,
            String mnemonic,
            int condition,
            Encoding encoding,
            List<Operand> operands,
            List<Access> accesses,
            Feature feature,
            FlagEffects flags,
            Properties properties) {
        this.id = id;
        this.operation = operation;
        this.mnemonic = mnemonic;
        this.condition = condition;
        this.encoding = encoding;
        this.operands = operands;
        this.accesses = accesses;
        this.feature = feature;
        this.flags = flags;
        this.properties = properties;
        Operand first = null;
        Operand second = null;
        AddressingMethod byReg = null;
        boolean vvvv = false;
        long used = 0;
        for (Operand operand : operands) {
            used |= 1L << operand.method().ordinal();
            switch (operand.method()) {
                case A, I, J, L, O -> {
                    second = first == null ? null : operand;
                    first = first == null ? operand : first;
                }
                case C, D, G, P, S, V -> byReg = operand.method();
                case B, H -> vvvv = true;
                default -> {}
            }
        }
        this.immediate = first;
        this.secondImmediate = second;
        this.regMethod = byReg;
        this.usesVvvv = vvvv;
        this.methods = used;
    }

    /** Place in the table: small, dense, from zero. Not stable from one release to the next. */
    public int id() {
        return id;
    }

    /** Intel's name in capitals; conditional instructions carry their condition: {@code JE}, {@code CMOVBE}. */
    public String mnemonic() {
        return mnemonic;
    }

    /** What the instruction does: the mnemonic, but {@code Jcc}, {@code SETcc} or {@code CMOVcc} for these. */
    public String operation() {
        return operation;
    }

    /** Condition code, 0 (O) to 15 (NLE); -1 for unconditional instructions. */
    public int condition() {
        return condition;
    }

    public Encoding encoding() {
        return encoding;
    }

    /** Explicit operands, the destination first. */
    public List<Operand> operands() {
        return operands;
    }

    /** The operand at {@code index}, counted from zero. */
    public Operand operand(int index) {
        return operands.get(index);
    }

    /** What the instruction does with each of {@link #operands}. */
    public List<Access> accesses() {
        return accesses;
    }

    /** The operand whose value follows the opcode and the address, or null. */
    public Operand immediate() {
        return immediate;
    }

    /** The operand whose value follows {@link #immediate}'s, or null. */
    public Operand secondImmediate() {
        return secondImmediate;
    }

    /** How the operand that ModRM.reg names is addressed; null when none is. */
    public AddressingMethod regMethod() {
        return regMethod;
    }

    /** Whether VEX.vvvv names an operand; where it names none it must be 1111. */
    public boolean usesVvvv() {
        return usesVvvv;
    }

    public Feature feature() {
        return feature;
    }

    public FlagEffects flags() {
        return flags;
    }

    public boolean has(Attribute attribute) {
        return properties.has(attribute);
    }

    /** General registers read beside the operands: bit n for register n. */
    public int registersRead() {
        return properties.registersRead();
    }

    /** General registers written, wholly or in part, beside the operands: bit n for register n. */
    public int registersWritten() {
        return properties.registersWritten();
    }

    /** Whether the x87 registers or environment are used: #NM by CR0.EM and CR0.TS, pending errors are raised. */
    public boolean usesX87() {
        int opcode = encoding.opcode();
        return encoding.map() == 0 && (opcode == WAIT || (opcode & ~7) == ESCAPE);
    }

    /** Whether MMX registers are used. */
    public boolean usesMmx() {
        return uses(AddressingMethod.N) || uses(AddressingMethod.P) || uses(AddressingMethod.Q);
    }

    /** Whether vector registers or MXCSR are used. */
    public boolean usesVector() {
        return has(Attribute.SSE)
                || uses(AddressingMethod.H)
                || uses(AddressingMethod.U)
                || uses(AddressingMethod.V)
                || uses(AddressingMethod.W);
    }

    /** Whether AVX must be there, and enabled, beside {@link #feature}: every instruction on vectors that has a VEX prefix. */
    public boolean usesAvx() {
        return encoding.vex() && usesVector();
    }

    /** Whether the index of the memory operand is a vector register. */
    public boolean hasVectorIndex() {
        return has(Attribute.VSIB) || has(Attribute.VSIBX);
    }

    /**
     * Whether a memory operand must be aligned to its width, else #GP(0): 16-byte operands of legacy SSE, with VEX only those of
     * aligned and non-temporal moves.
     */
    public boolean alignsMemory() {
        return encoding.vex() ? has(Attribute.ALIGNED) : usesVector() && !has(Attribute.UNALIGNED) && has16ByteMemory();
    }

    private boolean has16ByteMemory() {
        for (Operand operand : operands) {
            if (operand.method().isRm() || operand.method() == AddressingMethod.M) {
                return operand.memoryType().width(4, 0) == 16;
            }
        }
        return false;
    }

    private boolean uses(AddressingMethod method) {
        return (methods >>> method.ordinal() & 1) != 0;
    }

    @Override
    public String toString() {
        return mnemonic + " " + operands;
    }
}
