package org.lodgevm.storage.zstd;

import static org.lodgevm.storage.zstd.MalformedZstdException.check;

/**
 * A table of the Huffman codes that literals are written in: looked up by the next bits of the stream.
 *
 * @rfc 8878 4.2
 */
final class HuffmanTable {
    private static final int LONGEST_CODE = 11;
    private static final int MOST_WEIGHTS = 255;
    private static final int LARGEST_WEIGHTS_LOG = 6;
    /** From this first byte on, the weights follow as they are, four bits each. */
    private static final int DIRECT = 128;

    private final int log;
    private final byte[] symbols;
    private final byte[] lengths;

    private HuffmanTable(int[] weights, int count, int log) {
        this.log = log;
        this.symbols = new byte[1 << log];
        this.lengths = new byte[1 << log];
        int at = 0;
        for (int weight = 1; weight <= log; weight++) {
            for (int symbol = 0; symbol < count; symbol++) {
                if (weights[symbol] == weight) {
                    int end = at + (1 << weight - 1);
                    while (at < end) {
                        symbols[at] = (byte) symbol;
                        lengths[at++] = (byte) (log + 1 - weight);
                    }
                }
            }
        }
    }

    /** A table as it was read, and where what follows it starts. */
    record Read(HuffmanTable table, int end) {}

    /** Reads a table's description. @rfc 8878 4.2.1 */
    static Read read(byte[] data, int start, int end) throws MalformedZstdException {
        check(start < end, "a Huffman table is missing");
        int header = data[start] & 0xff;
        int[] weights = new int[MOST_WEIGHTS + 1];
        int count;
        int next;
        if (header >= DIRECT) {
            count = header - DIRECT + 1;
            next = start + 1 + (count + 1) / 2;
            check(next <= end, "a Huffman table is cut off");
            for (int i = 0; i < count; i++) {
                int pair = data[start + 1 + i / 2] & 0xff;
                weights[i] = i % 2 == 0 ? pair >> 4 : pair & 0xf;
            }
        } else {
            next = start + 1 + header;
            check(next <= end, "a Huffman table is cut off");
            count = readCompressed(data, start + 1, next, weights);
        }
        return new Read(complete(weights, count), next);
    }

    /** Decodes a stream of exactly so many literals. */
    void decode(byte[] data, int start, int end, byte[] to, int from, int count) throws MalformedZstdException {
        BackwardBits stream = new BackwardBits(data, start, end);
        for (int i = from; i < from + count; i++) {
            int code = stream.peek(log);
            to[i] = symbols[code];
            stream.skip(lengths[code]);
        }
        check(stream.left() == 0, "a stream of literals has another length than it says");
    }

    /** Two states take turns until the stream is used up. @rfc 8878 4.2.1.2 */
    private static int readCompressed(byte[] data, int start, int end, int[] weights) throws MalformedZstdException {
        FseTable.Read read = FseTable.read(data, start, end, LARGEST_WEIGHTS_LOG, MOST_WEIGHTS);
        FseTable table = read.table();
        BackwardBits stream = new BackwardBits(data, read.end(), end);
        int state = stream.read(table.log());
        int other = stream.read(table.log());
        check(stream.left() >= 0, "a Huffman table is cut off");
        int count = 0;
        while (true) {
            check(count < MOST_WEIGHTS - 1, "a Huffman table has too many symbols");
            weights[count++] = table.symbol(state);
            if (stream.left() < table.bits(state)) {
                weights[count++] = table.symbol(other);
                return count;
            }
            int next = table.next(state, stream);
            state = other;
            other = next;
        }
    }

    /** The last symbol's weight is not written: it is what fills the table. */
    private static HuffmanTable complete(int[] weights, int count) throws MalformedZstdException {
        int total = 0;
        for (int i = 0; i < count; i++) {
            check(weights[i] <= LONGEST_CODE, "a Huffman code is too long");
            total += weights[i] == 0 ? 0 : 1 << weights[i] - 1;
        }
        check(total > 0, "a Huffman table is empty");
        int log = FseTable.highestBit(total) + 1;
        int rest = (1 << log) - total;
        check(log <= LONGEST_CODE && Integer.bitCount(rest) == 1, "a Huffman table does not add up");
        weights[count] = FseTable.highestBit(rest) + 1;
        return new HuffmanTable(weights, count + 1, log);
    }
}
