package org.lodgevm.x86.asm;

/**
 * Prefixes, ModRM, SIB, displacements.
 *
 * @sdm vol. 2, 2.1 and 2.2
 */
abstract sealed class Encoder implements Emitter permits Assembler {
    private static final int OPERAND_SIZE = 0x66;
    private static final int ADDRESS_SIZE = 0x67;
    private static final int[] SEGMENT_OVERRIDES = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};
    private static final int REX = 0x40;
    private static final int REX_W = 8;
    private static final int REX_R = 4;
    private static final int REX_X = 2;
    private static final int REX_B = 1;

    final CodeBuffer code;
    private int mode = 64;

    Encoder(long origin) {
        code = new CodeBuffer(origin);
    }

    final void setMode(int bits) {
        mode = bits;
    }

    @Override
    public final int mode() {
        return mode;
    }

    @Override
    public final long here() {
        return code.here();
    }

    @Override
    public final Assembler bind(Label label) {
        code.bind(label);
        return self();
    }

    @Override
    public final Assembler op(int width, int opcode) {
        operandSize(width);
        prefixedOpcode(opcode, width == 64 ? REX | REX_W : 0);
        return self();
    }

    @Override
    public final Assembler opReg(int width, int opcode, Gpr reg) {
        operandSize(width);
        int bits = (width == 64 ? REX_W : 0) | (reg.number() > 7 ? REX_B : 0);
        prefixedOpcode(opcode | reg.number() & 7, rex(bits, needsRex(reg), reg.isHighByte()));
        return self();
    }

    @Override
    public final Assembler op(int width, int opcode, Reg reg, Rm rm) {
        return op(width, opcode, reg, rm, 0, 0);
    }

    @Override
    public final Assembler op(int width, int opcode, Reg reg, Rm rm, int immBytes, long imm) {
        return op(width, opcode, reg.number(), needsRex(reg), isHighByte(reg), rm, immBytes, imm);
    }

    @Override
    public final Assembler op(int width, int opcode, int digit, Rm rm) {
        return op(width, opcode, digit, rm, 0, 0);
    }

    @Override
    public final Assembler op(int width, int opcode, int digit, Rm rm, int immBytes, long imm) {
        return op(width, opcode, digit, false, false, rm, immBytes, imm);
    }

    private Assembler op(
            int width,
            int opcode,
            int reg,
            boolean needsRex,
            boolean high,
            Rm rm,
            int immBytes,
            long imm) {
        addressPrefixes(rm);
        operandSize(width);
        int bits = (width == 64 ? REX_W : 0) | (reg > 7 ? REX_R : 0) | indexAndBase(rm);
        prefixedOpcode(opcode, rex(bits, needsRex || needsRex(rm), high || isHighByte(rm)));
        ModRm.append(code, mode, reg & 7, rm, immBytes);
        code.append(imm, immBytes);
        return self();
    }

    @Override
    public final Assembler vex(boolean w, int length, int opcode, Reg reg, Reg vvvv, Rm rm) {
        return vex(w, length, opcode, reg, vvvv, rm, 0, 0);
    }

    @Override
    public final Assembler vex(
            boolean w, int length, int opcode, Reg reg, Reg vvvv, Rm rm, int immBytes, long imm) {
        return vex(w, length, opcode, reg.number(), vvvv, rm, immBytes, imm);
    }

    @Override
    public final Assembler vex(boolean w, int length, int opcode, int digit, Reg vvvv, Rm rm) {
        return vex(w, length, opcode, digit, vvvv, rm, 0, 0);
    }

    private Assembler vex(
            boolean w, int length, int opcode, int reg, Reg vvvv, Rm rm, int immBytes, long imm) {
        addressPrefixes(rm);
        if (mode != 64 && (w || reg > 7 || isExtended(vvvv) || indexAndBase(rm) != 0)) {
            throw new AssemblyException(
                    "64-bit operands and registers beyond the eighth need 64-bit mode");
        }
        int rxb = (reg > 7 ? REX_R : 0) | indexAndBase(rm);
        Vex.append(code, w, length, opcode, rxb, vvvv == null ? 0 : vvvv.number());
        ModRm.append(code, mode, reg & 7, rm, immBytes);
        code.append(imm, immBytes);
        return self();
    }

    @Override
    public final Assembler imm(int bytes, long value) {
        code.append(Values.check(value, 8 * bytes), bytes);
        return self();
    }

    @Override
    public final Assembler imm(int bytes, Label label) {
        code.absolute(label, 0, bytes);
        return self();
    }

    @Override
    public final Assembler rel(int bytes, Label label) {
        code.relative(label, 0, bytes, 0);
        return self();
    }

    @Override
    public final Assembler fill(long count, int value) {
        code.fill(value, count);
        return self();
    }

    private void operandSize(int width) {
        if (width == 64 && mode != 64) {
            throw new AssemblyException("64-bit operands need 64-bit mode");
        }
        if (width != 0 && (width < 8 || width > 64 || Integer.bitCount(width) != 1)) {
            throw new AssemblyException("no operand has " + width + " bits");
        }
        boolean other = mode == 16 ? width == 32 : width == 16;
        if (other) {
            code.append(OPERAND_SIZE, 1);
        }
    }

    private void addressPrefixes(Rm rm) {
        if (rm instanceof Mem at) {
            if (at.segment() != null) {
                code.append(SEGMENT_OVERRIDES[at.segment().number()], 1);
            }
            int bits = at.addressBits();
            if (bits != 0 && bits != mode) {
                if (bits == 8 || bits == 64 || bits == 16 && mode == 64) {
                    throw new AssemblyException(
                            bits + "-bit addresses do not exist in " + mode + "-bit mode");
                }
                code.append(ADDRESS_SIZE, 1);
            }
        }
    }

    /**
     * Appends the opcode, most significant byte first, with REX between the mandatory prefix and
     * the rest.
     */
    private void prefixedOpcode(int opcode, int rex) {
        int bytes = opcodeBytes(opcode);
        int first = opcode >>> 8 * (bytes - 1);
        if (bytes > 1 && (first == 0x66 || first == 0xF2 || first == 0xF3)) {
            code.append(first, 1);
            bytes--;
        }
        if (rex != 0) {
            code.append(rex, 1);
        }
        for (int i = bytes - 1; i >= 0; i--) {
            code.append(opcode >>> 8 * i, 1);
        }
    }

    private static int opcodeBytes(int opcode) {
        return opcode == 0 ? 1 : 4 - Integer.numberOfLeadingZeros(opcode) / 8;
    }

    private int rex(int bits, boolean needed, boolean impossible) {
        if (bits == 0 && !needed) {
            return 0;
        }
        if (mode != 64) {
            throw new AssemblyException("a register that needs REX, outside 64-bit mode");
        }
        if (impossible) {
            throw new AssemblyException("AH, CH, DH and BH cannot be named together with REX");
        }
        return REX | bits;
    }

    private static int indexAndBase(Rm rm) {
        return switch (rm) {
            case Mem at ->
                    (isExtended(at.index()) ? REX_X : 0) | (isExtended(at.base()) ? REX_B : 0);
            case Reg reg -> isExtended(reg) ? REX_B : 0;
        };
    }

    private static boolean isExtended(Reg reg) {
        return reg != null && reg.number() > 7;
    }

    private static boolean needsRex(Object operand) {
        return operand instanceof Gpr reg && reg.isUniformByte();
    }

    private static boolean isHighByte(Object operand) {
        return operand instanceof Gpr reg && reg.isHighByte();
    }
}
