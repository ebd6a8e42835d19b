package org.lodgevm.x86.paging;

import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.x86.state.GuestFault;

/** Ties the TLB to the page walker and to guest memory, and fills the one from the others. */
public final class Mmu {
    /** Instead of a host address: there is no RAM or ROM there, go through the bus. */
    public static final long DEVICE = 0;

    /** What the owner knows about pages that must not be written or read behind its back. */
    public interface PagePolicy {
        /** Whether stores to this physical page must take the slow path: decoded code lies there. */
        boolean holdsCode(long physicalPage);

        /** Whether every access to this linear page must take the slow path. */
        boolean watched(long linearPage);
    }

    private final Bus bus;
    private final GuestMemory memory;
    private final PagePolicy policy;
    public final PageWalker walker;
    public final Tlb tlb;
    private long physical;

    public Mmu(Bus bus, GuestFault fault, PagePolicy policy, Tlb tlb) {
        this.bus = bus;
        this.memory = bus.memory();
        this.policy = policy;
        walker = new PageWalker(bus, fault);
        this.tlb = tlb;
    }

    /** Whether the address is canonical in the current paging mode. */
    public boolean canonical(long linear) {
        return walker.canonical(linear);
    }

    /** The same in the mode with the widest addresses: what is loaded into registers as a base or an entry point. */
    public static boolean canonicalBase(long linear) {
        int unused = Long.SIZE - PageWalker.LINEAR_BITS;
        return linear << unused >> unused == linear;
    }

    /**
     * Translates one access within a page and fills the TLB if that may be done.
     *
     * @param access {@link PageWalker#READ}, {@link PageWalker#WRITE} or {@link PageWalker#FETCH}
     * @return the host address, or {@link #DEVICE}; {@link #physical} is set in both cases
     * @throws GuestFault #PF
     */
    public long translate(long linear, int access, int regime) {
        walker.walk(linear, access, regime);
        physical = walker.physical;
        GuestMemory.Slot slot = memory.slot(physical);
        if (slot == null || bus.hasDeviceInPage(physical)) {
            return DEVICE;
        }
        memory.await(physical, 1); // translated code gets no page that is not here
        int direct = walker.allowed;
        if (access == PageWalker.WRITE) {
            memory.written(physical, 1);
        } else if (memory.logsWrites()) {
            direct &= ~PageWalker.WRITE; // the first write is to be noticed
        }
        if (slot.readOnly()) {
            if (access == PageWalker.WRITE) {
                return DEVICE; // the bus drops what is written to ROM
            }
            direct &= ~PageWalker.WRITE;
        }
        long host = slot.host(physical);
        boolean wholePage = slot.contains(physical & ~0xfffL) && slot.contains(physical | 0xfff);
        if (wholePage && !policy.watched(linear & ~0xfffL)) {
            if (policy.holdsCode(physical & ~0xfffL)) {
                direct &= ~PageWalker.WRITE;
            }
            tlb.fill(regime, linear, physical, host, direct, walker.global, walker.pageBits);
        }
        return host;
    }

    /** The physical address of the last {@link #translate}. */
    public long physical() {
        return physical;
    }
}
