package org.lodgevm.storage.zstd;

/** Writes bits into bytes, the lowest of each byte first. What is read backward is written in the opposite order. */
final class BitWriter {
    private final byte[] data;
    private int at;
    private long pending;
    private int count;

    BitWriter(byte[] data, int at) {
        this.data = data;
        this.at = at;
    }

    /** @param width at most 32 */
    void write(long value, int width) {
        pending |= (value & (1L << width) - 1) << count;
        count += width;
        while (count >= Byte.SIZE) {
            put();
        }
    }

    /** Without room bytes are lost; {@link #end} tells. */
    private void put() {
        if (at < data.length) {
            data[at] = (byte) pending;
        }
        at++;
        pending >>>= Byte.SIZE;
        count -= Byte.SIZE;
    }

    /** Fills up the last byte. @return where what follows begins; beyond the array if there was no room */
    int end() {
        if (count > 0) {
            count = Byte.SIZE;
            put();
        }
        return at;
    }

    /** Marks the end of what is read backward. */
    int endBackward() {
        write(1, 1);
        return end();
    }
}
