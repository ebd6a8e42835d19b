package org.lodgevm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.linux.call.LibC;

class RuntimePagesTest {
    private static final String HOME = System.getProperty("java.home");

    @Test
    void filesOfTheRuntimeAndCachesAreReleasedUnlessThisProcessHasCopies() {
        assertThat(RuntimePages.releasable(List.of(
                mapping("7f0000000000-7f0000002000 r-xp", HOME + "/lib/server/libjvm.so"), "Anonymous:             0 kB",
                mapping("7f0000002000-7f0000003000 r--p", HOME + "/lib/server/libjvm.so"), "Anonymous:             4 kB",
                mapping("7f0000003000-7f0000004000 rw-p", HOME + "/lib/server/libjvm.so"), "Anonymous:             0 kB",
                mapping("800af8000-801a8f000 r--p", "/elsewhere/run.aot"), "Anonymous:             0 kB",
                mapping("7f0000004000-7f0000005000 r--s", "/elsewhere/disk.raw"), "Anonymous:             0 kB",
                mapping("7f0000005000-7f0000006000 r--p", ""), "Anonymous:             0 kB")))
                .extracting(RuntimePages.Mapping::address, RuntimePages.Mapping::size)
                .containsExactly(tuple(0x7f00_0000_0000L, 0x2000L), tuple(0x8_00af_8000L, 0xf9_7000L));
    }

    private static String mapping(String beginning, String path) {
        return beginning + " 00000000 fe:00 1234                       " + path;
    }

    @Test
    void thisProcessHasLessOfItInMemoryAfterwards() throws IOException {
        assumeTrue(LibC.unavailable() == null, "the kernel tells of mappings on x86-64 Linux");
        long before = resident();
        new RuntimePages().release();
        assertThat(resident()).isPositive().isLessThan(before * 3 / 4);
    }

    /** Of the Java virtual machine's code, in KiB. */
    private static long resident() throws IOException {
        long sum = 0;
        boolean code = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            code = line.matches("\\p{XDigit}+-\\p{XDigit}+ .*") ? line.contains(" r-xp ") && line.endsWith("/libjvm.so") : code;
            sum += code && line.startsWith("Rss:") ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
        }
        return sum;
    }
}
