package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AH;
import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.CH;
import static org.lodgevm.x86.asm.Gpr.CL;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.GprOrMem;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.asm.Reg;
import org.lodgevm.x86.asm.Rm;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.Access;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Encoding;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;

/**
 * Instructions that are executed as themselves: the same opcode, with host registers for guest registers and the host's
 * address for the guest's.
 */
final class Plain {
    private static final int ALU_OPERATIONS = 0x40;
    private static final int ALU_BYTE = 0x80;
    /** Another opcode for the same, which 64-bit code has not. */
    private static final int ALU_ALIAS = 0x82;
    private static final int TEST_ACCUMULATOR = 0xA8;
    private static final int LOCK = 0xF0;

    private final Emission e;
    private final Assembler a;
    private final Memory memory;

    Plain(Emission emission, Memory memory) {
        e = emission;
        a = emission.a;
        this.memory = memory;
    }

    void lower(Step step) {
        Instruction in = step.in;
        Row row = in.row();
        int rm = position(row, true);
        int reg = position(row, false);
        boolean byCl = step.kind == Kind.SHIFT_BY_CL;
        Rm place = in.isMemory() ? memoryPlace(step, rm) : null;
        if (step.takesFlags()) {
            e.loadFlags();
        }
        if (byCl && place != null) {
            a.lea(RAX, (Mem) place);
            place = Mem.mem(RAX);
        }
        Gpr back = null;
        int guest = 0;
        if (place == null) {
            guest = rm < 0 ? 0 : in.register(rm);
            Access access = rm < 0 ? row.accesses().get(0) : row.accesses().get(rm);
            GprOrMem operand = registerPlace(in, guest, in.width(Math.max(rm, 0)), access, RAX, inBlock(in));
            back = operand instanceof Gpr gpr && isScratch(gpr) && access.writes() ? gpr : null;
            place = operand;
        }
        Gpr register = null;
        Gpr registerBack = null;
        if (reg >= 0) {
            Gpr scratch = in.isMemory() ? RAX : RCX;
            int regGuest = in.register(reg);
            GprOrMem operand = registerPlace(in, regGuest, in.width(reg), row.accesses().get(reg), scratch, false);
            register = (Gpr) operand;
            registerBack = isScratch(register) && row.accesses().get(reg).writes() ? register : null;
        }
        if (byCl) {
            a.mov(ECX, HostRegisters.place(HostRegisters.GUEST_RCX, 32));
        }
        append(step, register, place);
        if (back != null) {
            writeBack(in, guest, in.width(Math.max(rm, 0)), back);
        }
        if (registerBack != null) {
            writeBack(in, in.register(reg), in.width(reg), registerBack);
        }
        if (step.changesFlags()) {
            e.flagsRenewed();
        }
    }

    private Rm memoryPlace(Step step, int rm) {
        Instruction in = step.in;
        int size = in.width(rm);
        boolean writes = in.row().accesses().get(rm).writes();
        return alignedIfLocked(step, memory.operand(step, size, writes), size);
    }

    /** The place, now known to be a multiple of the size; accesses that are not so are the interpreter's. Uses RCX. */
    Mem aligned(Step step, Mem at, int size) {
        if (size > 1) {
            a.lea(RCX, at).test(CL, size - 1).jcc(Cond.NE, e.leaving(Exit.INTERPRET, step.rip));
            return Mem.mem(RCX);
        }
        return at;
    }

    /** The same if the access is locked: one that is not aligned would stop the whole host. */
    Mem alignedIfLocked(Step step, Mem at, int size) {
        return locks(step.in) ? aligned(step, at, size) : at;
    }

    /** Appends LOCK where the instruction has it: without other CPUs, too, as devices' threads look at what the guest stores, and in which order. */
    void lockPrefix(Instruction in) {
        if (locks(in)) {
            a.op(0, LOCK);
        }
    }

    /** XCHG with memory is locked without a prefix. */
    private boolean locks(Instruction in) {
        return in.lock() || in.isMemory() && in.row().operation().equals("XCHG");
    }

    /**
     * Whether a register may be worked on in its place in the state block. Not where the instruction means something else by
     * memory: BT with an offset from a register takes it for a string of bits, however long.
     */
    private static boolean inBlock(Instruction in) {
        return !in.row().operation().startsWith("BT") || in.row().immediate() != null;
    }

    private static boolean isScratch(Gpr register) {
        return register.number() <= 1;
    }

    /** Which operand ModRM.rm names, or which ModRM.reg; -1 if none. The accumulator of short forms counts as neither. */
    private static int position(Row row, boolean rm) {
        for (int i = 0; i < row.operands().size(); i++) {
            AddressingMethod method = row.operand(i).method();
            if (rm ? method.isRm() : method == AddressingMethod.G) {
                return i;
            }
        }
        return -1;
    }

    /**
     * A register operand: its host register; its place in the state block where the instruction can work there; else a copy
     * in the scratch register.
     *
     * @param scratch of 64 bits
     */
    GprOrMem registerPlace(Instruction in, int guest, int size, Access access, Gpr scratch, boolean memoryAllowed) {
        int bits = 8 * size;
        if (size == 1 && in.isHighByte(guest)) {
            if (access.reads()) {
                GprOrMem whole = HostRegisters.place(guest - 4, 64);
                a.mov(scratch, whole).movzx(scratch.as(32), scratch == RAX ? AH : CH);
            }
            return scratch.as(8);
        }
        Gpr host = HostRegisters.host(guest, bits);
        if (host != null) {
            return host;
        }
        if (memoryAllowed && !(access.writes() && size == 4)) {
            return HostRegisters.slot(guest, bits);
        }
        if (access.reads() || access == Access.NONE) {
            a.mov(size < 4 ? scratch.as(32) : scratch.as(bits), HostRegisters.slot(guest, Math.max(bits, 32)));
        }
        return scratch.as(bits);
    }

