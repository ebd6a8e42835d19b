package org.lodgevm.storage.zstd;

import static org.lodgevm.storage.zstd.MalformedZstdException.check;

import java.util.Arrays;

/**
 * A table of finite state entropy: each state stands for a symbol, and says how the next state is found.
 *
 * @rfc 8878 4.1
 */
final class FseTable {
    private static final int SMALLEST_LOG = 5;
    /** A symbol that is less probable than one state in all: it has one state, at the end of the table. */
    private static final int LESS_THAN_ONE = -1;

    private final int log;
    private final byte[] symbols;
    private final byte[] bits;
    private final short[] baselines;

    private FseTable(int log) {
        this.log = log;
        this.symbols = new byte[1 << log];
        this.bits = new byte[1 << log];
        this.baselines = new short[1 << log];
    }

    /** A table for a distribution of {@code 2^log} states over the symbols. */
    static FseTable of(int log, int... probabilities) {
        FseTable table = new FseTable(log);
        int size = 1 << log;
        int[] next = new int[probabilities.length];
        int top = size;
        for (int symbol = 0; symbol < probabilities.length; symbol++) {
            next[symbol] = Math.abs(probabilities[symbol]);
            if (probabilities[symbol] == LESS_THAN_ONE) {
                table.symbols[--top] = (byte) symbol;
            }
        }
        table.spread(probabilities, top);
        for (int state = 0; state < size; state++) {
            int count = next[table.symbols[state] & 0xff]++;
            int width = log - highestBit(count);
            table.bits[state] = (byte) width;
            table.baselines[state] = (short) ((count << width) - size);
        }
        return table;
    }

    /** A table in which the symbol is always the same. */
    static FseTable single(int symbol) {
        FseTable table = new FseTable(0);
        table.symbols[0] = (byte) symbol;
        return table;
    }

    /** A table as it was read, and where what follows it starts. */
    record Read(FseTable table, int end) {}

    /** Reads a table's description. @rfc 8878 4.1.1 */
    static Read read(byte[] data, int start, int end, int largestLog, int largestSymbol)
            throws MalformedZstdException {
        int log = (int) Bits.get(data, start, end, 0, 4) + SMALLEST_LOG;
        check(log <= largestLog, "an entropy table is too large");
        int[] probabilities = new int[largestSymbol + 1];
        int count = 0;
        int remaining = 1 << log;
        long position = 4;
        while (remaining > 0) {
            check(count <= largestSymbol && position <= (long) (end - start) * Byte.SIZE, "an entropy table has no end");
            int width = highestBit(remaining + 1) + 1;
            int value = (int) Bits.get(data, start, end, position, width);
            int low = value & (1 << width - 1) - 1;
            int shorter = (1 << width) - 2 - remaining; // values below this take a bit less
            if (low < shorter) {
                value = low;
                position += width - 1;
            } else {
                value -= value > (1 << width - 1) - 1 ? shorter : 0;
                position += width;
            }
            int probability = value - 1;
            probabilities[count++] = probability;
            remaining -= Math.abs(probability);
            if (probability == 0) {
                int zeros;
                do {
                    zeros = (int) Bits.get(data, start, end, position, 2);
                    position += 2;
                    count += zeros;
                    check(count <= largestSymbol + 1, "an entropy table has too many symbols");
                } while (zeros == 3);
            }
        }
        int used = (int) (position + Byte.SIZE - 1 >>> 3);
        check(remaining == 0 && used <= end - start, "an entropy table does not add up");
        return new Read(of(log, Arrays.copyOf(probabilities, count)), start + used);
    }

    /** Writes a table's description. @param probabilities the last of which is not zero; none is below one @rfc 8878 4.1.1 */
    static void write(int log, int[] probabilities, BitWriter bits) {
        bits.write(log - SMALLEST_LOG, 4);
        int remaining = 1 << log;
        for (int symbol = 0; symbol < probabilities.length; symbol++) {
            int value = probabilities[symbol] + 1;
            int width = highestBit(remaining + 1) + 1;
            int shorter = (1 << width) - 2 - remaining;
            if (value < shorter) {
                bits.write(value, width - 1);
            } else {
                bits.write(value < 1 << width - 1 ? value : value + shorter, width);
            }
            remaining -= probabilities[symbol];
            if (probabilities[symbol] == 0) {
                int zeros = 0;
                while (probabilities[symbol + 1] == 0) {
                    zeros++;
                    symbol++;
                }
                for (int left = zeros; left >= 0; left -= 3) {
                    bits.write(Math.min(left, 3), 2);
                }
            }
        }
    }

    int log() {
        return log;
    }

    int symbol(int state) {
        return symbols[state] & 0xff;
    }

    /** How many bits the next state depends on. */
    int bits(int state) {
        return bits[state];
    }

    /** The first of the states that may follow. */
    int baseline(int state) {
        return baselines[state] & 0xffff;
    }

    int next(int state, BackwardBits stream) {
        return (baselines[state] & 0xffff) + stream.read(bits[state]);
    }

    private void spread(int[] probabilities, int top) {
        int size = 1 << log;
        int step = (size >> 1) + (size >> 3) + 3;
        int state = 0;
        for (int symbol = 0; symbol < probabilities.length; symbol++) {
            for (int i = 0; i < probabilities[symbol]; i++) {
                symbols[state] = (byte) symbol;
                do {
                    state = state + step & size - 1;
                } while (state >= top);
            }
        }
    }

    static int highestBit(int value) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
    }
}
