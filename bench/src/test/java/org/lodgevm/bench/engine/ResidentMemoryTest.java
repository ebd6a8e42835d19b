package org.lodgevm.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
    private static final long RAM = 512L << 20;

    @Test
    void theMappingOfTheRamsSizeIsTheGuestsAndTheOthersAreNot() {
        List<String> smaps = """
                555500000000-555500100000 r-xp 00000000 fe:00 1234 /usr/bin/qemu
                Size:               1024 kB
                Pss:                 300 kB
                7f0000000000-7f0020000000 rw-s 00000000 00:01 77 /memfd:ram (deleted)
                Size:             524288 kB
                Rss:              200000 kB
                Pss:              100000 kB
                7f1000000000-7f1040000000 rwxp 00000000 00:00 0
                Pss:                4000 kB
                """.lines().toList();

        assertThat(ResidentMemory.parse(smaps, RAM)).isEqualTo(new ResidentMemory(100000L << 10, 4300L << 10));
    }

    @Test
    void reservedMemoryOfTheSameSizeIsNotTheGuests() {
        List<String> smaps = """
                7f0000000000-7f0020000000 ---p 00000000 00:00 0
                Pss:                  12 kB
                """.lines().toList();

        assertThat(ResidentMemory.parse(smaps, RAM)).isEqualTo(new ResidentMemory(0, 12 << 10));
    }
}
