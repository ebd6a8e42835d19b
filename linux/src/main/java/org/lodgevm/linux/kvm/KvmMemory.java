package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/** The guest's memory as the kernel knows it, and which pages of it the guest writes to. Source: Linux's Documentation/virt/kvm/api.rst. */
final class KvmMemory {
    private static final int KVM_MEM_LOG_DIRTY_PAGES = 1;
    private static final int KVM_MEM_READONLY = 1 << 1;

    private final KvmHandle vm;
    private final GuestMemory memory;
    /** By the kernel's numbers. */
    private final List<GuestMemory.Slot> slots;

    KvmMemory(KvmHandle vm, GuestMemory memory) {
        this.vm = vm;
        this.memory = memory;
        slots = memory.slots();
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

    void logWrites(boolean on) {
        map(on ? KVM_MEM_LOG_DIRTY_PAGES : 0);
    }

    /** The kernel forgets what it tells, and write-protects those pages again. */
    void collectWrites(PageSet found) {
        for (int i = 0; i < slots.size(); i++) {
            if (!slots.get(i).readOnly()) {
                collect(i, found);
            }
        }
    }

    private void collect(int number, PageSet found) {
        GuestMemory.Slot slot = slots.get(number);
        long words = (slot.size() / PageSet.PAGE + Long.SIZE - 1) / Long.SIZE;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bitmap = arena.allocate(JAVA_LONG, words);
            MemorySegment log = arena.allocate(Structs.DIRTY_LOG);
            log.set(JAVA_INT, Structs.offset(Structs.DIRTY_LOG, "slot"), number);
            log.set(JAVA_LONG, Structs.offset(Structs.DIRTY_LOG, "dirty_bitmap"), bitmap.address());
            vm.call(Ioctl.KVM_GET_DIRTY_LOG, log);
            for (long word = 0; word < words; word++) {
                for (long left = bitmap.getAtIndex(JAVA_LONG, word); left != 0; left &= left - 1) {
                    long page = word * Long.SIZE + Long.numberOfTrailingZeros(left);
                    memory.mark(found, slot.gpa() + page * PageSet.PAGE, PageSet.PAGE);
                }
            }
        }
    }
}
