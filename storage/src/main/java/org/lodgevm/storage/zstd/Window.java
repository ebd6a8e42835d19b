package org.lodgevm.storage.zstd;

import static org.lodgevm.storage.zstd.MalformedZstdException.check;

import java.util.Arrays;

/** What was decoded last: as far back as a frame may refer to, and what of it nobody has read yet. */
final class Window {
    /** Room beyond the window, so that it is moved to the front only now and then. */
    private static final int LARGEST_SLACK = 8 << 20;

    private final int size;
    private final int capacity;
    private byte[] data = new byte[BlockDecoder.LARGEST_BLOCK];
    private int end;
    private int read;

    /** @param size how far back, in bytes; memory is taken as it is needed */
    Window(int size) {
        this.size = size;
        this.capacity = size + Math.clamp(size, 2 * BlockDecoder.LARGEST_BLOCK, LARGEST_SLACK);
    }

    /** Makes room for a block. All must have been read. */
    void beginBlock() {
        while (end + BlockDecoder.LARGEST_BLOCK > data.length) {
            if (data.length < capacity) {
                data = Arrays.copyOf(data, (int) Math.min(2L * data.length, capacity));
            } else {
                System.arraycopy(data, end - size, data, 0, size);
                end = size;
                read = size;
            }
        }
    }

    void append(byte[] from, int at, int length) throws MalformedZstdException {
        checkRoom(length);
        System.arraycopy(from, at, data, end, length);
        end += length;
    }

    void fill(byte value, int length) throws MalformedZstdException {
        checkRoom(length);
        Arrays.fill(data, end, end + length, value);
        end += length;
    }

    /** Appends what stands so far back; it may run into what it appends. */
    void repeat(long offset, int length) throws MalformedZstdException {
        check(offset > 0 && offset <= end && offset <= size, "a sequence refers to what is not there");
        checkRoom(length);
        int from = end - (int) offset;
        if (offset >= length) {
            System.arraycopy(data, from, data, end, length);
        } else {
            for (int i = 0; i < length; i++) {
                data[end + i] = data[from + i];
            }
        }
        end += length;
    }

    /** How much is there to be read. */
    int available() {
        return end - read;
    }

    int read(byte[] to, int at, int length) {
        int count = Math.min(length, available());
        System.arraycopy(data, read, to, at, count);
        read += count;
        return count;
    }

    /** Adds what nobody has read yet to a checksum. */
    void hash(XxHash64 hash) {
        hash.update(data, read, available());
    }

    private void checkRoom(int length) throws MalformedZstdException {
        check(length <= BlockDecoder.LARGEST_BLOCK - available(), "a block is too large");
    }
}
