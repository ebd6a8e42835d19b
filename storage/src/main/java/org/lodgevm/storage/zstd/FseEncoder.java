package org.lodgevm.storage.zstd;

import java.util.Arrays;

/**
 * Writes symbols by a table of finite state entropy, from the last to the first: the decoder's table, turned around.
 *
 * @rfc 8878 4.1
 */
final class FseEncoder {
    private final FseTable table;
    /** From a symbol and the state after it to the state of the symbol. */
    private final short[][] before;
    private final short[] last;

    FseEncoder(FseTable table, int symbols) {
        this.table = table;
        int size = 1 << table.log();
        this.before = new short[symbols][size];
        this.last = new short[symbols];
        Arrays.fill(last, (short) -1);
        for (int state = 0; state < size; state++) {
            int symbol = table.symbol(state);
            int baseline = table.baseline(state);
            for (int next = baseline; next < baseline + (1 << table.bits(state)); next++) {
                before[symbol][next] = (short) state;
            }
            // Of several, the one that takes bits to leave: by their lack a decoder knows the end.
            if (last[symbol] < 0 || table.bits(state) > table.bits(last[symbol])) {
                last[symbol] = (short) state;
            }
        }
    }

    /** The state of the last symbol. */
    int begin(int symbol) {
        return last[symbol];
    }

    /** Writes how to get to {@code next}. @return the state of the symbol before it */
    int step(int symbol, int next, BitWriter bits) {
        int state = before[symbol][next];
        bits.write(next - table.baseline(state), table.bits(state));
        return state;
    }

    /** Writes the state of the first symbol. */
    void end(int state, BitWriter bits) {
        bits.write(state, table.log());
    }
}
