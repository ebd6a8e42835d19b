package org.lodgevm.devices.virtio.queue;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.lodgevm.machine.GuestMemory;

/**
 * Guest memory as a device reaches it: by guest-physical address, little-endian, and only RAM. Whoever keeps something derived from
 * memory is told of each write.
 */
public final class DmaMemory {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.withOrder(LITTLE_ENDIAN).varHandle();

    private static final long PAGE = 4096;

    private final GuestMemory memory;

    public DmaMemory(GuestMemory memory) {
        this.memory = memory;
    }

    /**
     * Bytes of memory from an address on that lie together.
     *
     * @param writing whether ROM counts as none
     * @return at most {@code bytes}
     * @throws QueueFault if there is none
     */
    long contiguous(long gpa, long bytes, boolean writing) {
        GuestMemory.Slot slot = memory.slot(gpa);
        if (slot == null || writing && slot.readOnly()) {
            throw new QueueFault("the driver names memory at 0x%x, where no RAM is".formatted(gpa));
        }
        return Math.min(bytes, slot.size() - (gpa - slot.gpa()));
    }

    /** Makes sure that all of a range can be accessed at once. @throws QueueFault if not */
    void require(long gpa, long bytes, boolean writing) {
        if (contiguous(gpa, bytes, writing) < bytes) {
            throw new QueueFault("the driver names %d bytes at 0x%x, where less RAM is".formatted(bytes, gpa));
        }
    }

    MemorySegment at(long gpa, long bytes) {
        return memory.at(gpa, bytes);
    }

    <E extends Exception> void change(long gpa, long bytes, GuestMemory.Change<E> change) throws E {
        memory.change(gpa, bytes, change);
    }

    /** Gives the whole pages of a range back to the host. */
    public void release(long gpa, long bytes) {
        long first = gpa + PAGE - 1 & -PAGE;
        long end = gpa + bytes & -PAGE;
        if (first < end) {
            memory.release(first, end - first);
        }
    }

    // ---- fields of rings, in ranges that were required before; those of 16 bits are aligned ----------------------

    /** What the driver stored before this value is seen by later reads. */
    int load16(long gpa) {
        return (short) SHORT.getAcquire(memory.at(gpa, Short.BYTES), 0L) & 0xffff;
    }

    int load32(long gpa) {
        return memory.at(gpa, Integer.BYTES).get(INT, 0);
    }

    long load64(long gpa) {
        return memory.at(gpa, Long.BYTES).get(LONG, 0);
    }

    /** The driver that sees this value sees all that was stored before. */
    void store16(long gpa, int value) {
        memory.change(gpa, Short.BYTES, place -> SHORT.setRelease(place, 0L, (short) value));
    }

    void store32(long gpa, int value) {
        memory.change(gpa, Integer.BYTES, place -> place.set(INT, 0, value));
    }
}
