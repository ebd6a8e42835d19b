package org.lodgevm.x86.translate;

import java.util.List;
import java.util.Set;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.InstructionTable;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;

/** How an instruction is lowered. */
enum Kind {
    /** As itself: registers and memory are where they are, nothing else counts but flags. */
    PLAIN,
    /** As itself with the count in CL. */
    SHIFT_BY_CL,
    /** As itself, on vector registers. */
    VECTOR,
    /** As itself, on the x87 unit's registers. */
    X87,
    /** As itself with VEX.vvvv a general register. */
    VEX_GENERAL,
    LEA,
    LOAD_CONSTANT,
    BSWAP,
    EXCHANGE,
    /** XADD, CMPXCHG. */
    UPDATE,
    MULTIPLY,
    DIVIDE,
    EXTEND_ACCUMULATOR,
    FLAG,
    PUSH,
    POP,
    LEAVE,
    /** INC and DEC of the register in the opcode. */
    COUNT,
    /** MOV between the accumulator and an address in the instruction. */
    MOVE_ABSOLUTE,
    /** MOV from a segment register. */
    STORE_SELECTOR,
    NOTHING,
    FENCE,
    PAUSE,
    /** REP MOVS and REP STOS. */
    STRING,
    /** BT, BTS, BTR, BTC with an offset from a register and a base in memory. */
    BIT_STRING,
    /** CMPXCHG8B, CMPXCHG16B. */
    PAIR,
    /** CLI, STI, CLD, STD, PUSHF. */
    SYSTEM_FLAG,
    /** SWAPGS. */
    SWAP_BASE,
    /** By the interpreter, and on with the next one. */
    CALL_OUT,
    // what ends a block
    BRANCH,
    JUMP,
    CALL,
    RETURN,
    /** SYSCALL and SYSRET; STAC and CLAC: what comes next is in another context. */
    SYSTEM_CALL,
    SYSTEM_RETURN,
    ACCESS_CONTROL,
    /** Any other transfer of control, by the interpreter; on with the next instruction if that is where it leads to. */
    TRANSFER,
    INTERPRET;

    private static final int SEGMENT_REGISTERS = 6;
    private static final int CODE_SEGMENT = 1;
    private static final Kind[] BY_ROW = new Kind[InstructionTable.rows().size()];

    private static final Set<String> PLAIN_OPERATIONS = Set.of(
            "ADD", "OR", "ADC", "SBB", "AND", "SUB", "XOR", "CMP", "TEST", "INC", "DEC", "NEG", "NOT", "MOV", "MOVZX", "MOVSX",
            "MOVSXD", "MOVBE", "MOVNTI", "POPCNT", "TZCNT", "LZCNT", "BSF", "BSR", "CRC32", "ADCX", "ADOX", "CMOVcc", "SETcc",
            "IMUL", "ROL", "ROR", "RCL", "RCR", "SHL", "SHR", "SAR", "SHLD", "SHRD", "BT", "BTS", "BTR", "BTC", "RORX");
    private static final Set<String> VEX_OPERATIONS = Set.of(
            "ANDN", "BLSR", "BLSMSK", "BLSI", "BEXTR", "BZHI", "PEXT", "PDEP", "MULX", "SHLX", "SARX", "SHRX");

    static {
        for (Row row : InstructionTable.rows()) {
            Kind kind = of(row);
            BY_ROW[row.id()] = kind == CALL_OUT && row.has(Attribute.JUMP) ? TRANSFER : kind;
        }
    }

    /** How this instruction is lowered, as 64-bit code, or as 32-bit code in segments without limits. */
    static Kind of(Instruction in) {
        Kind kind = BY_ROW[in.row().id()];
        boolean bits = kind == PLAIN && in.isMemory() && in.row().operation().startsWith("BT")
                && in.row().operand(1).method() == AddressingMethod.G;
        return (bits ? BIT_STRING : kind).unless(in);
    }

    /** Whether the interpreter must know the instruction by a number: it may be asked to execute it, or what it was. */
    boolean isNumbered() {
        return isCalledOut() || this == STRING || this == SYSTEM_FLAG || this == X87 || this == PAUSE;
    }

