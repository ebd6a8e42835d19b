package org.lodgevm.storage.zstd;

import static org.lodgevm.storage.zstd.MalformedZstdException.check;

import java.util.Arrays;

/**
 * Decodes compressed blocks: literals, and sequences that say how many of them to copy and what to repeat of what was
 * decoded before. Tables and offsets carry over from one block of a frame to the next.
 *
 * @rfc 8878 3.1.1.3
 */
final class BlockDecoder {
    /** No block is larger, before or after. */
    static final int LARGEST_BLOCK = 128 * 1024;

    private static final int RAW = 0;
    private static final int RLE = 1;
    private static final int TREELESS = 3;
    private static final int FOUR_STREAMS_HEADER = 6;

    private final byte[] literals = new byte[LARGEST_BLOCK];
    private final SequenceDecoder sequences = new SequenceDecoder();
    private int literalsLength;
    private HuffmanTable huffman;

    /** Appends a block's content to the window. */
    void decode(byte[] block, int length, Window window) throws MalformedZstdException {
        int at = readLiterals(block, length);
        sequences.decode(block, at, length, literals, literalsLength, window);
    }

    /** @return where the sequences start. @rfc 8878 3.1.1.3.1 */
    private int readLiterals(byte[] block, int end) throws MalformedZstdException {
        check(end > 0, "a block is empty");
        int type = block[0] & 3;
        int format = block[0] >> 2 & 3;
        if (type == RAW || type == RLE) {
            return readPlain(block, end, type, format);
        }
        int sizeBits = format < 2 ? 10 : 6 + 4 * format;
        int headerLength = (4 + 2 * sizeBits) / Byte.SIZE;
        check(headerLength <= end, "the literals are cut off");
        literalsLength = (int) Bits.get(block, 0, end, 4, sizeBits);
        int compressed = (int) Bits.get(block, 0, end, 4 + sizeBits, sizeBits);
        int stop = headerLength + compressed;
        check(stop <= end && literalsLength <= LARGEST_BLOCK, "the literals are too many");
        int streams = headerLength;
        if (type == TREELESS) {
            check(huffman != null, "there is no Huffman table to use again");
        } else {
            HuffmanTable.Read read = HuffmanTable.read(block, headerLength, stop);
            huffman = read.table();
            streams = read.end();
        }
        if (format == 0) {
            huffman.decode(block, streams, stop, literals, 0, literalsLength);
        } else {
            readFourStreams(block, streams, stop);
        }
        return stop;
    }

    private int readPlain(byte[] block, int end, int type, int format) throws MalformedZstdException {
        int headerLength =
                switch (format) {
                    case 1 -> 2;
                    case 3 -> 3;
                    default -> 1;
                };
        int shift = headerLength == 1 ? 3 : 4;
        literalsLength = (int) Bits.get(block, 0, end, shift, headerLength * Byte.SIZE - shift);
        int stop = headerLength + (type == RAW ? literalsLength : 1);
        check(stop <= end && literalsLength <= LARGEST_BLOCK, "the literals are too many");
        if (type == RAW) {
            System.arraycopy(block, headerLength, literals, 0, literalsLength);
        } else {
            Arrays.fill(literals, 0, literalsLength, block[headerLength]);
        }
        return stop;
    }

    /** Three lengths, then four streams of a quarter of the literals each. @rfc 8878 3.1.1.3.1.6 */
    private void readFourStreams(byte[] block, int start, int end) throws MalformedZstdException {
        check(start + FOUR_STREAMS_HEADER <= end, "the literals are cut off");
        int quarter = (literalsLength + 3) / 4;
        check(3 * quarter <= literalsLength, "the literals are too few for four streams");
        int at = start + FOUR_STREAMS_HEADER;
        for (int i = 0; i < 3; i++) {
            int stop = at + (int) Bits.get(block, start, end, i * 16L, 16);
            check(stop <= end, "the literals are cut off");
            huffman.decode(block, at, stop, literals, i * quarter, quarter);
            at = stop;
        }
        huffman.decode(block, at, end, literals, 3 * quarter, literalsLength - 3 * quarter);
    }
}
