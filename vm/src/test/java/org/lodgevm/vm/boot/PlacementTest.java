package org.lodgevm.vm.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final long FOUR_GIB = 1L << 32;

    @Test
    void theLowestPlaceSkipsTheFirstPageAndWhatIsTaken() {
        Placement placement = new Placement(MemoryMap.of(16 << 20));
        assertThat(placement.lowest(100, 1, 0, FOUR_GIB, "a")).isEqualTo(0x1000);
        assertThat(placement.lowest(100, 16, 0, FOUR_GIB, "b")).isEqualTo(0x1070);
        assertThat(placement.lowest(1 << 20, 4096, 0, FOUR_GIB, "c")).isEqualTo(0x10_0000);
    }

    @Test
    void theHighestPlaceEndsBelowTheLimit() {
        Placement placement = new Placement(MemoryMap.of(16 << 20));
        assertThat(placement.highest(100, FOUR_GIB, "a")).isEqualTo(0xff_f000);
        assertThat(placement.highest(0x2000, 0x80_0000, "b")).isEqualTo(0x7f_e000);
        assertThat(placement.highest(0x1000, 0x80_0000, "c")).isEqualTo(0x7f_d000);
    }

    @Test
    void memoryAboveFourGibibytesIsUsedOnlyWhenAllowed() {
        Placement placement = new Placement(MemoryMap.of(4L << 30));
        assertThat(placement.highest(0x1000, FOUR_GIB, "a")).isLessThan(0xb000_0000L);
        assertThat(placement.highest(0x1000, Long.MAX_VALUE, "b")).isGreaterThan(FOUR_GIB);
    }

    @Test
    void claimsOutsideRamOrTwiceAreRefused() {
        Placement placement = new Placement(MemoryMap.of(16 << 20));
        placement.claim(0x20_0000, 0x1000, "first");
        for (long[] wrong : new long[][] {{0x20_0800, 8}, {0x9_f000, 0x2000}, {0xff_ffff, 2}, {-1, 2}, {0x30_0000, Long.MAX_VALUE}, {0, 8}}) {
            assertThatThrownBy(() -> placement.claim(wrong[0], wrong[1], "second")).isInstanceOf(BootException.class)
                    .hasMessageStartingWith("second needs memory at");
        }
    }

    @Test
    void whateverIsAskedForNothingOverlaps() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            Placement placement = new Placement(MemoryMap.of(32 << 20));
            TreeMap<Long, Long> taken = new TreeMap<>();
            for (int i = 0; i < 60; i++) {
                long size = 1L + random.nextInt(1 << 10 + random.nextInt(11));
                long start;
                try {
                    start = random.nextBoolean()
                            ? placement.lowest(size, 1L << random.nextInt(20), random.nextInt(1 << 25), FOUR_GIB, "x")
                            : placement.highest(size, random.nextInt(1 << 25), "x");
                } catch (BootException e) {
                    continue;
                }
                Long before = taken.floorKey(start + size - 1);
                assertThat(before == null || before + taken.get(before) <= start).isTrue();
                taken.put(start, size);
            }
        }
    }
}
