package org.lodgevm.storage.zstd;

import static org.lodgevm.storage.zstd.MalformedZstdException.check;

/**
 * A bit stream that is read from its end to its start. Its last byte's highest one marks where it ends.
 *
 * @rfc 8878 4.1, 4.2.2
 */
final class BackwardBits {
    private final byte[] data;
    private final int start;
    private final int end;
    private long position;

    BackwardBits(byte[] data, int start, int end) throws MalformedZstdException {
        check(start < end && data[end - 1] != 0, "a bit stream has no end");
        this.data = data;
        this.start = start;
        this.end = end;
        int marker = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(data[end - 1] & 0xff);
        this.position = (end - start - 1L) * Byte.SIZE + marker;
    }

    /** How many bits are left; negative once more were read than there are. */
    long left() {
        return position;
    }

    /** The next bits, as a number; beyond the start there are zeros. */
    int peek(int count) {
        return (int) Bits.get(data, start, end, position - count, count);
    }

    void skip(int count) {
        position -= count;
    }

    int read(int count) {
        int value = peek(count);
        skip(count);
        return value;
    }
}
