package org.lodgevm.x86.decode;

import java.util.Locale;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.OperandType;
import org.lodgevm.x86.isa.Row;

/**
 * Writes instructions as {@code objdump -M intel} does.
 *
 * <p>It departs from it in leaving out prefixes without effect and the index register that a SIB byte does not name ({@code
 * riz}), in writing PCLMULQDQ's immediate as such, and wherever objdump knows instructions or quirks that the table does not.
 */
public final class Disassembler {
    private static final int MNEMONIC_WIDTH = 6;

    /** Predicates of CMPPS and its kin that have a name. @sdm Volume 2, table 3-1 */
    private static final String[] PREDICATES = {
        "eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord",
        "eq_uq", "nge", "ngt", "false", "neq_oq", "ge", "gt", "true",
        "eq_os", "lt_oq", "le_oq", "unord_s", "neq_us", "nlt_uq", "nle_uq", "ord_s",
        "eq_us", "nge_uq", "ngt_uq", "false_os", "neq_os", "ge_oq", "gt_oq", "true_us"
    };

    /** How many of them there are without VEX. */
    private static final int LEGACY_PREDICATES = 8;

    private Disassembler() {}

    /**
     * The text of an instruction.
     *
     * @param rip address of the instruction, from which the targets of branches and RIP-relative operands follow
     */
    public static String format(Instruction instruction, long rip) {
        StringBuilder text = new StringBuilder(64);
        prefixes(instruction, text);
        text.append(mnemonic(instruction));
        int first = text.length();
        Row row = instruction.row();
        boolean comparison = isNamedComparison(instruction);
        int count = row.operands().size() - (comparison ? 1 : 0);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                text.append(',');
            }
            OperandText.append(instruction, i, rip, text);
        }
        if (row.operation().equals("XLAT")) {
            OperandText.appendImplicitMemory(instruction, 1, OperandText.RBX, instruction.segment(), text);
        }
        if (text.length() > first) {
            text.insert(first, " ".repeat(Math.max(1, MNEMONIC_WIDTH + 1 - first)));
        }
        if (instruction.ripRelative()) {
            text.append("        # 0x").append(Long.toHexString(OperandText.ripTarget(instruction, rip)));
        }
        return text.toString();
    }

    private static void prefixes(Instruction instruction, StringBuilder text) {
        Row row = instruction.row();
        if (instruction.lock()) {
            text.append("lock ");
        }
        if (row.has(Attribute.REP) || row.has(Attribute.REPZ) || row.operation().equals("RET")) {
            String rep = row.has(Attribute.REP) ? "rep " : "repz ";
            text.append(instruction.rep() ? rep : instruction.repne() ? "repnz " : "");
        }
        if (isUntracked(instruction)) {
            text.append("notrack ");
        }
    }

    /** Whether prefix 3E is there as NOTRACK on a near indirect branch, where it selects no segment. */
    static boolean isUntracked(Instruction instruction) {
        Row row = instruction.row();
        return instruction.dsPrefix
                && row.has(Attribute.JUMP)
                && row.has(Attribute.F64)
                && !row.operands().isEmpty()
                && row.operand(0).method() == AddressingMethod.E;
    }

    private static boolean isNamedComparison(Instruction instruction) {
        Row row = instruction.row();
        boolean vex = row.encoding().vex();
        return row.operation().startsWith(vex ? "VCMP" : "CMP")
                && row.regMethod() == AddressingMethod.V
                && instruction.imm() < (vex ? PREDICATES.length : LEGACY_PREDICATES);
    }

    private static String mnemonic(Instruction instruction) {
        Row row = instruction.row();
        String name = row.mnemonic();
        int opSize = instruction.opSize();
        return switch (name) {
            case "CBW" -> bySize(opSize, "cbw", "cwde", "cdqe");
            case "CWD" -> bySize(opSize, "cwd", "cdq", "cqo");
            case "JCXZ" -> bySize(instruction.addrSize(), "jcxz", "jecxz", "jrcxz");
            case "JMPF" -> opSize == 8 ? "rex.W jmp" : "jmp";
            case "CALLF" -> opSize == 8 ? "rex.W call" : "call";
            case "MOVD" -> opSize == 8 ? "movq" : "movd";
            case "PEXTRD" -> opSize == 8 ? "pextrq" : "pextrd";
            case "PINSRD" -> opSize == 8 ? "pinsrq" : "pinsrd";
            case "VMOVD" -> opSize == 8 ? "vmovq" : "vmovd";
            case "MOV" -> is64BitImmediate(instruction) ? "movabs" : "mov";
            case "CMPPS", "CMPPD", "CMPSS", "CMPSD", "VCMPPS", "VCMPPD", "VCMPSS", "VCMPSD" -> comparison(instruction, name);
            case "PUSH", "POP", "PUSHA", "POPA", "PUSHF", "POPF", "ENTER", "LEAVE" -> sized(instruction, name);
            case "CALL", "JMP", "RET", "RETF", "IRET" -> sized(instruction, name);
            case "FNSAVE", "FRSTOR", "FNSTENV", "FLDENV" -> sized(instruction, name);
            case "LGDT", "LIDT", "SGDT", "SIDT" ->
                    lower(name).concat(opSize == 8 ? "" : bySize(opSize, "w", "d", ""));
            case "NOP" -> isExchange(instruction) ? instruction.opSize() == 2 ? "xchg ax,ax" : "xchg eax,eax" : "nop";
            case "FXSAVE", "FXRSTOR", "XSAVE", "XRSTOR", "XSAVEOPT", "XSAVEC", "XSAVES", "XRSTORS" ->
                    lower(name).concat(opSize == 8 ? "64" : "");
            case "SYSRET", "SYSEXIT" ->
                    lower(name).concat(!instruction.codeSize().is64() ? "" : opSize == 8 ? "q" : "d");
            default -> lower(name);
        };
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String bySize(int size, String word, String doubleword, String quadword) {
        return size == 2 ? word : size == 4 ? doubleword : quadword;
    }

    private static boolean is64BitImmediate(Instruction instruction) {
        Operand immediate = instruction.row().immediate();
        if (immediate == null) {
            return false;
        }
        return immediate.method() == AddressingMethod.O
                ? instruction.addrSize() == 8
                : immediate == Operand.Iv && instruction.opSize() == 8;
    }

    private static String comparison(Instruction instruction, String name) {
        int suffix = name.length() - 2;
        return isNamedComparison(instruction)
                ? lower(name.substring(0, suffix)) + PREDICATES[(int) instruction.imm()] + lower(name.substring(suffix))
                : lower(name);
    }

    /** Appends a size to a name whose operands do not show it, when it is not what the mode implies. */
    private static String sized(Instruction instruction, String name) {
        Row row = instruction.row();
        CodeSize mode = instruction.codeSize();
        int opSize = instruction.opSize();
        boolean wide = row.has(Attribute.D64) || row.has(Attribute.F64);
        int implied = mode.is64() && wide ? 8 : mode.operandSize();
        if (opSize == implied || showsOperandSize(row)) {
            return lower(name);
        }
        boolean x87 = row.usesX87();
        return lower(name).concat(bySize(opSize, "w", "d", x87 ? "" : "q"));
    }

    private static boolean showsOperandSize(Row row) {
        if (row.operands().isEmpty()) {
            return false;
        }
        AddressingMethod method = row.operand(0).method();
        OperandType type = row.operand(0).type();
        return type == OperandType.V && method != AddressingMethod.I
                || type == OperandType.B && method == AddressingMethod.J;
    }

    /** Whether a NOP is the one of two bytes, which is read as an exchange of AX with itself. */
    private static boolean isExchange(Instruction instruction) {
        return instruction.row().operands().isEmpty()
                && instruction.operandPrefix
                && instruction.opSize() != 8;
    }
}
