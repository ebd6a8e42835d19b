package org.lodgevm.x86.decode;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.MandatoryPrefix;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;

/**
 * Decodes instructions as Intel's processors do, looking opcodes up in the table. A decoder serves one thread.
 *
 * <p>What can be judged from the bytes alone is judged here, LOCK and register numbers included; what depends on mode, privilege or
 * CPUID is left to the executor, which finds it in {@link Instruction#row}.
 *
 * @sdm Volume 2, chapter 2
 */
public final class Decoder {
    private static final OpcodeMaps MAPS = new OpcodeMaps(InstructionTable.rows());

    private static final int REX = 0x40;
    private static final int REX_W = 8;
    private static final int REX_R = 4;
    private static final int REX_X = 2;
    private static final int REX_B = 1;

    private static final int ESCAPE = 0x0F;
    private static final int ESCAPE_38 = 0x38;
    private static final int ESCAPE_3A = 0x3A;
    private static final int NOP = 0x90;
    private static final int VEX3 = 0xC4;
    private static final int VEX2 = 0xC5;
    private static final int VVVV = 15 << 3;

    /** The least ModRM byte that names a register. */
    private static final int REGISTER_FORMS = 0xC0;

    private static final int CS = 1;
    private static final int DS = 3;
    private static final int FS = 4;
    private static final int LAST_SEGMENT = 5;

    /** CR0, CR2, CR3, CR4 and CR8. */
    private static final int CONTROL_REGISTERS = 0b1_0001_1101;

    private static final int DEBUG_REGISTERS = 8;

    private final CodeBytes bytes = new CodeBytes();
    private boolean mode64;
    /** VEX.vvvv is not 1111: outside of 64-bit mode, too, all four bits count for that, though three name a register. */
    private boolean namesVvvv;

    private int map;
    private int column;

    /**
     * Decodes the instruction that starts at {@code code[offset]}.
     *
     * @param available how many bytes from there on may be looked at; 15 always suffice
     * @param out gets the instruction; its content is undefined when the outcome is not {@link Outcome#DECODED}
     */
    public Outcome decode(byte[] code, int offset, int available, CodeSize size, Instruction out) {
        int count = Math.min(available, Instruction.MAX_LENGTH);
        bytes.load(code, offset, count);
        boolean defined = decode(size, out);
        int length = bytes.position();
        if (bytes.examined() > count) {
            return count == Instruction.MAX_LENGTH ? Outcome.TOO_LONG : Outcome.TRUNCATED;
        }
        out.length = length;
        return defined ? Outcome.DECODED : Outcome.UNDEFINED;
    }

    /** Decodes as if bytes without end were there; false for an undefined instruction. */
    private boolean decode(CodeSize size, Instruction out) {
        mode64 = size.is64();
        out.codeSize = size;
        out.addrSize = size.addressSize();
        out.vvvv = 0;
        out.vexL = 0;
        int first = prefixes(out);
        if ((first == VEX3 || first == VEX2) && (mode64 || bytes.peek() >= REGISTER_FORMS)) {
            return vexPrefix(first, out) && opcode(out, OpcodeMaps.VEX + out.vexL, bytes.unsignedByte());
        }
        column = out.rep ? 2 : out.repne ? 3 : out.operandPrefix ? 1 : 0;
        return opcode(out, OpcodeMaps.LEGACY, first == ESCAPE ? escapedOpcode() : plainOpcode(first));
    }

    /** Reads the prefixes and the byte that follows them, which it returns. */
    private int prefixes(Instruction out) {
        out.rex = 0;
        out.lock = false;
        out.rep = false;
        out.repne = false;
        out.operandPrefix = false;
        out.dsPrefix = false;
        out.segmentOverride = Instruction.NONE;
        while (true) {
            int b = bytes.unsignedByte();
            if (mode64 && (b & 0xF0) == REX) {
                out.rex = b;
            } else if (!Prefixes.isPrefix(b)) {
                return b;
            } else {
                // A REX prefix counts only directly before the opcode.
                out.rex = 0;
                prefix(b, out);
            }
            if (bytes.position() > Instruction.MAX_LENGTH) {
                return b;
            }
        }
    }

    private void prefix(int b, Instruction out) {
        switch (b) {
            case Prefixes.OPERAND_SIZE -> out.operandPrefix = true;
            case Prefixes.ADDRESS_SIZE -> out.addrSize = out.codeSize.otherAddressSize();
            case Prefixes.LOCK -> out.lock = true;
            case Prefixes.REP -> {
                out.rep = true;
                out.repne = false;
            }
            case Prefixes.REPNE -> {
                out.repne = true;
                out.rep = false;
            }
            default -> {
                int segment = Prefixes.segment(b);
                out.dsPrefix = segment == DS;
                if (!mode64 || segment >= FS) {
                    out.segmentOverride = segment;
                }
            }
        }
    }

    private int plainOpcode(int opcode) {
        map = 0;
        return opcode;
    }

    private int escapedOpcode() {
        int opcode = bytes.unsignedByte();
        map = opcode == ESCAPE_38 ? 2 : opcode == ESCAPE_3A ? 3 : 1;
        return map == 1 ? opcode : bytes.unsignedByte();
    }

