package org.lodgevm.storage.zstd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The checksum of a frame's content, with seed zero.
 *
 * @xxhash XXH64, doc/xxhash_spec.md
 */
final class XxHash64 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long PRIME_1 = 0x9e37_79b1_85eb_ca87L;
    private static final long PRIME_2 = 0xc2b2_ae3d_27d4_eb4fL;
    private static final long PRIME_3 = 0x1656_67b1_9e37_79f9L;
    private static final long PRIME_4 = 0x85eb_ca77_c2b2_ae63L;
    private static final long PRIME_5 = 0x27d4_eb2f_1656_67c5L;

    private static final long PRIME_1_PLUS_2 = 0x60ea_27ee_adc0_b5d6L;

    private static final int LANES = 4;
    private static final int STRIPE = LANES * Long.BYTES;

    private final long[] lanes = {PRIME_1_PLUS_2, PRIME_2, 0, -PRIME_1};
    private final byte[] rest = new byte[STRIPE];
    private int restLength;
    private long total;

    void update(byte[] data, int from, int length) {
        total += length;
        int at = from;
        int end = from + length;
        while (at < end) {
            if (restLength == 0 && end - at >= STRIPE) {
                stripe(data, at);
                at += STRIPE;
                continue;
            }
            int count = Math.min(STRIPE - restLength, end - at);
            System.arraycopy(data, at, rest, restLength, count);
            restLength += count;
            at += count;
            if (restLength == STRIPE) {
                stripe(rest, 0);
                restLength = 0;
            }
        }
    }

    long value() {
        long hash = total < STRIPE ? PRIME_5 : converged();
        hash += total;
        int at = 0;
        for (; at + Long.BYTES <= restLength; at += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(rest, at)), 27) * PRIME_1 + PRIME_4;
        }
        for (; at + Integer.BYTES <= restLength; at += Integer.BYTES) {
            long word = (int) INT.get(rest, at) & 0xffff_ffffL;
            hash = Long.rotateLeft(hash ^ word * PRIME_1, 23) * PRIME_2 + PRIME_3;
        }
        for (; at < restLength; at++) {
            hash = Long.rotateLeft(hash ^ (rest[at] & 0xff) * PRIME_5, 11) * PRIME_1;
        }
        hash = (hash ^ hash >>> 33) * PRIME_2;
        hash = (hash ^ hash >>> 29) * PRIME_3;
        return hash ^ hash >>> 32;
    }

    private void stripe(byte[] data, int at) {
        for (int i = 0; i < LANES; i++) {
            lanes[i] = round(lanes[i], (long) LONG.get(data, at + i * Long.BYTES));
        }
    }

    private long converged() {
        long hash = Long.rotateLeft(lanes[0], 1) + Long.rotateLeft(lanes[1], 7) + Long.rotateLeft(lanes[2], 12)
                + Long.rotateLeft(lanes[3], 18);
        for (long lane : lanes) {
            hash = (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
        }
        return hash;
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }
}
