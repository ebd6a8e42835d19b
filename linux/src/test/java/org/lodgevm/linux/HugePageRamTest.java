package org.lodgevm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;

class HugePageRamTest {
    private static final Path POOL = Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB");
    /** More than any host has. */
    private static final long TOO_MUCH = 1L << 46;

    @TempDir
    Path root;

    @BeforeAll
    static void needsLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "huge pages are reserved in files of Linux's");
    }

    private RamSource source() {
        return new HugePageRam(MemoryCalls.link(), root);
    }

    private void pool(int all, int free, int reserved) throws IOException {
        Path pool = Files.createDirectories(root.resolve("sys/kernel/mm/hugepages/hugepages-2048kB"));
        Files.writeString(pool.resolve("nr_hugepages"), all + "\n");
        Files.writeString(pool.resolve("free_hugepages"), free + "\n");
        Files.writeString(pool.resolve("resv_hugepages"), reserved + "\n");
    }

    private static long free() throws IOException {
        return Long.parseLong(Files.readString(POOL.resolve("free_hugepages")).strip());
    }

    private static void needsPages(int count) throws IOException {
        assumeTrue(Files.exists(POOL) && free() >= count, "this host has not reserved %d huge pages".formatted(count));
    }

    @Test
    void tooFewPagesAreToldWithHowManyToReserve() throws IOException {
        pool(10, 7, 3);
        long wanted = TOO_MUCH / HugePageRam.PAGE;
        try (Arena arena = Arena.ofShared()) {
            assertThatIllegalStateException().isThrownBy(() -> source().map(TOO_MUCH, arena))
                    .withMessageContaining("take %d huge pages, and 4 are free".formatted(wanted))
                    .withMessageContaining("echo %d | sudo tee".formatted(10 + wanted - 4));
        }
    }

    @Test
    void aKernelWithoutThemIsToldAsSuch() {
        try (Arena arena = Arena.ofShared()) {
            assertThatIllegalStateException().isThrownBy(() -> source().map(TOO_MUCH, arena)).withMessageContaining("has no huge pages");
        }
    }

    @Test
    void noFileStaysOpenWhenThereAreTooFew() throws IOException {
        pool(0, 0, 0);
        int before = Path.of("/proc/self/fd").toFile().list().length;
        try (Arena arena = Arena.ofShared()) {
            assertThatIllegalStateException().isThrownBy(() -> source().map(TOO_MUCH, arena));
        }
        assertThat(Path.of("/proc/self/fd").toFile().list()).hasSize(before);
    }

    @Test
    void memoryLiesOnThemAndGivesThemBack() throws IOException {
        needsPages(4);
        long before = free();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment ram = source().map(5 << 20, arena);
            ram.fill((byte) 1);
            assertThat(ram.byteSize()).isEqualTo(5 << 20);
            assertThat(ram.address() % HugePageRam.PAGE).isZero();
            assertThat(free()).isEqualTo(before - 3);
        }
        assertThat(free()).isEqualTo(before);
    }

    @Test
    void itBeginsWithAFilesContentAndGoesBackToWhatItWas() throws IOException {
        needsPages(2);
        Path file = root.resolve("ram");
        byte[] content = new byte[2 << 20];
        content[4096] = 7;
        Files.write(file, content);
        try (GuestMemory memory = new GuestMemory()) {
            memory.addRam(0, 1 << 20, source(), file, 4096);
            assertThat(memory.at(0, 1).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
            var frozen = memory.freeze();
            memory.write(0, new byte[] {9});
            memory.thaw(frozen);
            assertThat(memory.at(0, 1).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
            frozen.forEach(FrozenRam::close);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }
}