    /** Puts the copy of a register in its place. May use the other scratch register, but changes no flag. */
    void writeBack(Instruction in, int guest, int size, Gpr scratch) {
        if (size == 1 && in.isHighByte(guest)) {
            GprOrMem whole = HostRegisters.place(guest - 4, 64);
            if (scratch.number() == 0) {
                a.mov(RCX, whole).mov(CH, AL).mov(whole, RCX);
            } else {
                a.mov(RAX, whole).mov(AH, CL).mov(whole, RAX);
            }
        } else if (size >= 4) {
            a.mov(HostRegisters.slot(guest, 64), scratch.as(64));
        } else {
            a.mov(HostRegisters.slot(guest, 8 * size), scratch.as(8 * size));
        }
    }

    /** Appends the instruction itself. */
    private void append(Step step, Reg register, Rm place) {
        Instruction in = step.in;
        Row row = in.row();
        Encoding encoding = row.encoding();
        int width = in.width(0) == 1 ? 8 : 8 * in.opSize();
        Operand immediate = row.immediate();
        int immBytes = immediate == null ? 0 : immediate.type().width(in.opSize(), 0);
        lockPrefix(in);
        if (!encoding.hasModrm()) {
            shortForm(encoding.opcode(), width, place, immBytes, in.imm());
        } else if (row.encoding().vex()) {
            a.vex(in.opSize() == 8, encoding.l(), opcode(encoding), register, null, place, immBytes, in.imm());
        } else if (register != null) {
            a.op(width, opcode(encoding), register, place, immBytes, in.imm());
        } else {
            int digit = encoding.reg() >= 0 ? encoding.reg() : 0;
            a.op(width, opcode(encoding), digit, place, immBytes, in.imm());
        }
    }

    /** Operations on the accumulator with an immediate, whose opcodes name no other register. */
    private void shortForm(int opcode, int width, Rm accumulator, int immBytes, long imm) {
        int byteForm = width == 8 ? 0 : 1;
        if (opcode < ALU_OPERATIONS) {
            a.op(width, ALU_BYTE | byteForm, opcode >> 3, accumulator, immBytes, imm);
        } else if ((opcode & ~1) == TEST_ACCUMULATOR) {
            a.op(width, 0xF6 | byteForm, 0, accumulator, immBytes, imm);
        } else {
            throw new IllegalStateException("no ModRM form of opcode " + Integer.toHexString(opcode));
        }
    }

    /** The opcode as the assembler takes it, mandatory prefix and map included. */
    static int opcode(Encoding encoding) {
        int prefix = switch (encoding.prefix()) {
            case P66 -> 0x66;
            case PF3 -> 0xF3;
            case PF2 -> 0xF2;
            default -> 0;
        };
        return switch (encoding.map()) {
            case 0 -> (encoding.opcode() == ALU_ALIAS ? ALU_BYTE : encoding.opcode()) | prefix << 8;
            case 1 -> encoding.opcode() | 0x0F00 | prefix << 16;
            case 2 -> encoding.opcode() | 0x0F3800 | prefix << 24;
            default -> encoding.opcode() | 0x0F3A00 | prefix << 24;
        };
    }

    /** ANDN, BEXTR, SHLX, MULX and their like: up to three register operands, of which one may be memory. RDX is the guest's own. */
    void lowerVex(Step step) {
        Instruction in = step.in;
        Row row = in.row();
        int rm = position(row, true);
        Rm place = in.isMemory() ? memory.operand(step, in.width(rm), false)
                : HostRegisters.place(in.register(rm), 8 * in.opSize());
        if (step.takesFlags()) {
            e.loadFlags();
        }
        int bits = 8 * in.opSize();
        int vvvv = -1;
        for (int i = 0; i < row.operands().size(); i++) {
            vvvv = row.operand(i).method() == AddressingMethod.B ? i : vvvv;
        }
        int reg = position(row, false);
        boolean vvvvWritten = vvvv >= 0 && row.accesses().get(vvvv).writes();
        Gpr second = HostRegisters.host(in.vvvv(), bits);
        if (second == null) {
            second = RAX.as(bits);
            if (!vvvvWritten) {
                a.mov(second, HostRegisters.slot(in.vvvv(), bits));
            }
        }
        if (reg < 0) {
            a.vex(bits == 64, 0, opcode(row.encoding()), row.encoding().reg(), second, place);
            if (isScratch(second)) {
                a.mov(HostRegisters.slot(in.vvvv(), 64), RAX);
            }
        } else {
            Gpr first = HostRegisters.host(in.reg(), bits);
            Gpr target = first == null ? (vvvvWritten ? RCX : RAX).as(bits) : first;
            a.vex(bits == 64, 0, opcode(row.encoding()), target, second, place);
            if (vvvvWritten && isScratch(second)) {
                a.mov(HostRegisters.slot(in.vvvv(), 64), RAX);
            }
            if (first == null) {
                a.mov(HostRegisters.slot(in.reg(), 64), target.as(64));
            }
        }
        if (step.changesFlags()) {
            e.flagsRenewed();
        }
    }
}
