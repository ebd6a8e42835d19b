package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RBX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.translate.HostRegisters.state;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.paging.PageWalker;
import org.lodgevm.x86.paging.SecondTlb;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.StateBlock;

/** Subroutines that bring an entry of the {@link SecondTlb} into the {@link Tlb}. */
final class Refill {
    private static final int PAGE_BITS = PageWalker.PAGE_4K_BITS;
    private static final int PAGE = 1 << PAGE_BITS;

    private final Label[] checked = new Label[2 * Tlb.REGIMES];
    private final Label[] known = new Label[2 * Tlb.REGIMES];

    /**
     * Appends them.
     *
     * @param exit of the gate
     */
    Refill(Assembler a, Label exit) {
        for (int i = 0; i < known.length; i++) {
            int regime = i / 2;
            boolean write = i % 2 != 0;
            checked[i] = Label.at("refill checked " + i, a.here());
            a.xor(RAX, state(StateBlock.TLB + regime * Tlb.REGIME_BYTES + (write ? Tlb.WRITE : Tlb.READ), RCX, 1, 64));
            known[i] = Label.at("refill " + i, a.here());
            append(a, regime, write, exit);
        }
    }

    /**
     * @param afterCheck for those who have XORed the address in RAX with the tag of the entry that RCX selects
     */
    Label label(int regime, boolean write, boolean afterCheck) {
        return (afterCheck ? checked : known)[2 * regime + (write ? 1 : 0)];
    }

    /**
     * Looks for the page of the address in RAX. Returns if the TLB has it now, and else {@linkplain Gate#leave leaves}. Uses RAX and RCX.
     */
    private static void append(Assembler a, int regime, boolean write, Label exit) {
        int second = StateBlock.SECOND_TLB + SecondTlb.TABLE + regime * SecondTlb.REGIME_BYTES;
        Mem tag = state(second + SecondTlb.TAG, RDX, 1, 64);
        Mem addend = state(second + SecondTlb.ADDEND, RDX, 1, 64);
        Label found = new Label();
        Label absent = new Label();
        a.mov(RCX, Mem.mem(RSP)).movzx(ECX, Mem.mem(RCX, Exit.JUMP_BYTES + Exit.SIZE).bits(8)).neg(ECX).add(ECX, PAGE); // where it may begin and end in the page
        a.push(RDX).mov(EDX, EAX).and(EDX, PAGE - 1).cmp(EDX, ECX).jcc(Cond.A, absent);
        a.mov(RCX, RAX).shr(RCX, PAGE_BITS).mov(RDX, RCX).shr(RDX, SecondTlb.HASH_SHIFT).xor(EDX, ECX);
        a.and(EDX, SecondTlb.ENTRIES - 1).shl(EDX, SecondTlb.ENTRY_SHIFT).shl(RCX, PAGE_BITS);
        a.xor(EDX, state(StateBlock.SECOND_TLB + SecondTlb.SPREAD, 32));
        a.or(RCX, state(StateBlock.SECOND_TLB + SecondTlb.LOCAL, 64)).cmp(RCX, tag).jcc(Cond.E, found);
        a.xor(EDX, state(StateBlock.SECOND_TLB + SecondTlb.SPREAD, 32));
        a.and(RCX, -PAGE).or(RCX, state(StateBlock.SECOND_TLB + SecondTlb.GLOBAL, 64)).cmp(RCX, tag).jcc(Cond.NE, absent);
        a.bind(found).test(addend.bits(8), write ? PageWalker.WRITE : PageWalker.READ).jcc(Cond.E, absent);
        a.push(RBX);
        enter(a, StateBlock.TLB + regime * Tlb.REGIME_BYTES, write, addend);
        log(a, regime);
        a.pop(RBX).pop(RDX).ret();
        a.bind(absent).pop(RDX).mov(state(StateBlock.MISSED, 64), RAX);
        Gate.leave(a, exit);
    }

    /**
     * Enters the page that RCX has in its upper bits, for that kind of access and, if it was already, for the other. The offset of the
     * entry is in RBX then.
     */
    private static void enter(Assembler a, int tlb, boolean write, Mem addend) {
        Mem other = state(tlb + (write ? Tlb.READ : Tlb.WRITE), RBX, 1, 64);
        Label kept = new Label();
        a.mov(EBX, EAX).shr(EBX, Tlb.ENTRY_SHIFT).and(EBX, Tlb.ENTRY_MASK).and(RCX, -PAGE);
        a.mov(state(tlb + (write ? Tlb.WRITE : Tlb.READ), RBX, 1, 64), RCX);
        a.cmp(other, RCX).jcc(Cond.E, kept);
        a.mov(ECX, EBX).shl(RCX, Tlb.ENTRY_SHIFT);
        a.xor(RCX, (int) Tlb.none(0)).mov(other, RCX);
        a.bind(kept).mov(RCX, addend).and(RCX, -PAGE).mov(state(tlb + Tlb.ADDEND, RBX, 1, 64), RCX);
    }

    /** Has the entry, whose offset is in RBX, dropped with those that were filled. */
    private static void log(Assembler a, int regime) {
        Mem count = state(StateBlock.SECOND_TLB + SecondTlb.REFILLED, 32);
        Label full = new Label();
        a.mov(ECX, count).cmp(ECX, SecondTlb.MOST_REFILLED).jcc(Cond.AE, full).add(EBX, regime * Tlb.REGIME_BYTES);
        a.mov(state(StateBlock.SECOND_TLB + SecondTlb.REFILLED_OFFSETS, RCX, 4, 32), EBX).add(count, 1).bind(full);
    }
}
