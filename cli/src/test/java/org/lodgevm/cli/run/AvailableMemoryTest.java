package org.lodgevm.cli.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path root;

    private AvailableMemory memory() {
        return new AvailableMemory(root);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text + "\n");
    }

    private void has(int free, int swap) throws IOException {
        write("proc/meminfo", "MemTotal:       9999999 kB\nMemAvailable:   %d kB\nSwapFree:  %d kB".formatted(free << 10, swap << 10));
    }

    @Test
    void aMachineMayHaveWhatIsFreeOrCanBeSwapped() throws IOException {
        has(1000, 24);
        assertThatCode(() -> memory().require("web", 1024 * MIB)).doesNotThrowAnyException();
        assertThatIOException().isThrownBy(() -> memory().require("web", 1025 * MIB))
                .withMessageStartingWith("machine 'web' has 1,025 MiB of memory, of which the target has 1,024 left; ");
    }

    @Test
    void aControlGroupAboveLimitsItToo() throws IOException {
        has(4000, 0);
        write("proc/self/cgroup", "0::/user/web");
        write("sys/fs/cgroup/user/web/memory.max", "max");
        write("sys/fs/cgroup/user/memory.max", Long.toString(700 * MIB));
        write("sys/fs/cgroup/user/memory.current", Long.toString(300 * MIB));
        write("sys/fs/cgroup/user/memory.stat", "active_file 7\ninactive_file %d\nslab 7".formatted(100 * MIB));
        assertThatCode(() -> memory().require("web", 500 * MIB)).doesNotThrowAnyException();
        assertThatIOException().isThrownBy(() -> memory().require("web", 501 * MIB)).withMessageContaining("the target has 500 left");
    }

    @Test
    void nothingIsRefusedWhereNobodyTells() {
        assertThatCode(() -> memory().require("web", Long.MAX_VALUE)).doesNotThrowAnyException();
    }
}
