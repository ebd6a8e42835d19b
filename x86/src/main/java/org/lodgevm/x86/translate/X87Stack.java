package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RAX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import java.util.Set;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.Row;
import org.lodgevm.x86.state.StateBlock;

/**
 * x87 instructions, executed as themselves while all of the guest's exceptions are masked. Which was the last one, and where its
 * operand in memory was, is noted for those who store it: the host's own notes would be of translated code.
 */
final class X87Stack {
    private static final int ALL_MASKED = 0x3f;
    /** Of ModRM, for registers. */
    private static final int REGISTER = 0xC0;
    /** Those that store or replace the whole unit, or wait only. */
    private static final Set<String> OUTSIDE = Set.of(
            "FWAIT", "FLDENV", "FNSTENV", "FRSTOR", "FNSAVE", "FNINIT", "FNENI", "FNDISI", "FNSETPM");
    private static final Set<String> CONTROL = Set.of("FLDCW", "FNSTCW", "FNSTSW", "FNCLEX");

    private final Emission e;
    private final Assembler a;
    private final Memory memory;

    X87Stack(Emission emission, Memory memory) {
        e = emission;
        a = emission.a;
        this.memory = memory;
    }

    static boolean lowers(Row row) {
        return !OUTSIDE.contains(row.operation());
    }

    void lower(Step step) {
        Instruction in = step.in;
        String operation = in.row().operation();
        e.needUnit(StateBlock.X87_REGISTERS, step);
        e.notToBeKept();
        Mem place = in.isMemory() ? operand(step) : null;
        if (operation.equals("FLDCW")) {
            loadControl(step, place);
            return;
        }
        if (!CONTROL.contains(operation)) {
            a.mov(state(StateBlock.X87_LAST, 32), step.callOut);
        }
        if (step.takesFlags()) {
            e.loadFlags();
        }
        if (place != null) {
            a.op(0, in.opcode(), in.reg() & 7, place);
        } else {
            a.op(0, in.opcode() << 8 | REGISTER | (in.reg() & 7) << 3 | in.rm() & 7);
        }
        if (operation.equals("FNSTSW") && place == null) {
            a.mov(HostRegisters.place(GUEST_RAX, 16), AX);
        }
        if (step.changesFlags()) {
            e.flagsRenewed();
        }
    }

    private Mem operand(Step step) {
        Instruction in = step.in;
        boolean noted = !CONTROL.contains(in.row().operation());
        if (noted) {
            memory.effective(step, in.addrSize() == 4 ? EAX : RAX);
            a.mov(state(StateBlock.X87_ADDRESS, 64), RAX);
        }
        Mem place = memory.operand(step, in.width(0), in.row().accesses().get(0).writes());
        if (noted) {
            a.mov(RAX, state(StateBlock.X87_ADDRESS, 64)).mov(state(StateBlock.X87_OPERAND, 64), RAX);
            a.mov(state(StateBlock.X87_LAST_OPERAND, 32), step.callOut);
        }
        return place;
    }

    /** A control word that unmasks an exception is the interpreter's. It is looked at in a place that no other CPU can change. */
    private void loadControl(Step step, Mem place) {
        a.movzx(EAX, place.bits(16)).mov(state(StateBlock.SPILL, 16), AX);
        a.and(EAX, ALL_MASKED).cmp(EAX, ALL_MASKED).jcc(Cond.NE, e.leaving(Exit.INTERPRET, step.rip));
        a.op(0, step.in.opcode(), step.in.reg() & 7, state(StateBlock.SPILL, 16));
    }
}
