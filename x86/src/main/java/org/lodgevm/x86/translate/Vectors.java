package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RAX;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RCX;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.asm.Reg;
import org.lodgevm.x86.asm.Rm;
import org.lodgevm.x86.asm.Xmm;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Attribute;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.state.StateBlock;

/**
 * MMX, SSE and AVX instructions, executed as themselves. The guest's registers and MXCSR are brought into the host's when the first
 * of them is met, and go back when translated code is left.
 */
final class Vectors {
    /** The two-byte VEX prefix, and what follows it in the two instructions without operands. */
    private static final int VEX2 = 0xC5;
    private static final int VZEROUPPER = 0x77F8;
    private static final int VZEROALL = 0x77FC;
    /** Of an immediate byte that names a register. */
    private static final int NINTH_REGISTER = 0x80;
    private static final String EMPTY_MMX = "EMMS";

    private final Emission e;
    private final Assembler a;
    private final Memory memory;
    private final Plain plain;

    Vectors(Emission emission, Memory memory, Plain plain) {
        e = emission;
        a = emission.a;
        this.memory = memory;
        this.plain = plain;
    }

    /** Appends VZEROUPPER. */
    static void zeroUpper(Assembler a) {
        a.op(0, VEX2).imm(2, VZEROUPPER);
    }

    /** Whether all that the row works on is in its operands, of which one at most is in memory, and that in one piece. */
    static boolean lowers(Row row) {
        boolean vector = row.operation().startsWith("VZERO") || row.operation().equals(EMPTY_MMX);
        for (Operand operand : row.operands()) {
            vector |= switch (operand.method()) {
                case V, U, H, P, N -> true;
                default -> false;
            };
        }
        boolean implied = row.registersRead() != 0 || row.registersWritten() != 0;
        boolean scattered = row.has(Attribute.VSIB) || row.has(Attribute.VSIBX) || row.operation().contains("MASKMOV");
        return vector && !scattered && (!implied || row.operation().contains("PCMP"));
    }

    private void needUnits(Step step) {
        Row row = step.in.row();
        if (row.usesMmx() || row.operation().equals(EMPTY_MMX)) {
            e.needUnit(StateBlock.X87_REGISTERS, step);
        }
        if (row.usesVector()) {
            e.needUnit(row.encoding().vex() ? Gate.WIDE : Gate.NARROW, step);
        }
    }

    void lower(Step step) {
        Instruction in = step.in;
        needUnits(step);
        Rm place = null;
        Reg register = null;
        int general = -1;
        boolean written = false;
        for (int i = 0; i < in.row().operands().size(); i++) {
            AddressingMethod method = in.row().operand(i).method();
            if (in.isMemory(i)) {
                place = memoryPlace(step, i);
            } else {
                switch (method) {
                    case V -> register = HostRegisters.xmm(in.reg());
                    case P -> register = HostRegisters.mmx(in.reg());
                    case W, U -> place = HostRegisters.xmm(in.rm());
                    case Q, N -> place = HostRegisters.mmx(in.rm());
                    case G, E, R -> {
                        general = in.register(i);
                        written = in.row().accesses().get(i).writes();
                    }
                    default -> {
                        // an immediate, or XMM0
                    }
                }
            }
        }
        if (general >= 0) {
            Gpr host = HostRegisters.host(general, 64);
            boolean slot = host == null;
            if (slot) {
                host = RAX;
                if (!written) {
                    a.mov(RAX, HostRegisters.slot(general, 64));
                }
            }
            host = host.as(in.opSize() == 8 ? 64 : 32);
            if (place == null) {
                place = (Rm) host;
            } else {
                register = host;
            }
            append(in, register, place);
            if (slot && written) {
                a.mov(HostRegisters.slot(general, 64), RAX);
            }
        } else {
            append(in, register, place);
        }
        if (step.changesFlags()) {
            e.flagsRenewed();
        }
    }

    private void append(Instruction in, Reg register, Rm place) {
        Row row = in.row();
        if (row.operands().isEmpty()) {
            withoutOperands(in);
            return;
        }
        if (row.registersRead() != 0) {
            a.mov(RAX, HostRegisters.place(GUEST_RAX, 64)); // lengths of strings; RDX is the guest's own
        }
        encode(in, register, place);
        if (row.registersWritten() != 0) {
            a.mov(HostRegisters.place(GUEST_RCX, 64), RCX);
        }
    }

    private void withoutOperands(Instruction in) {
        if (in.row().operation().equals(EMPTY_MMX)) {
            a.op(0, Plain.opcode(in.row().encoding()));
        } else if (in.vexL() == 0) {
            zeroUpper(a);
        } else {
            a.op(0, VEX2).imm(2, VZEROALL);
        }
    }

    private void encode(Instruction in, Reg register, Rm place) {
        Row row = in.row();
        int width = in.opSize() == 8 ? 64 : 0;
        int immBytes = row.immediate() == null ? 0 : 1;
        int opcode = Plain.opcode(row.encoding());
        // where there are eight registers, the bit that would name another does not count
        long imm = in.codeSize().is64() || !namesRegister(row) ? in.imm() : in.imm() & ~NINTH_REGISTER;
        if (row.encoding().vex()) {
            boolean w = row.encoding().w() < 0 ? width == 64 : row.encoding().w() == 1;
            Xmm second = row.usesVvvv() ? HostRegisters.xmm(in.vvvv()) : null;
            if (register != null) {
                a.vex(w, in.vexL(), opcode, register, second, place, immBytes, imm);
            } else {
                a.vex(w, in.vexL(), opcode, row.encoding().reg(), second, place).imm(immBytes, imm);
            }
        } else if (register != null) {
            a.op(width, opcode, register, place, immBytes, imm);
        } else {
            a.op(width, opcode, row.encoding().reg(), place, immBytes, imm);
        }
    }

    private static boolean namesRegister(Row row) {
        return row.immediate() != null && row.immediate().method() == AddressingMethod.L;
    }

    private Mem memoryPlace(Step step, int position) {
        Instruction in = step.in;
        int size = in.width(position);
        boolean writes = in.row().accesses().get(position).writes();
        Mem at = memory.operand(step, size, writes);
        return plain.aligned(step, at, step.isAligned() ? size : 1);
    }
}
