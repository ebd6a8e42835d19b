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
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.paging.PageWalker;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.StateBlock;

/**
 * Memory operands: the TLB is asked inline, and gives what to add to the guest's address.
 *
 * <p>The check: {@code tag ^ address} is the offset in the page if the tag is the address's page; then, and if the access ends
 * in that page, it is at most 4096 less the size.
 */
final class Memory {
    private static final int PAGE = 0x1000;

    private final Emission e;
    private final Assembler a;
    private final int regime;
    private final int tlb;
    private final boolean is64;

    /**
     * @param regime whose TLB is asked
     * @param is64 whether segments but FS and GS count for nothing, and addresses have 64 bits
     */
    Memory(Emission emission, int regime, boolean is64) {
        e = emission;
        a = emission.a;
        this.is64 = is64;
        this.regime = regime;
        tlb = StateBlock.TLB + regime * Tlb.REGIME_BYTES;
    }

    /**
     * Checks an access to the instruction's memory operand; the place to access on the host, which names RCX and never RAX.
     * RAX is free after it, and the host's flags are lost.
     */
    Mem operand(Step step, int size, boolean write) {
        Instruction in = step.in;
        if (in.ripRelative() && in.addrSize() == 8 && !hasBase(in)) {
            return constant(step, step.displacement(), size, write, true);
        }
        if (!is64 && in.base() < 0 && in.index() < 0 && !hasBase(in)) {
            return constant(step, step.displacement() & 0xffff_ffffL, size, write, false);
        }
        e.freeFlags();
        if (!is64 && hasBase(in)) {
            a.cmp(state(StateBlock.FLAT + in.segment(), 8), 0).jcc(Cond.E, e.leaving(Exit.INTERPRET, step.rip));
        }
        check(step, size, write, () -> address(step));
        a.mov(RCX, addend());
        return in.addrSize() == 8 ? translated(step) : wrapped(step);
    }

    /** The same for an address that is a host register and a displacement. */
    Mem at(Step step, Gpr base, long disp, int size, boolean write) {
        e.freeFlags();
        check(step, size, write, () -> a.lea(is64 ? RAX : EAX, Mem.mem(base, disp)));
        return place(base, disp);
    }

    /** The same, but goes to the label if the access is not of one page that the TLB has. */
    Mem at(Gpr base, long disp, int size, boolean write, Label otherwise) {
        e.freeFlags();
        a.lea(is64 ? RAX : EAX, Mem.mem(base, disp));
        check(size, write, otherwise);
        return place(base, disp);
    }

    private Mem place(Gpr base, long disp) {
        a.mov(RCX, addend());
        if (is64) {
            return Mem.mem(base, RCX, 1, disp);
        }
        a.lea(EAX, Mem.mem(base, disp)).add(RCX, RAX);
        return Mem.mem(RCX);
    }

    /** Leaves the offset of the TLB's entry in RCX. */
    void check(Step step, int size, boolean write, Runnable address) {
        Label again = new Label();
        a.bind(again);
        address.run();
        Label missed = new Label();
        check(size, write, missed);
        e.atEndWithoutFlags(missed, () -> e.refill(regime, write, true, again, miss(step, size, write)));
    }

    private void check(int size, boolean write, Label otherwise) {
        entry();
        a.xor(RAX, tag(write)).cmp(RAX, PAGE - size).jcc(Cond.A, otherwise);
    }

    /** Offset of the TLB's entry for an address. */
    int entry(long address) {
        return tlb + Tlb.entry(address);
    }

    /** Offset of the TLB's entry for fetching from an address. */
    int fetchEntry(long address) {
        return tlb + Tlb.fetchEntry(address);
    }

    /** Brings the offset of the TLB's entry for the address in RAX into RCX. */
    void entry() {
        a.mov(ECX, EAX).shr(ECX, Tlb.ENTRY_SHIFT).and(ECX, Tlb.ENTRY_MASK);
    }

    /** In the entry that RCX selects. */
    Mem tag(boolean write) {
        return state(tlb + offset(write), RCX, 1, 64);
    }

    /** In the entry that RCX selects. */
    Mem addend() {
        return state(tlb + Tlb.ADDEND, RCX, 1, 64);
    }

    private static int offset(boolean write) {
        return write ? Tlb.WRITE : Tlb.READ;
    }

    private static Exit miss(Step step, int size, boolean write) {
        int access = write ? PageWalker.WRITE : PageWalker.READ;
        return new Exit(Exit.MISS, step.rip).access(access, size, step.isAligned());
    }

