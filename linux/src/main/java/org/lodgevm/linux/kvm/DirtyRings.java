package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.PageSet;

/**
 * A ring of each vCPU, shared with the kernel, in which it enters a page before it first writes to it: to ask costs as much as was written,
 * however much memory there is. A vCPU whose ring is nearly full comes back to us, to go on when it has been emptied.
 *
 * <p>Source: KVM_CAP_DIRTY_LOG_RING in Linux's Documentation/virt/kvm/api.rst. An entry's flags say whose it is: the kernel's (0), ours
 * (dirty), or the kernel's again once it has write-protected the page (reset).
 */
final class DirtyRings implements WriteLog {
    /** Of each ring, 64 KiB of the kernel's memory. What a processor logs by itself, 512 pages, has to fit several times. */
    static final int ENTRIES = 4096;

    private static final long ENTRY = Structs.DIRTY_GFN.byteSize();
    private static final long FLAGS = Structs.offset(Structs.DIRTY_GFN, "flags");
    private static final long SLOT = Structs.offset(Structs.DIRTY_GFN, "slot");
    private static final long OFFSET = Structs.offset(Structs.DIRTY_GFN, "offset");
    private static final int KVM_DIRTY_GFN_F_DIRTY = 1;
    private static final int KVM_DIRTY_GFN_F_RESET = 1 << 1;
    /** KVM_DIRTY_LOG_PAGE_OFFSET, in pages of a vCPU's descriptor. */
    private static final int FIRST_PAGE = 64;

    private final KvmHandle vm;
    private final List<GuestMemory.Slot> slots;
    private final Arena arena = Arena.ofShared();
    /** Guarded by this. */
    private final List<Ring> rings = new ArrayList<>();

    /**
     * @param vm without vCPUs yet
     * @param slots by the kernel's numbers
     */
    DirtyRings(KvmHandle vm, List<GuestMemory.Slot> slots) {
        this.vm = vm;
        this.slots = slots;
        try (Arena call = Arena.ofConfined()) {
            MemorySegment enable = call.allocate(Structs.ENABLE_CAP);
            enable.set(JAVA_INT, 0, Capability.KVM_CAP_DIRTY_LOG_RING.number());
            enable.set(JAVA_LONG, Structs.offset(Structs.ENABLE_CAP, "args"), ENTRIES * ENTRY);
            vm.call(Ioctl.KVM_ENABLE_CAP, enable);
        }
    }

    static boolean offeredBy(Kvm kvm) {
        return kvm.check(Capability.KVM_CAP_DIRTY_LOG_RING) >= ENTRIES * ENTRY;
    }

    @Override
    public synchronized void add(KvmHandle vcpu) {
        rings.add(new Ring(LibC.map(vcpu.descriptor(), (long) FIRST_PAGE * PageSet.PAGE, ENTRIES * ENTRY, arena).address()));
    }

    @Override
    public synchronized void collect(LongConsumer found) {
        int taken = 0;
        for (Ring ring : rings) {
            taken += ring.take(found);
        }
        while (taken > 0) { // a signal for this thread stops the kernel at it
            int reset = vm.tryCall(Ioctl.KVM_RESET_DIRTY_RINGS, 0);
            taken -= reset == -Errno.EINTR ? 0 : (int) LibC.check(Ioctl.KVM_RESET_DIRTY_RINGS.name(), reset);
        }
    }

    @Override
    public synchronized void close() {
        rings.clear();
        arena.close();
    }

    private final class Ring {
        private final long address;
        private int next;

        Ring(long address) {
            this.address = address;
        }

        /** @return of how many pages */
        int take(LongConsumer found) {
            int taken = 0;
            for (long entry = next(); HostMemory.getVolatile32(entry + FLAGS) == KVM_DIRTY_GFN_F_DIRTY; entry = next()) {
                // its upper half numbers address spaces, of which a machine without SMM has one
                GuestMemory.Slot slot = slots.get(HostMemory.get32(entry + SLOT));
                found.accept(slot.gpa() + HostMemory.get64(entry + OFFSET) * PageSet.PAGE);
                HostMemory.or32(entry + FLAGS, KVM_DIRTY_GFN_F_RESET);
                next = (next + 1) % ENTRIES;
                taken++;
            }
            if (taken == ENTRIES) { // no kernel fills the last ones, unless it overwrites others
                throw LibC.failure("KVM_CAP_DIRTY_LOG_RING", Errno.ENOBUFS);
            }
            return taken;
        }

        private long next() {
            return address + next * ENTRY;
        }
    }
}
