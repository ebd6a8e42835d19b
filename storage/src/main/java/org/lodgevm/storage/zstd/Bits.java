package org.lodgevm.storage.zstd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bits of a byte array, the lowest of each byte first. */
final class Bits {
    /** More than any field has. */
    static final int MOST = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Bits() {}

    /**
     * @param position of the lowest bit; before {@code start} and from {@code end} on, all bits are zero
     * @param count at most {@link #MOST}
     */
    static long get(byte[] data, int start, int end, long position, int count) {
        if (position < 0) {
            int missing = (int) -Math.max(position, -count);
            return missing == count ? 0 : get(data, start, end, 0, count - missing) << missing;
        }
        int at = start + (int) (position >>> 3);
        long word = at + Long.BYTES <= data.length && at + Long.BYTES <= end
                ? (long) LONG.get(data, at)
                : tail(data, at, end);
        return word >>> (position & 7) & (1L << count) - 1;
    }

    private static long tail(byte[] data, int from, int end) {
        long word = 0;
        for (int i = Math.min(end, from + Long.BYTES) - 1; i >= from; i--) {
            word = word << Byte.SIZE | data[i] & 0xff;
        }
        return word;
    }
}
