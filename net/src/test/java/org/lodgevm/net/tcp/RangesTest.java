package org.lodgevm.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangesTest {
    @Test
    void rangesAreWhatABitSetIs() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            Ranges ranges = new Ranges();
            BitSet bits = new BitSet();
            for (int i = 0; i < 200; i++) {
                int start = random.nextInt(300);
                int end = start + 1 + random.nextInt(10);
                if (random.nextInt(10) == 0) {
                    ranges.removeBelow(start);
                    bits.clear(0, start);
                } else if (ranges.add(start, end)) {
                    bits.set(start, end);
                }
                check(ranges, bits, random.nextInt(300));
            }
        }
    }

    private static void check(Ranges ranges, BitSet bits, int position) {
        assertThat(ranges.size()).isEqualTo(bits.cardinality());
        int range = ranges.indexOf(position);
        assertThat(range >= 0).isEqualTo(bits.get(position));
        if (range >= 0) {
            assertThat(ranges.end(range)).isEqualTo(bits.nextClearBit(position));
        }
        if (!ranges.isEmpty()) {
            assertThat(ranges.top()).isEqualTo(bits.length());
        }
    }

    @Test
    void thereIsALimit() {
        Ranges ranges = new Ranges();
        int added = 0;
        while (ranges.add(2L * added, 2L * added + 1)) {
            added++;
        }
        assertThat(added).isEqualTo(64);
        assertThat(ranges.add(1, 2)).isTrue(); // closes a gap
        assertThat(ranges.count()).isEqualTo(63);
    }
}
