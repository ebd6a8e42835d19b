package org.lodgevm.storage.zstd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Finds what was there before: the last place with the same four bytes, and a better one a byte later. */
final class MatchFinder {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int HASH_BITS = 15;
    private static final int MIXER = 0x9e37_79b1;
    private static final int SHORTEST = 4;
    /** Where nothing is found for long, fewer places are looked at. */
    private static final int PATIENCE_BITS = 6;

    private final byte[] data;
    private final int[] places = new int[1 << HASH_BITS];

    /** What a block consists of: so many literals, then so many bytes from so far back. */
    static final class Sequences {
        int[] literals = new int[256];
        int[] matches = new int[256];
        int[] offsets = new int[256];
        int count;

        private void add(int run, int length, int offset) {
            if (count == literals.length) {
                literals = Arrays.copyOf(literals, 2 * count);
                matches = Arrays.copyOf(matches, 2 * count);
                offsets = Arrays.copyOf(offsets, 2 * count);
            }
            literals[count] = run;
            matches[count] = length;
            offsets[count++] = offset;
        }
    }

    MatchFinder(byte[] data) {
        this.data = data;
        Arrays.fill(places, -1);
    }

    /** The sequences of a block; what is left after the last one are literals. */
    Sequences find(int begin, int end) {
        Sequences found = new Sequences();
        int pending = begin;
        int at = begin;
        while (at + SHORTEST <= end) {
            int place = lookUp(at);
            int length = place < 0 ? 0 : matchLength(place, at, end);
            if (length < SHORTEST) {
                at += 1 + (at - pending >> PATIENCE_BITS);
                continue;
            }
            int later = at + 1 + SHORTEST <= end ? lookUp(at + 1) : -1;
            if (later >= 0) {
                int better = matchLength(later, at + 1, end);
                if (better > length + 1) {
                    at++;
                    place = later;
                    length = better;
                }
            }
            found.add(at - pending, length, at - place);
            for (int inside = at + 2; inside < at + length && inside + SHORTEST <= end; inside += 3) {
                lookUp(inside);
            }
            at += length;
            pending = at;
        }
        return found;
    }

    /** @return where the same bytes may have been last, remembering this place instead */
    private int lookUp(int at) {
        int slot = (int) INT.get(data, at) * MIXER >>> Integer.SIZE - HASH_BITS;
        int place = places[slot];
        places[slot] = at;
        return place;
    }

    private int matchLength(int place, int at, int end) {
        int length = Arrays.mismatch(data, place, place + end - at, data, at, end);
        return length < 0 ? end - at : length;
    }
}
