package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_R11;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RCX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;

/**
 * The way into a system and out of it by SYSCALL and SYSRET, and what a system does there: SWAPGS, STAC, CLAC. Code says in the state block
 * which context it goes on in; the CPU's own registers follow when it is left. What is unusual is the interpreter's: a target that is no
 * address, RFLAGS.TF, RFLAGS.AC in a context that it does not belong to, an interrupt that RFLAGS.IF has held back. @sdm 3A:5.8.8
 */
final class SystemEntry {
    private static final int CS = 1;
    private static final int GS = 5;

    private final Emission e;
    private final Assembler a;
    private final SystemFlags flags;
    private final ReturnAddresses returns;

    SystemEntry(Emission emission, SystemFlags flags, ReturnAddresses returns) {
        e = emission;
        a = emission.a;
        this.flags = flags;
        this.returns = returns;
    }

    /** SYSCALL but for the jump: its target is in RAX then. */
    void call(Step step, int key) {
        Label interpret = begin(step);
        flags.gather();
        a.mov(ECX, EAX).and(ECX, state(StateBlock.SYSCALL_FLAGS, 32)).test(ECX, Rflags.AC).jcc(Cond.NE, interpret);
        a.mov(HostRegisters.place(GUEST_R11, 64), RAX);
        e.address(HostRegisters.host(GUEST_RCX), step.next);
        flags.scatter();
        enter(key, StateBlock.SYSCALL_SELECTORS);
        a.mov(RAX, state(StateBlock.SYSCALL_TARGET, 64));
    }

    /** SYSRET, likewise. */
    void ret(Step step, int key) {
        Label interpret = begin(step);
        a.mov(RAX, HostRegisters.place(GUEST_RCX, 64));
        a.mov(RCX, RAX).shl(RCX, Step.UNUSED_BITS).sar(RCX, Step.UNUSED_BITS).cmp(RCX, RAX).jcc(Cond.NE, interpret);
        a.mov(ECX, HostRegisters.place(GUEST_R11, 32)).test(ECX, Rflags.TF | Rflags.AC).jcc(Cond.NE, interpret);
        a.cmp(state(StateBlock.INTERRUPT_HELD, 8), 0).jcc(Cond.NE, interpret);
        flags.scatter();
        enter(key, StateBlock.SYSRET_SELECTORS);
        a.mov(RAX, HostRegisters.place(GUEST_RCX, 64));
    }

    private Label begin(Step step) {
        e.freeFlags();
        Label interpret = e.leaving(Exit.INTERPRET, step.rip);
        a.cmp(state(StateBlock.SYSCALL_ENABLED, 8), 0).jcc(Cond.E, interpret);
        return interpret;
    }

    private void enter(int key, int selectors) {
        a.mov(EAX, state(selectors, 32)).mov(state(StateBlock.SELECTORS + 2 * CS, 32), EAX);
        enter(key);
    }

    private void enter(int key) {
        a.mov(state(StateBlock.CONTEXT, 32), key);
        returns.dropAll();
    }

    /** STAC and CLAC. */
    void access(Step step, Context context) {
        e.freeFlags();
        if (step.in.row().operation().equals("STAC")) {
            flags.set(Rflags.AC);
            enter(context.open());
        } else {
            flags.clear(Rflags.AC);
            enter(context.closed());
        }
    }

    /** SWAPGS. Leaves the flags as they are. */
    void swapBase() {
        Mem base = HostRegisters.slot(Gpr.SEGMENT_BASE + GS, 64);
        e.saveFlags();
        a.mov(RAX, base).mov(RCX, state(StateBlock.KERNEL_GS_BASE, 64));
        a.mov(base, RCX).mov(state(StateBlock.KERNEL_GS_BASE, 64), RAX);
    }
}
