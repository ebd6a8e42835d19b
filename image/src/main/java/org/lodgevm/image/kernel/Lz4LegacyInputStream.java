package org.lodgevm.image.kernel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Unpacks LZ4's legacy frame: a magic number, then blocks of up to 8 MiB, each after its length. Source: LZ4, doc/lz4_Frame_format.md,
 * "Legacy frame", and doc/lz4_Block_format.md.
 */
final class Lz4LegacyInputStream extends InputStream {
    private static final int MAGIC = 0x184c_2102;
    private static final int BLOCK = 8 << 20;
    /** Of a block that does not shrink. */
    private static final int LONGEST = BLOCK + BLOCK / 255 + 16;
    private static final int SHORTEST_MATCH = 4;
    private static final int MORE = 15;
    private static final int MORE_STILL = 255;

    private final InputStream in;
    private final byte[] unpacked = new byte[BLOCK];
    private int length;
    private int position;
    private byte[] block;
    private int at;

    Lz4LegacyInputStream(InputStream in) throws IOException {
        this.in = in;
        if (number() != MAGIC) {
            throw new IOException("this is not LZ4's legacy format");
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? unpacked[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int most) throws IOException {
        if (most == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(most, length - position);
        System.arraycopy(unpacked, position, to, offset, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (position == length) {
            byte[] head = in.readNBytes(Integer.BYTES);
            if (head.length == 0) {
                return false;
            }
            if (head.length < Integer.BYTES) {
                throw new EOFException("an LZ4 block's length that is cut off");
            }
            int size = littleEndian(head);
            if (size == MAGIC) {
                continue;
            }
            if (size <= 0 || size > LONGEST) {
                throw new IOException("an LZ4 block of %,d bytes".formatted(Integer.toUnsignedLong(size)));
            }
            block = in.readNBytes(size);
            if (block.length < size) {
                throw new EOFException("an LZ4 block that is cut off");
            }
            unpack();
        }
        return true;
    }

    private int number() throws IOException {
        byte[] bytes = in.readNBytes(Integer.BYTES);
        return bytes.length < Integer.BYTES ? 0 : littleEndian(bytes);
    }

    private static int littleEndian(byte[] bytes) {
        return bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | bytes[3] << 24;
    }

    /** Sequences of literals and, but for the last, a match of what came before. */
    private void unpack() throws IOException {
        at = 0;
        length = 0;
        position = 0;
        try {
            while (at < block.length) {
                int token = block[at++] & 0xff;
                int literals = extended(token >> 4);
                System.arraycopy(block, at, unpacked, length, literals);
                at += literals;
                length += literals;
                if (at < block.length) {
                    int distance = block[at++] & 0xff | (block[at++] & 0xff) << 8;
                    copy(distance, extended(token & MORE) + SHORTEST_MATCH);
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("a damaged LZ4 block", e);
        }
    }

    private int extended(int nibble) {
        int value = nibble;
        if (nibble == MORE) {
            int more;
            do {
                more = block[at++] & 0xff;
                value += more;
            } while (more == MORE_STILL && value < BLOCK);
        }
        return value;
    }

    /** What is copied may still be being written: a distance shorter than the match repeats. */
    private void copy(int distance, int count) throws IOException {
        int from = length - distance;
        if (distance == 0 || from < 0) {
            throw new IOException("a damaged LZ4 block");
        }
        if (distance >= count) {
            System.arraycopy(unpacked, from, unpacked, length, count);
        } else {
            for (int i = 0; i < count; i++) {
                unpacked[length + i] = unpacked[from + i];
            }
        }
        length += count;
    }
}
