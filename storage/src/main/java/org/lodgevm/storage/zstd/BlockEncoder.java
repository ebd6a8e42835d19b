package org.lodgevm.storage.zstd;

import java.util.Arrays;

/**
 * Encodes blocks: literals by Huffman codes of their own, sequences by the predefined tables.
 *
 * @rfc 8878 3.1.1.3
 */
final class BlockEncoder {
    private static final int PLAIN_HEADER = 3;
    private static final int COMPRESSED = 2;
    private static final int FEWEST_LITERALS = 64;
    private static final int SINGLE_STREAM = 256;
    private static final int JUMP_TABLE = 6;
    private static final int LONG_COUNT = 0x7f00;
    /** Values of offsets up to here stand for offsets used before, which are not looked for. */
    private static final int REPEATED_OFFSETS = 3;

    private static final FseEncoder LITERALS = new FseEncoder(SequenceDecoder.LITERALS_DEFAULT, SequenceDecoder.LITERALS_BASE.length);
    private static final FseEncoder MATCHES = new FseEncoder(SequenceDecoder.MATCH_DEFAULT, SequenceDecoder.MATCH_BASE.length);
    private static final FseEncoder OFFSETS = new FseEncoder(SequenceDecoder.OFFSET_DEFAULT, Integer.SIZE);

    private final byte[] data;
    private final MatchFinder finder;
    private final byte[] literals = new byte[BlockDecoder.LARGEST_BLOCK];
    private final byte[] scratch = new byte[2 * BlockDecoder.LARGEST_BLOCK];

    BlockEncoder(byte[] data) {
        this.data = data;
        this.finder = new MatchFinder(data);
    }

    /** @return the block, or null if it would not be smaller */
    byte[] encode(int begin, int end) {
        MatchFinder.Sequences sequences = finder.find(begin, end);
        int length = collectLiterals(sequences, begin, end);
        int at = writeLiterals(length);
        at = writeCount(sequences.count, at);
        if (sequences.count > 0) {
            scratch[at++] = 0; // all tables are the predefined ones
            at = writeSequences(sequences, at);
        }
        return at < end - begin ? Arrays.copyOf(scratch, at) : null;
    }

    private int collectLiterals(MatchFinder.Sequences sequences, int begin, int end) {
        int from = begin;
        int length = 0;
        for (int i = 0; i < sequences.count; i++) {
            System.arraycopy(data, from, literals, length, sequences.literals[i]);
            length += sequences.literals[i];
            from += sequences.literals[i] + sequences.matches[i];
        }
        System.arraycopy(data, from, literals, length, end - from);
        return length + end - from;
    }

    /** @rfc 8878 3.1.1.3.1 */
    private int writeLiterals(int length) {
        HuffmanEncoder huffman = length < FEWEST_LITERALS ? null : HuffmanEncoder.of(literals, length);
        int end = huffman == null ? -1 : writeCompressedLiterals(huffman, length);
        if (end >= 0 && end < PLAIN_HEADER + length) {
            return end;
        }
        int format = 3 << 2; // a length of 20 bits
        put(0, (long) length << 4 | format, PLAIN_HEADER);
        System.arraycopy(literals, 0, scratch, PLAIN_HEADER, length);
        return PLAIN_HEADER + length;
    }

    private int writeCompressedLiterals(HuffmanEncoder huffman, int length) {
        boolean single = length < SINGLE_STREAM;
        int format = single ? 0 : length < 1 << 10 ? 1 : length < 1 << 14 ? 2 : 3;
        int sizeBits = format < 2 ? 10 : 6 + 4 * format;
        int header = (4 + 2 * sizeBits) / Byte.SIZE;
        int at = huffman.describe(scratch, header);
        if (at < 0) {
            return -1;
        }
        if (single) {
            at = huffman.encode(literals, 0, length, scratch, at);
        } else {
            int jumps = at;
            int quarter = (length + 3) / 4;
            at += JUMP_TABLE;
            for (int i = 0; i < 4; i++) {
                int next = huffman.encode(literals, i * quarter, Math.min(length, (i + 1) * quarter), scratch, at);
                if (i < 3) {
                    put(jumps + 2 * i, next - at, 2);
                }
                at = next;
            }
        }
        int compressed = at - header;
        put(0, (long) compressed << 4 + sizeBits | (long) length << 4 | format << 2 | COMPRESSED, header);
        return compressed < 1 << sizeBits ? at : -1;
    }

    private void put(int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            scratch[at + i] = (byte) (value >>> Byte.SIZE * i);
        }
    }

    private int writeCount(int count, int at) {
        if (count < 128) {
            scratch[at] = (byte) count;
            return at + 1;
        }
        if (count < LONG_COUNT) {
            scratch[at] = (byte) ((count >> Byte.SIZE) + 128);
            scratch[at + 1] = (byte) count;
            return at + 2;
        }
        scratch[at] = (byte) 255;
        put(at + 1, count - LONG_COUNT, 2);
        return at + 3;
    }

    private static int code(int[] bases, int value) {
        int found = Arrays.binarySearch(bases, value);
        return found >= 0 ? found : -found - 2;
    }

    /** From the last to the first, as a decoder reads backward. @rfc 8878 3.1.1.3.2.1 */
    private int writeSequences(MatchFinder.Sequences sequences, int at) {
        BitWriter bits = new BitWriter(scratch, at);
        int literalsState = 0;
        int matchState = 0;
        int offsetState = 0;
        for (int i = sequences.count - 1; i >= 0; i--) {
            int literalsCode = code(SequenceDecoder.LITERALS_BASE, sequences.literals[i]);
            int matchCode = code(SequenceDecoder.MATCH_BASE, sequences.matches[i]);
            int offset = sequences.offsets[i] + REPEATED_OFFSETS;
            int offsetCode = FseTable.highestBit(offset);
            if (i == sequences.count - 1) {
                literalsState = LITERALS.begin(literalsCode);
                matchState = MATCHES.begin(matchCode);
                offsetState = OFFSETS.begin(offsetCode);
            } else {
                offsetState = OFFSETS.step(offsetCode, offsetState, bits);
                matchState = MATCHES.step(matchCode, matchState, bits);
                literalsState = LITERALS.step(literalsCode, literalsState, bits);
            }
            bits.write(sequences.literals[i] - SequenceDecoder.LITERALS_BASE[literalsCode], SequenceDecoder.LITERALS_BITS[literalsCode]);
            bits.write(sequences.matches[i] - SequenceDecoder.MATCH_BASE[matchCode], SequenceDecoder.MATCH_BITS[matchCode]);
            bits.write(offset, offsetCode);
        }
        MATCHES.end(matchState, bits);
        OFFSETS.end(offsetState, bits);
        LITERALS.end(literalsState, bits);
        return bits.endBackward();
    }
}
