package org.lodgevm.vm.boot;

import java.util.Arrays;

/** Reads a file from front to back, in small pieces and leaps. */
final class FileCursor {
    private static final int WINDOW = 1 << 14;

    private final BootFile file;
    private final String what;
    private final long size;
    private long position;
    private byte[] window = {};
    private long windowStart;

    /** @param what it is called when it ends too early */
    FileCursor(BootFile file, String what) {
        this.file = file;
        this.what = what;
        this.size = file.size();
    }

    long position() {
        return position;
    }

    long left() {
        return size - position;
    }

    byte[] peek(int length) {
        if (length > left()) {
            throw truncated();
        }
        load(position, length);
        int offset = (int) (position - windowStart);
        return Arrays.copyOfRange(window, offset, offset + length);
    }

    byte[] bytes(int length) {
        byte[] bytes = peek(length);
        position += length;
        return bytes;
    }

    int u8() {
        return bytes(1)[0] & 0xff;
    }

    void skip(long length) {
        if (length > left()) {
            throw truncated();
        }
        position += length;
    }

    void skipZeros() {
        while (left() > 0 && byteAt(position) == 0) {
            position++;
        }
    }

    /** Position of the last byte that is not zero; there is one at the current position. */
    long lastNonZero() {
        long last = size - 1;
        while (byteAt(last) == 0) {
            last--;
        }
        return last;
    }

    private byte byteAt(long at) {
        if (at < windowStart || at >= windowStart + window.length) {
            read(at & -WINDOW, 1);
        }
        return window[(int) (at - windowStart)];
    }

    private void load(long at, int length) {
        if (at < windowStart || at + length > windowStart + window.length) {
            read(at, length);
        }
    }

    private void read(long at, int length) {
        window = file.read(at, (int) Math.min(Math.max(length, WINDOW), size - at));
        windowStart = at;
    }

    BootException truncated() {
        return new BootException("%s is truncated: it goes on after its %d bytes; fetch or build it again".formatted(what, size));
    }

    /** A little-endian number. */
    static int u32(byte[] bytes, int offset) {
        return bytes[offset] & 0xff | (bytes[offset + 1] & 0xff) << 8 | (bytes[offset + 2] & 0xff) << 16 | bytes[offset + 3] << 24;
    }
}
