package org.lodgevm.machine;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Little-endian access to memory of this process by absolute address.
 *
 * <p>The CPU's state block, its TLB and guest RAM are off heap, so that interpreted and translated code share them. One
 * constant segment over the whole address space compiles to a bare load or store. There is no bounds check: an address
 * passed here comes from a segment this process owns, never from the guest. Guest addresses become host addresses in
 * one place only, the MMU's TLB fill, which checks them.
 */
public final class HostMemory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private static final VarHandle ALIGNED_INT = ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN).varHandle();
    private static final VarHandle ALIGNED_LONG = ValueLayout.JAVA_LONG.withOrder(LITTLE_ENDIAN).varHandle();

    private HostMemory() {}

    /** Zero-extended byte. */
    public static int get8(long address) {
        return ALL.get(BYTE, address) & 0xff;
    }

    /** Zero-extended 16-bit word. */
    public static int get16(long address) {
        return ALL.get(SHORT, address) & 0xffff;
    }

    public static int get32(long address) {
        return ALL.get(INT, address);
    }

    public static long get64(long address) {
        return ALL.get(LONG, address);
    }

    public static void put8(long address, int value) {
        ALL.set(BYTE, address, (byte) value);
    }

    public static void put16(long address, int value) {
        ALL.set(SHORT, address, (short) value);
    }

    public static void put32(long address, int value) {
        ALL.set(INT, address, value);
    }

    public static void put64(long address, long value) {
        ALL.set(LONG, address, value);
    }

    /** Ordered before and after everything else, as all atomic accesses here. The address is naturally aligned. */
    public static int getVolatile32(long address) {
        return (int) ALIGNED_INT.getVolatile(ALL, address);
    }

    /** Read anew each time, in no order with anything else. */
    public static int getOpaque32(long address) {
        return (int) ALIGNED_INT.getOpaque(ALL, address);
    }

    public static long getVolatile64(long address) {
        return (long) ALIGNED_LONG.getVolatile(ALL, address);
    }

    /** Replaces a value that is still {@code expected}; false if it is not. */
    public static boolean compareAndSet32(long address, int expected, int value) {
        return ALIGNED_INT.compareAndSet(ALL, address, expected, value);
    }

    public static boolean compareAndSet64(long address, long expected, long value) {
        return ALIGNED_LONG.compareAndSet(ALL, address, expected, value);
    }

    /** As it was before. */
    public static int or32(long address, int bits) {
        return (int) ALIGNED_INT.getAndBitwiseOr(ALL, address, bits);
    }

    /** As it was before. */
    public static int and32(long address, int bits) {
        return (int) ALIGNED_INT.getAndBitwiseAnd(ALL, address, bits);
    }

    public static void or64(long address, long bits) {
        ALIGNED_LONG.getAndBitwiseOr(ALL, address, bits);
    }

    /** Copies {@code bytes} bytes; the ranges may overlap. */
    public static void copy(long source, long destination, long bytes) {
        MemorySegment.copy(ALL, source, ALL, destination, bytes);
    }

    public static void fill(long address, long bytes, int value) {
        ALL.asSlice(address, bytes).fill((byte) value);
    }

    /**
     * New memory that is 0. The host gives a page of it when that is first touched; {@link Arena#allocate} touches all of them. It is given back when nothing
     * refers to the segment any more.
     *
     * @param alignment a power of two
     */
    public static MemorySegment zeroed(long bytes, long alignment) {
        long padded = bytes + alignment - 1;
        long address = Allocation.CALLOC.callLong(1, padded);
        if (address == 0) {
            throw new OutOfMemoryError("the host has no %d bytes".formatted(padded));
        }
        return MemorySegment.ofAddress(address)
                .reinterpret(padded, Arena.ofAuto(), all -> Allocation.FREE.callInt(all.address()))
                .asSlice(-address & alignment - 1, bytes);
    }

    private static final class Allocation {
        static final HostFunction CALLOC = HostFunction.named("calloc");
        static final HostFunction FREE = HostFunction.named("free");
    }

    /** The memory at an address as a segment, for atomic accesses and bulk copies. */
    public static MemorySegment segment(long address, long bytes) {
        return ALL.asSlice(address, bytes);
    }
}