    /** Reads a VEX prefix, whose first byte has been read; false when it makes the instruction undefined. */
    private boolean vexPrefix(int first, Instruction out) {
        if (out.rex != 0 || out.operandPrefix || out.rep || out.repne || out.lock) {
            return false;
        }
        int second = bytes.signedByte();
        int last = second;
        int rex = 0;
        map = 1;
        if (first == VEX3) {
            map = second & 0x1F;
            last = bytes.signedByte();
            rex = (last < 0 ? REX_W : 0) | ~second >> 5 & (REX_X | REX_B);
        }
        rex |= second < 0 ? 0 : REX_R;
        // Outside of 64-bit mode B is ignored and W is part of the opcode at most; R and X are 0 there, or this were LES or LDS.
        out.rex = REX | (mode64 ? rex : rex & REX_W);
        namesVvvv = (~last & VVVV) != 0;
        out.vvvv = ~last >> 3 & (mode64 ? 15 : 7);
        out.vexL = last >> 2 & 1;
        column = last & 3;
        return map >= 1 && map <= 3;
    }

    private boolean opcode(Instruction out, int space, int opcode) {
        out.opcode = opcode;
        int rex = out.rex;
        OpcodeMaps.Page page = MAPS.page(space, mode64, rex >> 3 & 1, map, column);
        if (page == null) {
            return false;
        }
        // XCHG R8,rAX is not NOP: the only opcode that a bit of REX other than W distinguishes.
        int entry = opcode == NOP && map == 0 && (rex & REX_B) != 0 ? opcode + 1 : opcode;
        Row row = page.rows[entry];
        if (row == null) {
            Row[] group = page.groups[entry];
            if (group == null) {
                return false;
            }
            row = group[OpcodeMaps.modrmEntry(bytes.peek())];
            if (row == null) {
                bytes.unsignedByte();
                return false;
            }
        }
        operands(out, row);
        return isDefined(out, row);
    }

    private void operands(Instruction out, Row row) {
        out.row = row;
        out.opSize = operandSize(out, row);
        out.memory = false;
        out.ripRelative = false;
        out.base = Instruction.NONE;
        out.index = Instruction.NONE;
        out.scale = 0;
        out.disp = 0;
        out.defaultSegment = DS;
        out.mod = 0;
        out.reg = 0;
        out.rm = out.opcode & 7 | (out.rex & REX_B) << 3;
        if (row.encoding().hasModrm()) {
            Modrm.read(bytes, out, row);
        }
        out.imm = 0;
        out.imm2 = 0;
        if (row.immediate() != null) {
            immediates(out, row);
        }
    }

    /** Effective operand size. Like Intel's processors, and unlike AMD's, near branches ignore 66 in 64-bit mode. */
    private int operandSize(Instruction out, Row row) {
        boolean other = out.operandPrefix && row.encoding().prefix() != MandatoryPrefix.P66;
        if (mode64) {
            if ((out.rex & REX_W) != 0 || row.has(Attribute.F64)) {
                return 8;
            }
            return other ? 2 : row.has(Attribute.D64) ? 8 : 4;
        }
        return row.encoding().vex() || other == (out.codeSize == CodeSize.BITS_16) ? 4 : 2;
    }

    private void immediates(Instruction out, Row row) {
        Operand operand = row.immediate();
        switch (operand.method()) {
            case A -> {
                out.imm = out.opSize == 2 ? bytes.unsignedWord() : bytes.unsignedDoubleword();
                out.imm2 = bytes.unsignedWord();
            }
            case O -> {
                out.memory = true;
                out.disp = wholeOffset(out.addrSize);
            }
            case L -> out.imm = bytes.unsignedByte();
            default -> out.imm = immediate(operand, operand.type().width(out.opSize, 0));
        }
        if (row.secondImmediate() != null) {
            out.imm2 = bytes.unsignedByte();
        }
    }

    private long immediate(Operand operand, int width) {
        return switch (width) {
            case 1 -> operand == Operand.Ib ? bytes.unsignedByte() : bytes.signedByte();
            case 2 -> operand == Operand.Iw ? bytes.unsignedWord() : bytes.word();
            case 4 -> bytes.doubleword();
            default -> bytes.quadword();
        };
    }

    private long wholeOffset(int addrSize) {
        return switch (addrSize) {
            case 2 -> bytes.unsignedWord();
            case 4 -> bytes.unsignedDoubleword();
            default -> bytes.quadword();
        };
    }

    /** Whether the operands exist, and LOCK is where it is allowed. */
    private boolean isDefined(Instruction out, Row row) {
        if (out.lock && !(out.memory && row.has(Attribute.LOCK))) {
            return false;
        }
        AddressingMethod method = row.regMethod();
        if (method == AddressingMethod.S) {
            int segment = out.reg & 7;
            boolean loads = row.operand(0) == Operand.Sw;
            return segment <= LAST_SEGMENT && !(loads && segment == CS);
        }
        if (method == AddressingMethod.C) {
            return (CONTROL_REGISTERS >> out.reg & 1) != 0;
        }
        if (method == AddressingMethod.D) {
            return out.reg < DEBUG_REGISTERS;
        }
        return !row.encoding().vex() || (row.usesVvvv() || !namesVvvv) && (!row.hasVectorIndex() || isGather(out));
    }

    /** Whether there is a vector of indices, and neither it nor the mask is the destination, nor the one the other. */
    private static boolean isGather(Instruction out) {
        boolean indexed = out.addrSize > 2 && out.index >= 0;
        return indexed && out.reg != out.vvvv && out.reg != out.index && out.vvvv != out.index;
    }
}
