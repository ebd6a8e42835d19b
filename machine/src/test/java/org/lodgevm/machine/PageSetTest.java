package org.lodgevm.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageSetTest {
    private static final int PAGES = 300;

    /** With bits of the JDK's as the oracle. */
    @Test
    void passesOnThePagesThatWereAddedInTheirOrder() {
        Random random = new Random(1);
        for (int round = 0; round < 100; round++) {
            PageSet pages = new PageSet(PAGES);
            BitSet expected = new BitSet();
            for (int i = random.nextInt(20); i > 0; i--) {
                int first = random.nextInt(PAGES);
                int count = 1 + random.nextInt(Math.min(70, PAGES - first));
                pages.add((long) first * PageSet.PAGE, (long) count * PageSet.PAGE);
                expected.set(first, first + count);
            }
            List<Long> passed = new ArrayList<>();
            pages.forEach(passed::add);
            assertThat(passed).containsExactlyElementsOf(expected.stream().mapToObj(Long::valueOf).toList());
            assertThat(pages.count()).isEqualTo(expected.cardinality());
            for (int from = 0; from <= PAGES; from++) {
                assertThat(pages.next(from)).isEqualTo(expected.nextSetBit(from));
            }
        }
    }
}
