package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;

/**
 * Flags that are not the host's: CLI, STI, PUSHF. Setting IF while an interrupt is held back is the interpreter's, which knows
 * what to do then.
 */
final class SystemFlags {
    private static final Gpr SP = HostRegisters.host(HostRegisters.GUEST_RSP);

    private final Emission e;
    private final Assembler a;
    private final Memory memory;

    SystemFlags(Emission emission, Memory memory) {
        e = emission;
        a = emission.a;
        this.memory = memory;
    }

    void lower(Step step) {
        e.freeFlags();
        switch (step.in.row().operation()) {
            case "CLI" -> a.and(state(StateBlock.SYSTEM_FLAGS, 32), ~Rflags.IF & 0xffff_ffffL);
            case "STI" -> sti(step);
            default -> pushf(step);
        }
    }

    private void sti(Step step) {
        Label outside = new Label();
        Label done = new Label();
        a.cmp(state(StateBlock.INTERRUPT_HELD, 8), 0).jcc(Cond.NE, outside);
        a.or(state(StateBlock.SYSTEM_FLAGS, 32), Rflags.IF).bind(done);
        e.atEnd(outside, () -> e.callOut(step, done));
        e.unitsUnknown();
    }

    private void pushf(Step step) {
        Mem top = memory.at(step, SP, -8, 8, true).bits(64);
        a.mov(state(StateBlock.SPILL, 64), RCX);
        a.movzx(EAX, state(StateBlock.FLAGS + 1, 8)).movzx(ECX, state(StateBlock.FLAGS, 8)).shl(ECX, 11).or(EAX, ECX);
        a.or(EAX, state(StateBlock.SYSTEM_FLAGS, 32)).or(EAX, Rflags.FIXED).and(EAX, ~(Rflags.VM | Rflags.RF) & 0xffff_ffffL);
        a.mov(RCX, state(StateBlock.SPILL, 64)).mov(top, RAX).lea(SP, Mem.mem(SP, -8));
    }
}
