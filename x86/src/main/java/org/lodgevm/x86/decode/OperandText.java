package org.lodgevm.x86.decode;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.OperandType;
import org.lodgevm.x86.isa.Row;

/** The operands' part of a {@link Disassembler}'s line. */
final class OperandText {
    static final int RBX = 3;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int ES = 0;
    private static final int DS = 3;

    private static final String[] LOW_BYTES = {
        "al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil",
        "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"
    };
    private static final String[] HIGH_BYTES = {"ah", "ch", "dh", "bh"};
    private static final String[] WORDS = {
        "ax", "cx", "dx", "bx", "sp", "bp", "si", "di",
        "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"
    };
    private static final String[] DOUBLEWORDS = {
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi",
        "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"
    };
    private static final String[] QUADWORDS = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
        "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
    };
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};

    private OperandText() {}

    static void append(Instruction instruction, int position, long rip, StringBuilder text) {
        Operand operand = instruction.row().operand(position);
        if (instruction.isMemory(position)) {
            appendSize(instruction, position, text);
            appendAddress(instruction, text);
            return;
        }
        int register = instruction.register(position);
        int width = instruction.width(position);
        switch (operand.method()) {
            case A -> {
                appendHex(instruction.imm2(), text);
                text.append(':');
                appendHex(instruction.imm(), text);
            }
            case B, E, G, R, Z, GENERAL -> text.append(general(instruction, register, width));
            case C -> text.append("cr").append(register);
            case D -> text.append("dr").append(register);
            case I -> appendHex(immediate(instruction, position), text);
            case J -> appendHex(branchTarget(instruction, rip), text);
            case H, L, U, V, W, VECTOR -> text.append(width == 32 ? "ymm" : "xmm").append(register);
            case N, P, Q -> text.append("mm").append(register);
            case S, SEGMENT -> text.append(SEGMENTS[register]);
            case X -> appendImplicitMemory(instruction, width, RSI, instruction.segment(), text);
            case Y -> appendImplicitMemory(instruction, width, RDI, ES, text);
            case ST -> text.append("st");
            case STI -> text.append("st(").append(register).append(')');
            case CONSTANT -> text.append(operand.fixed());
            case M, O -> throw new IllegalStateException(instruction.row().toString());
        }
    }

    /** Memory that the opcode implies, such as that at ES:rDI. */
    static void appendImplicitMemory(
            Instruction instruction, int width, int base, int segment, StringBuilder text) {
        text.append(sizeName(width)).append(" PTR ").append(SEGMENTS[segment]).append(":[");
        text.append(address(instruction, base)).append(']');
    }

    static long ripTarget(Instruction instruction, long rip) {
        long target = rip + instruction.length() + instruction.disp();
        return instruction.addrSize() == 8 ? target : target & 0xFFFF_FFFFL;
    }

    private static long branchTarget(Instruction instruction, long rip) {
        long target = rip + instruction.length() + instruction.imm();
        return truncate(target, instruction.opSize());
    }

    private static long immediate(Instruction instruction, int position) {
        Row row = instruction.row();
        if (row.operand(position) == row.secondImmediate()) {
            return instruction.imm2();
        }
        boolean extended = row.operand(position) != Operand.Ib && row.operand(position) != Operand.Iw;
        return extended ? truncate(instruction.imm(), instruction.opSize()) : instruction.imm();
    }

    private static long truncate(long value, int size) {
        return size == 8 ? value : value & (1L << size * 8) - 1;
    }

    private static String general(Instruction instruction, int register, int width) {
        return switch (width) {
            case 1 ->
                    instruction.isHighByte(register) ? HIGH_BYTES[register - 4] : LOW_BYTES[register];
            case 2 -> WORDS[register];
            case 4 -> DOUBLEWORDS[register];
            default -> QUADWORDS[register];
        };
    }

    private static String address(Instruction instruction, int register) {
        return switch (instruction.addrSize()) {
            case 2 -> WORDS[register];
            case 4 -> DOUBLEWORDS[register];
            default -> QUADWORDS[register];
        };
    }

    private static String index(Instruction instruction, int register) {
        Row row = instruction.row();
        if (!row.hasVectorIndex()) {
            return address(instruction, register);
        }
        return (row.has(Attribute.VSIBX) || instruction.vexL() == 0 ? "xmm" : "ymm") + register;
    }

    private static void appendSize(Instruction instruction, int position, StringBuilder text) {
        Operand operand = instruction.row().operand(position);
        int width = instruction.width(position);
        OperandType type = operand.memoryType();
        boolean structure =
                type == OperandType.S
                        || type == OperandType.ENV
                        || type == OperandType.STATE
                        || type == OperandType.FX;
        if (width == 0 || structure || operand.method() == AddressingMethod.O) {
            return;
        }
        boolean general = width == 16 && !instruction.row().usesVector();
        text.append(general ? "OWORD" : sizeName(width)).append(" PTR ");
    }

    private static String sizeName(int width) {
        return switch (width) {
            case 1 -> "BYTE";
            case 2 -> "WORD";
            case 4 -> "DWORD";
            case 6 -> "FWORD";
            case 8 -> "QWORD";
            case 10 -> "TBYTE";
            case 16 -> "XMMWORD";
            case 32 -> "YMMWORD";
            default -> throw new IllegalArgumentException("no name for " + width + " bytes");
        };
    }

    private static void appendAddress(Instruction instruction, StringBuilder text) {
        int base = instruction.base();
        int index = instruction.index();
        int segment =
                Disassembler.isUntracked(instruction) ? Instruction.NONE : instruction.segmentOverride();
        boolean absolute = base < 0 && index < 0 && !instruction.ripRelative();
        if (absolute || segment >= 0) {
            text.append(SEGMENTS[segment >= 0 ? segment : DS]).append(':');
        }
        if (absolute) {
            appendHex(truncate(instruction.disp(), instruction.addrSize()), text);
            return;
        }
        text.append('[');
        if (instruction.ripRelative()) {
            text.append(instruction.addrSize() == 8 ? "rip" : "eip");
        } else if (base >= 0) {
            text.append(address(instruction, base));
        }
        if (index >= 0) {
            text.append(base >= 0 ? "+" : "").append(index(instruction, index));
            if (instruction.addrSize() > 2) {
                text.append('*').append(1 << instruction.scale());
            }
        }
        if (instruction.ripRelative()) {
            text.append('+');
            appendHex(instruction.disp(), text);
        } else if (instruction.mod() != 0 || base < 0) {
            appendDisplacement(instruction.disp(), text);
        }
        text.append(']');
    }

    private static void appendDisplacement(long disp, StringBuilder text) {
        text.append(disp < 0 ? '-' : '+');
        appendHex(Math.abs(disp), text);
    }

    private static void appendHex(long value, StringBuilder text) {
        text.append("0x").append(Long.toHexString(value));
    }
}