    /**
     * An address that is known now: so is the TLB's entry, and whether it ends in the page.
     *
     * @param relative whether it counts from the instruction
     */
    private Mem constant(Step step, long address, int size, boolean write, boolean relative) {
        e.freeFlags();
        long page = address & -PAGE;
        if (address - page > PAGE - size) {
            a.jmp(e.leaving(Exit.INTERPRET, step.rip));
        }
        int entry = entry(address);
        Label again = new Label();
        a.bind(again);
        load(RAX, page, relative);
        a.cmp(state(entry + offset(write), 64), RAX);
        entryOf(address, relative);
        Label missed = new Label();
        a.jcc(Cond.NE, missed);
        e.atEndWithoutFlags(missed, () -> {
            a.add(RAX, address - page);
            e.refill(regime, write, false, again, miss(step, size, write));
        });
        a.mov(RCX, state(entry + Tlb.ADDEND, 64));
        entryOf(address, relative);
        if ((int) address == address) {
            if (relative) {
                e.notToBeMoved();
            }
            return Mem.mem(RCX, address);
        }
        a.add(RCX, RAX);
        return Mem.mem(RCX, address - page);
    }

    private void load(Gpr to, long address, boolean relative) {
        if (relative) {
            e.address(to, address);
        } else {
            a.mov(to, address);
        }
    }

    /** The last bytes name the TLB's entry for an address. */
    private void entryOf(long address, boolean relative) {
        if (relative) {
            e.addressAbove(Relocations.TLB_ENTRY, address);
        }
    }

    /** The linear address, in RAX. Uses RCX. */
    void address(Step step) {
        Instruction in = step.in;
        effective(step, in.addrSize() == 4 ? EAX : RAX);
        if (hasBase(in)) {
            if (is64) {
                a.add(RAX, segmentBase(in));
            } else {
                a.add(EAX, segmentBase(in).bits(32));
            }
        }
    }

    /** The effective address, in RAX. Uses RCX; leaves the flags alone. */
    void effective(Step step, Gpr to) {
        Instruction in = step.in;
        int bits = to.bits();
        long disp = step.displacement();
        Gpr base = in.base() < 0 ? null : HostRegisters.host(in.base(), bits);
        Gpr index = in.index() < 0 ? null : HostRegisters.host(in.index(), bits);
        if (in.base() >= 0 && base == null) {
            base = RAX.as(bits);
            a.mov(base, HostRegisters.slot(in.base(), bits));
        }
        if (in.index() >= 0 && index == null) {
            index = RCX.as(bits);
            a.mov(index, HostRegisters.slot(in.index(), bits));
        }
        if (base == null && index == null) {
            load(to, bits == 64 ? disp : disp & 0xffff_ffffL, in.ripRelative());
        } else if (index == null && disp == 0) {
            if (base != to) {
                a.mov(to, base);
            }
        } else {
            a.lea(to, Mem.mem(base, index, index == null ? 1 : 1 << in.scale(), disp));
        }
    }

    /** With RCX = what to add. */
    private Mem translated(Step step) {
        Instruction in = step.in;
        long disp = step.displacement();
        if (in.ripRelative()) {
            e.notToBeMoved();
        }
        if (hasBase(in)) {
            a.add(RCX, segmentBase(in));
        }
        if ((int) disp != disp) {
            a.mov(RAX, disp).add(RCX, RAX);
            disp = 0;
        }
        Gpr base = in.base() < 0 ? null : HostRegisters.host(in.base());
        if (in.index() < 0) {
            if (in.base() < 0) {
                return Mem.mem(RCX, disp);
            }
            if (base != null) {
                return Mem.mem(base, RCX, 1, disp);
            }
            a.add(RCX, HostRegisters.slot(in.base(), 64));
            return Mem.mem(RCX, disp);
        }
        if (in.base() >= 0) {
            a.add(RCX, HostRegisters.place(in.base(), 64));
        }
        Gpr index = HostRegisters.host(in.index());
        if (index != null) {
            return Mem.mem(RCX, index, 1 << in.scale(), disp);
        }
        a.mov(RAX, HostRegisters.slot(in.index(), 64)).lea(RCX, Mem.mem(RCX, RAX, 1 << in.scale(), disp));
        return Mem.mem(RCX);
    }

    /** With RCX = what to add; the address, of 32 bits, is summed up again. */
    private Mem wrapped(Step step) {
        a.mov(state(StateBlock.SPILL, 64), RCX);
        address(step);
        a.mov(RCX, state(StateBlock.SPILL, 64)).add(RCX, RAX);
        return Mem.mem(RCX);
    }

    private static boolean hasBase(Instruction in) {
        return in.segment() >= 4;
    }

    private static Mem segmentBase(Instruction in) {
        return HostRegisters.slot(org.lodgevm.x86.state.Gpr.SEGMENT_BASE + in.segment(), 64);
    }
}
