package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongConsumer;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PageSet;

/**
 * A bit for each page of memory, which any kernel has: to ask costs as much as there is memory.
 *
 * @param slots by the kernel's numbers
 */
record DirtyBitmaps(KvmHandle vm, List<GuestMemory.Slot> slots) implements WriteLog {
    @Override
    public void add(KvmHandle vcpu) {
        // all write to the same bitmaps
    }

    @Override
    public void collect(LongConsumer found) {
        for (int i = 0; i < slots.size(); i++) {
            if (!slots.get(i).readOnly()) {
                collect(i, found);
            }
        }
    }

    private void collect(int number, LongConsumer found) {
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
                    found.accept(slot.gpa() + page * PageSet.PAGE);
                }
            }
        }
    }

    @Override
    public void close() {
        // nothing is held
    }
}
