package org.lodgevm.x86.oracle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A record of {@link Layout}: a case, or the result of one. */
final class Case {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment record;

    Case(MemorySegment record) {
        this.record = record;
    }

    /** One of its own, all zero. */
    Case() {
        this(MemorySegment.ofArray(new long[Layout.RECORD / Long.BYTES]));
    }

    MemorySegment record() {
        return record;
    }

    long gpr(int number) {
        return get64(Layout.GPR + 8 * number);
    }

    void gpr(int number, long value) {
        put64(Layout.GPR + 8 * number, value);
    }

    long get64(int offset) {
        return record.get(LONG, offset);
    }

    void put64(int offset, long value) {
        record.set(LONG, offset, value);
    }

    int get32(int offset) {
        return record.get(INT, offset);
    }

    void put32(int offset, int value) {
        record.set(INT, offset, value);
    }

    int get16(int offset) {
        return record.get(SHORT, offset) & 0xFFFF;
    }

    void put16(int offset, int value) {
        record.set(SHORT, offset, (short) value);
    }

    int get8(int offset) {
        return record.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    }

    void put8(int offset, int value) {
        record.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }

    byte[] bytes(int offset, int count) {
        return record.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE);
    }

    void put(int offset, byte[] bytes) {
        MemorySegment.copy(bytes, 0, record, ValueLayout.JAVA_BYTE, offset, bytes.length);
    }

    void copyFrom(Case other) {
        record.copyFrom(other.record);
    }
}
