package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.CL;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import java.util.Set;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;

/**
 * Flags that are not the host's: CLI, STI, CLD, STD, PUSHF. Setting IF while an interrupt is held back is the interpreter's, which knows
 * what to do then. The instruction after an STI may be one that is not executed here: what comes meanwhile still has to wait for it.
 */
final class SystemFlags {
    private static final Set<String> PRIVILEGED = Set.of("CLI", "STI");
    private static final int OF_SHIFT = Integer.numberOfTrailingZeros(Rflags.OF);
    private static final Gpr SP = HostRegisters.host(HostRegisters.GUEST_RSP);

    private final Emission e;
    private final Assembler a;
    private final Memory memory;

    SystemFlags(Emission emission, Memory memory) {
        e = emission;
        a = emission.a;
        this.memory = memory;
    }

    /** Whether it depends on more than the flags. */
    static boolean isPrivileged(Step step) {
        return PRIVILEGED.contains(step.in.row().operation());
    }

    void lower(Step step) {
        e.freeFlags();
        switch (step.in.row().operation()) {
            case "CLI" -> clear(Rflags.IF);
            case "STI" -> sti(step);
            case "CLD" -> clear(Rflags.DF);
            case "STD" -> set(Rflags.DF);
            default -> pushf(step);
        }
    }

    private void sti(Step step) {
        Label outside = new Label();
        Label done = new Label();
        a.cmp(state(StateBlock.INTERRUPT_HELD, 8), 0).jcc(Cond.NE, outside);
        set(Rflags.IF);
        a.mov(state(StateBlock.SHADOWED, 16), (int) step.next & StateBlock.OFFSET);
        a.bind(done);
        e.atEnd(outside, () -> e.callOut(step, done));
        e.unitsUnknown();
    }

    private void pushf(Step step) {
        Mem top = memory.at(step, SP, -8, 8, true).bits(64);
        a.mov(state(StateBlock.SPILL, 64), RCX);
        gather();
        a.mov(RCX, state(StateBlock.SPILL, 64)).mov(top, RAX).lea(SP, Mem.mem(SP, -8));
    }

    void clear(int flag) {
        a.and(state(StateBlock.SYSTEM_FLAGS, 32), ~flag & 0xffff_ffffL);
    }

    void set(int flag) {
        a.or(state(StateBlock.SYSTEM_FLAGS, 32), flag);
    }

    /** Brings RFLAGS, as others are shown it, from the state block into EAX. Uses RCX. */
    void gather() {
        a.movzx(EAX, state(StateBlock.FLAGS + 1, 8)).movzx(ECX, state(StateBlock.FLAGS, 8)).shl(ECX, OF_SHIFT).or(EAX, ECX);
        a.or(EAX, state(StateBlock.SYSTEM_FLAGS, 32)).or(EAX, Rflags.FIXED).and(EAX, ~(Rflags.VM | Rflags.RF) & 0xffff_ffffL);
    }

    /** Puts RFLAGS from ECX, but for VM and RF, which are cleared, into the state block. Uses RAX and RCX. */
    void scatter() {
        a.mov(EAX, ECX).and(EAX, Rflags.ALL & ~(Rflags.STATUS | Rflags.VM | Rflags.RF)).mov(state(StateBlock.SYSTEM_FLAGS, 32), EAX);
        a.mov(state(StateBlock.FLAGS + 1, 8), CL).shr(ECX, OF_SHIFT).and(ECX, 1).mov(state(StateBlock.FLAGS, 8), CL);
    }
}
