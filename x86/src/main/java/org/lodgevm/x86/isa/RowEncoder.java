package org.lodgevm.x86.isa;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Writes the bytes of an instruction, given its row and operands: the inverse of decoding. Made for tests that enumerate the table.
 *
 * <p>What is not set is zero: registers 0, memory at [rAX] where only memory is allowed, immediates 0. A REX prefix is written where
 * the operands need one.
 */
public final class RowEncoder {
    private static final int OPERAND_SIZE = 0x66;
    private static final int ADDRESS_SIZE = 0x67;
    private static final int LOCK = 0xF0;
    private static final int REX = 0x40;
    private static final int[] SEGMENT = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};

    private final Row row;
    private final CodeSize mode;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(16);
    private int opSize;
    private int addrSize;
    private int reg;
    private int rm;
    private int vvvv;
    private int vexL;
    private Address memory;
    private long immediate;
    private int secondImmediate;
    private int segment = -1;
    private int repeat;
    private boolean lock;
    private boolean rex;

    /**
     * Starts an instruction.
     *
     * @throws IllegalArgumentException when the row does not exist in that mode
     */
    public RowEncoder(Row row, CodeSize mode) {
        this.row = row;
        this.mode = mode;
        int[] sizes = operandSizes(row, mode);
        if (sizes.length == 0) {
            throw new IllegalArgumentException(row + " does not exist in " + mode);
        }
        this.opSize = sizes[0];
        this.addrSize = row.hasVectorIndex() ? Math.max(mode.addressSize(), 4) : mode.addressSize();
        if (!row.encoding().forms().allowsRegister() && row.encoding().hasModrm()) {
            memory = row.hasVectorIndex() ? new Address(0, 1, 0, 0) : Address.of(addrSize == 2 ? ModrmWriter.BX : 0);
        }
        this.vexL = Math.max(row.encoding().l(), 0);
    }

    /** Operand sizes in bytes that can be encoded and make a difference, the default first; none where the mode lacks the row. */
    public static int[] operandSizes(Row row, CodeSize mode) {
        if (row.has(mode.is64() ? Attribute.I64 : Attribute.O64)) {
            return new int[0];
        }
        int standard = standardSize(row, mode);
        int w = row.encoding().w();
        if (row.encoding().vex()) {
            return mode.is64() && w < 0 ? new int[] {4, 8} : new int[] {mode.is64() && w == 1 ? 8 : 4};
        }
        if (w == 1) {
            return mode.is64() ? new int[] {8} : new int[0];
        }
        if (!followsOperandSize(row) || mode.is64() && row.has(Attribute.F64)) {
            return new int[] {standard};
        }
        boolean prefix = row.encoding().prefix() != MandatoryPrefix.NP && row.encoding().prefix() != MandatoryPrefix.P66;
        IntStream others =
                IntStream.of(prefix ? otherSize(mode) : standard, mode.is64() && w < 0 ? 8 : standard);
        return IntStream.concat(IntStream.of(standard), others).distinct().toArray();
    }

    private static int standardSize(Row row, CodeSize mode) {
        boolean wide = row.has(Attribute.D64) || row.has(Attribute.F64);
        return mode.is64() && wide ? 8 : mode.operandSize();
    }

    /** The size that prefix 66 selects. */
    private static int otherSize(CodeSize mode) {
        return mode == CodeSize.BITS_16 ? 4 : 2;
    }

    private static boolean followsOperandSize(Row row) {
        if (row.operands().isEmpty() || row.has(Attribute.D64)) {
            return true;
        }
        for (Operand operand : row.operands()) {
            OperandType type = operand.type();
            if (type.followsOperandSize() || type == OperandType.NONE || type == OperandType.FX) {
                return true;
            }
        }
        return false;
    }

    /** Sets the operand size, one of {@link #operandSizes}. */
    public RowEncoder opSize(int size) {
        if (Arrays.stream(operandSizes(row, mode)).noneMatch(s -> s == size)) {
            throw new IllegalArgumentException(row + " has no operand size of " + size + " bytes in " + mode);
        }
        this.opSize = size;
        return this;
    }

    /** Sets the address size: 2, 4 or 8 bytes, as far as the mode has it. */
    public RowEncoder addrSize(int size) {
        if (size != mode.addressSize() && size != mode.otherAddressSize()) {
            throw new IllegalArgumentException("no address size of " + size + " bytes in " + mode);
        }
        this.addrSize = size;
        return this;
    }

    /** Sets the register that ModRM.reg names. */
    public RowEncoder reg(int register) {
        this.reg = register;
        return this;
    }

    /** Sets the register that ModRM.rm, or the opcode, names. */
    public RowEncoder rm(int register) {
        this.rm = register;
        this.memory = null;
        return this;
    }

    /** Sets the memory operand that ModRM.rm, or the offset in the instruction, addresses. */
    public RowEncoder memory(Address address) {
        this.memory = address;
        return this;
    }

    /** Sets the register that VEX.vvvv names. */
    public RowEncoder vvvv(int register) {
        this.vvvv = register;
        return this;
    }

    /** Sets VEX.L, where the row leaves it open: 1 for vectors of 32 bytes. */
    public RowEncoder vexL(int length) {
        this.vexL = row.encoding().l() < 0 ? length : row.encoding().l();
        return this;
    }

    public RowEncoder immediate(long value) {
        this.immediate = value;
        return this;
    }

    /** Sets the nesting level of ENTER or the selector of a far pointer. */
    public RowEncoder secondImmediate(int value) {
        this.secondImmediate = value;
        return this;
    }

    /** Adds the prefix for a segment register. */
    public RowEncoder segment(int register) {
        this.segment = register;
        return this;
    }

    /** Adds LOCK. */
    public RowEncoder lock() {
        this.lock = true;
        return this;
    }

    /** Adds F3 or F2. */
    public RowEncoder repeat(int prefix) {
        this.repeat = prefix;
        return this;
    }

    /** Adds a REX prefix even if no operand needs it, so that byte registers 4 to 7 are SPL, BPL, SIL and DIL. */
    public RowEncoder rex() {
        this.rex = true;
        return this;
    }

    /** The instruction's bytes. */
    public byte[] encode() {
        out.reset();
        prefixes();
        if (row.encoding().vex()) {
            vex();
        } else {
            legacy();
        }
        if (row.encoding().hasModrm()) {
            ModrmWriter modrm = new ModrmWriter(out, addrSize, mode.is64(), row.hasVectorIndex());
            modrm.write(regField(), memory == null ? 3 : 0, rmField(), memory);
        }
        immediates();
        return out.toByteArray();
    }

    private void prefixes() {
        if (segment >= 0) {
            out.write(SEGMENT[segment]);
        }
        if (addrSize != mode.addressSize()) {
            out.write(ADDRESS_SIZE);
        }
        if (lock) {
            out.write(LOCK);
        }
        if (repeat != 0) {
            out.write(repeat);
        }
        boolean mandatory = row.encoding().prefix() == MandatoryPrefix.P66;
        boolean selects = opSize == otherSize(mode) && otherSize(mode) != standardSize(row, mode);
        if (!row.encoding().vex() && (mandatory || selects)) {
            out.write(OPERAND_SIZE);
        }
    }

    private void legacy() {
        Encoding encoding = row.encoding();
        switch (encoding.prefix()) {
            case PF3 -> out.write(0xF3);
            case PF2 -> out.write(0xF2);
            default -> {}
        }
        int bits = extensions() | (needsW() ? 8 : 0);
        if (rex || bits != 0) {
            out.write(REX | bits);
        }
        if (encoding.map() > 0) {
            out.write(0x0F);
        }
        if (encoding.map() > 1) {
            out.write(encoding.map() == 2 ? 0x38 : 0x3A);
        }
        out.write(encoding.opcode() | (encoding.registerInOpcode() ? rm & 7 : 0));
    }

    private void vex() {
        Encoding encoding = row.encoding();
        int pp =
                switch (encoding.prefix()) {
                    case P66 -> 1;
                    case PF3 -> 2;
                    case PF2 -> 3;
                    default -> 0;
                };
        int w = encoding.w() == 1 || needsW() ? 1 : 0;
        out.write(0xC4);
        out.write(~extensions() << 5 & 0xE0 | encoding.map());
        out.write(w << 7 | (~vvvv & 15) << 3 | vexL << 2 | pp);
        out.write(encoding.opcode());
    }

    private boolean needsW() {
        return opSize == 8 && standardSize(row, mode) != 8;
    }

    /** The bits R, X and B of REX. */
    private int extensions() {
        int r = row.regMethod() != null && reg > 7 ? 4 : 0;
        if (memory == null) {
            return r | (rm > 7 ? 1 : 0);
        }
        return r | (memory.index() > 7 ? 2 : 0) | (memory.base() > 7 ? 1 : 0);
    }

    private int regField() {
        return row.encoding().reg() >= 0 ? row.encoding().reg() : reg & 7;
    }

    private int rmField() {
        return row.encoding().rm() >= 0 ? row.encoding().rm() : rm & 7;
    }

    private void immediates() {
        Operand operand = row.immediate();
        if (operand == null) {
            return;
        }
        switch (operand.method()) {
            case A -> {
                number(immediate, Math.min(opSize, 4));
                number(secondImmediate, 2);
            }
            case O -> number(memory == null ? 0 : memory.disp(), addrSize);
            case L -> number(immediate, 1);
            default -> number(immediate, operand.type().width(opSize, 0));
        }
        if (row.secondImmediate() != null) {
            number(secondImmediate, 1);
        }
    }

    private void number(long value, int width) {
        ModrmWriter.number(out, value, width);
    }
}