    /** The same, or the interpreter's where its operands are too unusual. */
    private Kind unless(Instruction in) {
        boolean unusual = in.isMemory() && (in.addrSize() == 2 || in.segment() == CODE_SEGMENT && !in.codeSize().is64()) || switch (this) {
            case STRING -> !Strings.lowers(in);
            case SYSTEM_FLAG -> in.row().operation().equals("PUSHF") && (in.opSize() != 8 || !in.codeSize().is64());
            case SYSTEM_CALL, ACCESS_CONTROL -> !in.codeSize().is64();
            case SYSTEM_RETURN -> in.opSize() != 8 || !in.codeSize().is64();
            case STORE_SELECTOR -> (in.reg() & 7) >= SEGMENT_REGISTERS;
            // sums would have to be cut
            case BIT_STRING -> in.addrSize() != 8;
            // a third scratch register would be needed
            case SHIFT_BY_CL -> in.row().regMethod() != null && HostRegisters.host(in.reg()) == null;
            // with 16-bit operands rSP moves by 2, and branches are cut
            case PUSH, POP, LEAVE, CALL, RETURN, JUMP, BRANCH -> in.opSize() != in.codeSize().addressSize();
            default -> false;
        };
        return !unusual ? this : endsBlock() ? TRANSFER : CALL_OUT;
    }

    boolean endsBlock() {
        return compareTo(BRANCH) >= 0;
    }

    /** Whether the next instruction may be the one after it. */
    boolean fallsThrough() {
        return !endsBlock() || this == BRANCH || this == TRANSFER;
    }

    /** Whether it is executed outside whenever its turn comes. */
    boolean isCalledOut() {
        return this == CALL_OUT || this == TRANSFER;
    }

    private static Kind of(Row row) {
        String operation = row.operation();
        switch (operation) {
            case "MOVS", "STOS":
                return STRING;
            case "CLI", "STI", "CLD", "STD", "PUSHF":
                return SYSTEM_FLAG;
            case "SWAPGS":
                return SWAP_BASE;
            case "SYSCALL":
                return SYSTEM_CALL;
            case "SYSRET":
                return SYSTEM_RETURN;
            case "STAC", "CLAC":
                return ACCESS_CONTROL;
            case "CMPXCHG8B", "CMPXCHG16B":
                return PAIR;
            case "LFENCE", "MFENCE", "SFENCE", "SERIALIZE":
                return FENCE;
            default:
                break;
        }
        for (Operand operand : row.operands()) {
            switch (operand.method()) {
                case S -> {
                    return operand == row.operands().getLast() ? STORE_SELECTOR : CALL_OUT;
                }
                case O -> {
                    return MOVE_ABSOLUTE;
                }
                case A, C, D, SEGMENT, X, Y -> {
                    return CALL_OUT;
                }
                default -> {
                    // may be lowered
                }
            }
        }
        if (row.has(Attribute.CPL0) || row.has(Attribute.SERIAL)) {
            return CALL_OUT;
        }
        if (operation.equals("NOP") || operation.startsWith("PREFETCH") || operation.startsWith("ENDBR")) {
            return NOTHING;
        }
        List<Operand> operands = row.operands();
        boolean register = !operands.isEmpty() && operands.get(0).method() == AddressingMethod.Z;
        switch (operation) {
            case "PAUSE":
                return PAUSE;
            case "LEA":
                return LEA;
            case "MOV":
                return register ? LOAD_CONSTANT : PLAIN;
            case "BSWAP":
                return BSWAP;
            case "INC", "DEC":
                return register ? COUNT : PLAIN;
            case "XCHG":
                return EXCHANGE;
            case "XADD", "CMPXCHG":
                return UPDATE;
            case "MUL":
                return MULTIPLY;
            case "IMUL":
                return operands.size() == 1 ? MULTIPLY : PLAIN;
            case "DIV", "IDIV":
                return DIVIDE;
            case "CBW", "CWD":
                return EXTEND_ACCUMULATOR;
            case "CMC", "CLC", "STC":
                return FLAG;
            case "PUSH":
                return PUSH;
            case "POP":
                return register ? POP : CALL_OUT;
            case "LEAVE":
                return LEAVE;
            case "Jcc":
                return BRANCH;
            case "JMP":
                return JUMP;
            case "CALL":
                return CALL;
            case "RET":
                return RETURN;
            default:
                break;
        }
        if (VEX_OPERATIONS.contains(operation)) {
            return VEX_GENERAL;
        }
        if (PLAIN_OPERATIONS.contains(operation)) {
            boolean byCl = !operands.isEmpty() && operands.getLast().method() == AddressingMethod.GENERAL
                    && operands.getLast().fixed() == 1;
            return byCl ? SHIFT_BY_CL : PLAIN;
        }
        if (row.usesX87()) {
            return X87Stack.lowers(row) ? X87 : CALL_OUT;
        }
        return Vectors.lowers(row) ? VECTOR : CALL_OUT;
    }
}
