package org.lodgevm.storage.zstd;

import static org.lodgevm.storage.zstd.MalformedZstdException.check;

import java.io.IOException;
import java.io.InputStream;

/**
 * Unpacks Zstandard frames, one or several in a row. Memory is that of the largest window that is allowed, and only as
 * much of it as the content takes.
 *
 * @rfc 8878 3.1
 */
public final class ZstdInputStream extends InputStream {
    private static final int MAGIC = 0xfd2f_b528;
    private static final int SKIPPABLE_MAGIC = 0x184d_2a50;
    private static final int SKIPPABLE_MASK = 0xffff_fff0;
    /** What {@code zstd --ultra -22} needs; dpkg stays far below. */
    private static final int LARGEST_WINDOW = 1 << 27;

    private static final int RAW = 0;
    private static final int RLE = 1;
    private static final int COMPRESSED = 2;
    private static final int BLOCK_HEADER = 3;
    private static final long UNKNOWN = -1;

    private final InputStream in;
    private final byte[] block = new byte[BlockDecoder.LARGEST_BLOCK];
    private Window window = new Window(0);
    private BlockDecoder decoder;
    private XxHash64 hash;
    private boolean inFrame;
    private long expected;
    private long produced;
    private int frames;

    public ZstdInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (length > 0 && window.available() == 0) {
            if (!inFrame && !beginFrame()) {
                return -1;
            }
            if (inFrame) {
                readBlock();
            }
        }
        return window.read(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** @return whether anything follows; a frame to skip is skipped. @rfc 8878 3.1.1.1, 3.1.2 */
    private boolean beginFrame() throws IOException {
        int first = in.read();
        if (first < 0) {
            check(frames > 0, "there is none");
            return false;
        }
        int magic = first | (int) number(3) << Byte.SIZE;
        frames++;
        if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
            in.skipNBytes(number(4));
            return true;
        }
        check(magic == MAGIC, "it has no frame where one belongs");
        int descriptor = (int) number(1);
        check((descriptor & 1 << 3) == 0, "reserved bits are set");
        boolean single = (descriptor & 1 << 5) != 0;
        long windowSize = single ? 0 : windowSize((int) number(1));
        int dictionaryLength = (1 << (descriptor & 3)) >> 1;
        check(number(dictionaryLength) == 0, "it needs a dictionary");
        int sizeFlag = descriptor >> 6;
        int sizeLength = sizeFlag == 0 && !single ? 0 : 1 << sizeFlag;
        long contentSize = number(sizeLength) + (sizeLength == 2 ? 256 : 0);
        long size = single ? contentSize : windowSize;
        check(size >= 0 && size <= LARGEST_WINDOW, "it needs a window of " + size + " bytes");
        window = new Window((int) size);
        decoder = new BlockDecoder();
        hash = (descriptor & 1 << 2) != 0 ? new XxHash64() : null;
        expected = sizeLength == 0 ? UNKNOWN : contentSize;
        produced = 0;
        inFrame = true;
        return true;
    }

    /** @rfc 8878 3.1.1.2 */
    private void readBlock() throws IOException {
        int header = (int) number(BLOCK_HEADER);
        int size = header >> 3;
        check(size <= BlockDecoder.LARGEST_BLOCK, "a block is too large");
        window.beginBlock();
        switch (header >> 1 & 3) {
            case RAW -> window.append(bytes(size), 0, size);
            case RLE -> window.fill(bytes(1)[0], size);
            case COMPRESSED -> decoder.decode(bytes(size), size, window);
            default -> check(false, "a block is of no known type");
        }
        if (hash != null) {
            window.hash(hash);
        }
        produced += window.available();
        if ((header & 1) != 0) {
            inFrame = false;
            check(expected == UNKNOWN || expected == produced, "its content has another size than it says");
            check(hash == null || number(4) == (hash.value() & 0xffff_ffffL), "its checksum is wrong");
        }
    }

    /** An exponent and eight steps between the powers of two. @rfc 8878 3.1.1.1.2 */
    private static long windowSize(int descriptor) {
        long base = 1L << 10 + (descriptor >> 3);
        return base + base / 8 * (descriptor & 7);
    }

    private long number(int length) throws IOException {
        byte[] bytes = bytes(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[i] & 0xff;
        }
        return value;
    }

    private byte[] bytes(int length) throws IOException {
        check(in.readNBytes(block, 0, length) == length, "it is cut off");
        return block;
    }
}
