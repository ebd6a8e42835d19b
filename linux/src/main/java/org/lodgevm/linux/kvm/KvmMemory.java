package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/** The guest's memory as the kernel knows it, and which pages of it the guest writes to. Source: Linux's Documentation/virt/kvm/api.rst. */
final class KvmMemory implements AutoCloseable {
    private static final int KVM_MEM_LOG_DIRTY_PAGES = 1;
    private static final int KVM_MEM_READONLY = 1 << 1;

    private final KvmHandle vm;
    private final GuestMemory memory;
    /** By the kernel's numbers. */
    private final List<GuestMemory.Slot> slots;
    private final WriteLog log;

    /** @param vm without vCPUs yet */
    KvmMemory(Kvm kvm, KvmHandle vm, GuestMemory memory) {
        this.vm = vm;
        this.memory = memory;
        slots = memory.slots();
        log = DirtyRings.offeredBy(kvm) ? new DirtyRings(vm, slots) : new DirtyBitmaps(vm, slots);
        map(0);
    }

    /** Names every slot to the kernel, or changes what is to be done with those that can be written to. */
    private void map(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment region = arena.allocate(Structs.USERSPACE_MEMORY_REGION);
            for (int i = 0; i < slots.size(); i++) {
                GuestMemory.Slot slot = slots.get(i);
                region.set(JAVA_INT, region("slot"), i);
                region.set(JAVA_INT, region("flags"), slot.readOnly() ? KVM_MEM_READONLY : flags);
                region.set(JAVA_LONG, region("guest_phys_addr"), slot.gpa());
                region.set(JAVA_LONG, region("memory_size"), slot.size());
                region.set(JAVA_LONG, region("userspace_addr"), slot.segment().address());
                vm.call(Ioctl.KVM_SET_USER_MEMORY_REGION, region);
            }
        }
    }

    private static long region(String member) {
        return Structs.offset(Structs.USERSPACE_MEMORY_REGION, member);
    }

    /** Another vCPU, which has not run yet. */
    void add(KvmHandle vcpu) {
        log.add(vcpu);
    }

    void logWrites(boolean on) {
        if (!on) {
            log.collect(gpa -> {});
        }
        map(on ? KVM_MEM_LOG_DIRTY_PAGES : 0);
    }

    void collectWrites(PageSet found) {
        log.collect(gpa -> memory.mark(found, gpa, PageSet.PAGE));
    }

    /** Notes, for whoever will ask, what the kernel can tell by now. */
    void takeWrites() {
        log.collect(gpa -> memory.written(gpa, PageSet.PAGE));
    }

    @Override
    public void close() {
        log.close();
    }
}
