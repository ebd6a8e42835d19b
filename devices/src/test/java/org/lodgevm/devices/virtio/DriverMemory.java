package org.lodgevm.devices.virtio;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;

/** A guest's RAM as its driver uses it: it hands out pieces one after the other. */
public final class DriverMemory {
    public static final long SIZE = 64 << 20;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.withOrder(LITTLE_ENDIAN).varHandle();

    public final GuestMemory memory = new GuestMemory();
    private final MemorySegment ram;
    private long next = 0x1000;
    private long kept = next;

    public DriverMemory() {
        memory.addRam(0, SIZE, RamSource.temporaryFile());
        memory.addRom(SIZE, new byte[0x1000]);
        ram = memory.at(0, SIZE);
    }

    public synchronized long allocate(long bytes) {
        long at = next;
        next += bytes + 0xfff & -0x1000L;
        if (next > SIZE) {
            throw new IllegalStateException("the test needs more memory");
        }
        return at;
    }

    /** What was handed out after {@link #keep} may be handed out again. */
    public synchronized void forgetBuffers() {
        next = kept;
    }

    /** What was handed out so far stays in use. */
    public synchronized void keep() {
        kept = next;
    }

    public int get16(long gpa) {
        return (short) SHORT.getAcquire(ram, gpa) & 0xffff;
    }

    public void put16(long gpa, int value) {
        SHORT.setRelease(ram, gpa, (short) value);
    }

    public int get32(long gpa) {
        return ram.get(INT, gpa);
    }

    public void put32(long gpa, int value) {
        ram.set(INT, gpa, value);
    }

    public void put64(long gpa, long value) {
        ram.set(LONG, gpa, value);
    }

    public byte[] bytes(long gpa, long count) {
        return ram.asSlice(gpa, count).toArray(ValueLayout.JAVA_BYTE);
    }

    public void bytes(long gpa, byte[] bytes) {
        ram.asSlice(gpa, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }
}
