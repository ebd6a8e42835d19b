package org.lodgevm.storage.zstd;

import java.io.ByteArrayOutputStream;

/**
 * Compresses what is in memory as a whole, quickly rather than as small as possible.
 *
 * @rfc 8878 3.1.1
 */
public final class ZstdCompressor {
    private static final int MAGIC = 0xfd2f_b528;
    /** The content's size in four bytes; all of it is the window. */
    private static final int DESCRIPTOR = 2 << 6 | 1 << 5;
    private static final int RAW = 0;
    private static final int COMPRESSED = 2;
    private static final int BLOCK_HEADER = 3;

    private ZstdCompressor() {}

    /** @return one frame, which may be a little larger than the content */
    public static byte[] compress(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2 + 64);
        put(out, MAGIC, Integer.BYTES);
        out.write(DESCRIPTOR);
        put(out, content.length, Integer.BYTES);
        BlockEncoder encoder = new BlockEncoder(content);
        int at = 0;
        do {
            int end = Math.min(content.length, at + BlockDecoder.LARGEST_BLOCK);
            byte[] block = encoder.encode(at, end);
            int last = end == content.length ? 1 : 0;
            if (block != null) {
                put(out, block.length << 3 | COMPRESSED << 1 | last, BLOCK_HEADER);
                out.writeBytes(block);
            } else {
                put(out, end - at << 3 | RAW << 1 | last, BLOCK_HEADER);
                out.write(content, at, end - at);
            }
            at = end;
        } while (at < content.length);
        return out.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write(value >>> Byte.SIZE * i);
        }
    }
}
