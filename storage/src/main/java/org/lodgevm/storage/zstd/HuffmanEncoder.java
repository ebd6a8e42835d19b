package org.lodgevm.storage.zstd;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Codes for literals, by how often each occurs.
 *
 * @rfc 8878 4.2
 */
final class HuffmanEncoder {
    private static final int SYMBOLS = 256;
    private static final int LONGEST_CODE = 11;
    private static final int MOST_DIRECT = 128;
    private static final int DIRECT = 127;
    private static final int WEIGHTS_LOG = 6;
    private static final int MOST_COMPRESSED = 127;

    /** A symbol, or two subtrees. */
    private record Node(int count, int symbol, Node left, Node right) {}

    private final int[] lengths;
    private final int[] codes = new int[SYMBOLS];
    private final int[] weights = new int[SYMBOLS];
    private final int lastSymbol;

    private HuffmanEncoder(int[] lengths) {
        this.lengths = lengths;
        int log = Arrays.stream(lengths).max().orElseThrow();
        int highest = 0;
        for (int symbol = 0; symbol < SYMBOLS; symbol++) {
            weights[symbol] = lengths[symbol] == 0 ? 0 : log + 1 - lengths[symbol];
            highest = lengths[symbol] == 0 ? highest : symbol;
        }
        this.lastSymbol = highest;
        int at = 0;
        for (int weight = 1; weight <= log; weight++) {
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                if (weights[symbol] == weight) {
                    codes[symbol] = at >>> weight - 1;
                    at += 1 << weight - 1;
                }
            }
        }
    }

    /** @return null if there are not two different literals */
    static HuffmanEncoder of(byte[] literals, int length) {
        int[] counts = new int[SYMBOLS];
        for (int i = 0; i < length; i++) {
            counts[literals[i] & 0xff]++;
        }
        if (Arrays.stream(counts).filter(count -> count > 0).count() < 2) {
            return null;
        }
        int[] lengths = lengths(counts);
        while (Arrays.stream(lengths).max().orElseThrow() > LONGEST_CODE) {
            counts = Arrays.stream(counts).map(count -> count == 0 ? 0 : count / 2 + 1).toArray(); // flatter
            lengths = lengths(counts);
        }
        return new HuffmanEncoder(lengths);
    }

    private static int[] lengths(int[] counts) {
        PriorityQueue<Node> nodes = new PriorityQueue<>(Comparator.comparingInt(Node::count));
        for (int symbol = 0; symbol < SYMBOLS; symbol++) {
            if (counts[symbol] > 0) {
                nodes.add(new Node(counts[symbol], symbol, null, null));
            }
        }
        while (nodes.size() > 1) {
            Node left = nodes.remove();
            Node right = nodes.remove();
            nodes.add(new Node(left.count + right.count, -1, left, right));
        }
        int[] lengths = new int[SYMBOLS];
        measure(nodes.remove(), 0, lengths);
        return lengths;
    }

    private static void measure(Node node, int depth, int[] lengths) {
        if (node.left == null) {
            lengths[node.symbol] = depth;
        } else {
            measure(node.left, depth + 1, lengths);
            measure(node.right, depth + 1, lengths);
        }
    }

    /** Writes what a decoder needs to have the same codes. @return where it ends, or -1 if it cannot be said */
    int describe(byte[] to, int at) {
        int end = describeCompressed(to, at);
        boolean direct = lastSymbol <= MOST_DIRECT && (end < 0 || end > at + 1 + (lastSymbol + 1) / 2);
        if (!direct) {
            return end;
        }
        to[at] = (byte) (DIRECT + lastSymbol);
        for (int i = 0; i < lastSymbol; i += 2) {
            to[at + 1 + i / 2] = (byte) (weights[i] << 4 | (i + 1 < lastSymbol ? weights[i + 1] : 0));
        }
        return at + 1 + (lastSymbol + 1) / 2;
    }

    /** Two states take turns. @rfc 8878 4.2.1.2 */
    private int describeCompressed(byte[] to, int at) {
        int[] probabilities = probabilities();
        if (probabilities == null || lastSymbol < 2) {
            return -1;
        }
        BitWriter description = new BitWriter(to, at + 1);
        FseTable.write(WEIGHTS_LOG, probabilities, description);
        BitWriter bits = new BitWriter(to, description.end());
        FseEncoder encoder = new FseEncoder(FseTable.of(WEIGHTS_LOG, probabilities), probabilities.length);
        int[] states = new int[2];
        states[(lastSymbol - 1) % 2] = encoder.begin(weights[lastSymbol - 1]);
        states[lastSymbol % 2] = encoder.begin(weights[lastSymbol - 2]);
        for (int i = lastSymbol - 3; i >= 0; i--) {
            states[i % 2] = encoder.step(weights[i], states[i % 2], bits);
        }
        encoder.end(states[1], bits);
        encoder.end(states[0], bits);
        int end = bits.endBackward();
        to[at] = (byte) (end - at - 1);
        return end - at - 1 <= MOST_COMPRESSED && end <= to.length ? end : -1;
    }

    /** How many of the table's states each weight has, or null if there is one weight only. */
    private int[] probabilities() {
        int[] counts = new int[LONGEST_CODE + 1];
        for (int i = 0; i < lastSymbol; i++) {
            counts[weights[i]]++;
        }
        int size = 1 << WEIGHTS_LOG;
        int left = size;
        int most = 0;
        int highest = 0;
        int[] states = new int[counts.length];
        for (int weight = 0; weight < counts.length; weight++) {
            if (counts[weight] > 0) {
                states[weight] = Math.max(1, counts[weight] * size / lastSymbol);
                left -= states[weight];
                highest = weight;
                most = counts[weight] > counts[most] ? weight : most;
            }
        }
        states[most] += left;
        return states[most] < 1 || states[most] >= size ? null : Arrays.copyOf(states, highest + 1);
    }

    /** Writes a stream, to be read backward. @return where it ends */
    int encode(byte[] literals, int from, int to, byte[] out, int at) {
        BitWriter bits = new BitWriter(out, at);
        for (int i = to - 1; i >= from; i--) {
            int symbol = literals[i] & 0xff;
            bits.write(codes[symbol], lengths[symbol]);
        }
        return bits.endBackward();
    }
}
