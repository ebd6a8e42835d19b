package org.lodgevm.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.machine.FrozenRam;
import org.lodgevm.machine.RamSource;
import org.lodgevm.storage.file.HolePuncher;

class MemfdRamTest {
    private static final RamSource NEVER = (size, arena) -> {
        throw new AssertionError("fell back");
    };

    @BeforeAll
    static void needsLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "memfd_create is a call of Linux");
    }

    @Test
    void memoryIsZeroWritableAndPageAligned() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment ram = new MemfdRam(NEVER).map(1 << 20, arena);
            assertThat(ram.byteSize()).isEqualTo(1 << 20);
            assertThat(ram.address() % 4096).isZero();
            assertThat(ram.get(ValueLayout.JAVA_LONG, 0xf_fff8)).isZero();
            ram.set(ValueLayout.JAVA_LONG, 0xf_fff8, 42);
            assertThat(ram.get(ValueLayout.JAVA_LONG, 0xf_fff8)).isEqualTo(42);
        }
    }

    @Test
    void muchMemoryCostsNothingUntilTouched() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            long before = residentPages();
            MemorySegment ram = new MemfdRam(NEVER).map(64L << 30, arena);
            ram.set(ValueLayout.JAVA_BYTE, (64L << 30) - 1, (byte) 1);
            assertThat(residentPages() - before).isLessThan(10_000);
        }
    }

    @Test
    void releasedPagesAreTheHostsAndReadAsZeros() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(64 << 20, arena);
            ram.fill((byte) 1);
            long before = residentPages();
            source.release(ram.asSlice(0x1000, (64 << 20) - 0x2000));
            assertThat(before - residentPages()).isGreaterThan(15_000);
            assertThat(ram.get(ValueLayout.JAVA_BYTE, 0xfff)).isEqualTo((byte) 1);
            assertThat(ram.get(ValueLayout.JAVA_BYTE, 0x1000)).isZero();
            assertThat(ram.get(ValueLayout.JAVA_BYTE, (64 << 20) - 1)).isEqualTo((byte) 1);
        }
    }

    @Test
    void closingTheArenaUnmapsAndLeavesNoDescriptor() throws IOException {
        MemfdRam source = new MemfdRam(NEVER);
        long descriptors = descriptors();
        for (int i = 0; i < 100; i++) {
            try (Arena arena = Arena.ofShared()) {
                source.map(1 << 20, arena);
                assertThat(maps()).contains("lodge-ram");
            }
        }
        assertThat(maps()).doesNotContain("lodge-ram");
        assertThat(descriptors()).isEqualTo(descriptors);
    }

    @Test
    void whatTheKernelRefusesComesFromTheOtherSource() {
        MemorySegment other = MemorySegment.ofArray(new byte[1]);
        try (Arena arena = Arena.ofShared()) {
            assertThat(new MemfdRam((size, a) -> other).map(1L << 62, arena)).isSameAs(other);
        }
    }

    @Test
    void itIsFoundAsAService() {
        assertThat(ServiceLoader.load(RamSource.class).stream().map(ServiceLoader.Provider::type)).contains(MemfdRam.class);
    }

    private static long residentPages() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
    }

    private static String maps() throws IOException {
        return Files.readString(Path.of("/proc/self/maps"));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static void put(MemorySegment ram, long page, int value) {
        ram.set(ValueLayout.JAVA_INT, page * 4096, value);
    }

    private static int get(MemorySegment ram, long page) {
        return ram.get(ValueLayout.JAVA_INT, page * 4096);
    }

    @Test
    void frozenContentStaysWhileMemoryGoesOn() {
        try (Arena arena = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(1 << 20, arena);
            put(ram, 1, 11);
            put(ram, 2, 22);
            try (FrozenRam first = source.freeze(ram)) {
                put(ram, 2, 23);
                put(ram, 3, 33);
                assertThat(get(first.content(), 1)).isEqualTo(11);
                assertThat(get(first.content(), 2)).isEqualTo(22);
                assertThat(get(first.content(), 3)).isZero();
                try (FrozenRam second = source.freeze(ram)) {
                    put(ram, 3, 34);
                    assertThat(get(second.content(), 1)).isEqualTo(11);
                    assertThat(get(second.content(), 2)).isEqualTo(23);
                    assertThat(get(second.content(), 3)).isEqualTo(33);
                    assertThat(get(first.content(), 2)).as("frozen before").isEqualTo(22);
                }
            }
            try (FrozenRam third = source.freeze(ram)) {
                put(ram, 3, 35);
                assertThat(get(third.content(), 3)).isEqualTo(34);
                assertThat(get(ram, 1)).isEqualTo(11);
            }
        }
    }

    @Test
    void aCopyIsCopiedWhenTheOriginalIsGone() throws IOException {
        MemfdRam source = new MemfdRam(NEVER);
        try (Arena copys = Arena.ofShared()) {
            MemorySegment copy;
            try (Arena originals = Arena.ofShared()) {
                MemorySegment ram = source.map(1 << 20, originals);
                put(ram, 1, 11);
                try (FrozenRam frozen = source.freeze(ram)) {
                    copy = source.map(frozen.file(), frozen.offset(), 1 << 20, copys);
                }
            }
            put(copy, 2, 22);
            try (FrozenRam second = source.freeze(copy)) {
                assertThat(second.file()).as("where a third process can map it").isNotNull();
                put(copy, 2, 23);
                assertThat(get(second.content(), 1)).isEqualTo(11);
                assertThat(get(second.content(), 2)).isEqualTo(22);
            }
        }
    }

    @Test
    void aFileOfWhichNobodyHasTheFrozenContentIsUsedAgain() {
        try (Arena arena = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(1 << 20, arena);
            Path file;
            try (FrozenRam first = source.freeze(ram)) {
                file = first.file();
            }
            put(ram, 5, 5);
            try (FrozenRam second = source.freeze(ram)) {
                assertThat(second.file()).isEqualTo(file);
                put(ram, 5, 6);
                assertThat(get(second.content(), 5)).isEqualTo(5);
            }
        }
    }

    @Test
    void thawingGivesBackWhatWasThereAndTellsWhatWasNot() {
        try (Arena arena = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(1 << 20, arena);
            put(ram, 1, 11);
            try (FrozenRam frozen = source.freeze(ram)) {
                for (int round = 0; round < 3; round++) {
                    put(ram, 1, 12);
                    put(ram, 9, 99);
                    List<Long> changed = new ArrayList<>();
                    source.thaw(frozen, ram, (offset, bytes) -> changed.add(offset / 4096));
                    assertThat(changed).containsExactly(1L, 9L);
                    assertThat(get(ram, 1)).isEqualTo(11);
                    assertThat(get(ram, 9)).isZero();
                }
            }
        }
    }

    @Test
    void whatWasFrozenEarlierIsThawedAsWell() {
        try (Arena arena = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(1 << 20, arena);
            put(ram, 1, 11);
            try (FrozenRam first = source.freeze(ram)) {
                put(ram, 1, 12);
                put(ram, 2, 22);
                FrozenRam second = source.freeze(ram);
                put(ram, 3, 33);
                List<Long> changed = new ArrayList<>();
                source.thaw(first, ram, (offset, bytes) -> LongStream.range(0, bytes / 4096).forEach(page -> changed.add(offset / 4096 + page)));
                assertThat(changed).contains(1L, 2L, 3L);
                assertThat(List.of(get(ram, 1), get(ram, 2), get(ram, 3))).containsExactly(11, 0, 0);
                source.thaw(second, ram, (offset, bytes) -> {});
                assertThat(List.of(get(ram, 1), get(ram, 2), get(ram, 3))).containsExactly(12, 22, 0);
                second.close();
                source.thaw(first, ram, (offset, bytes) -> {});
                assertThat(List.of(get(ram, 1), get(ram, 2), get(ram, 3))).containsExactly(11, 0, 0);
            }
        }
    }

    @Test
    void pagesThatNobodyTouchedTakeNoMemoryHoweverOftenTheyAreFrozen() throws IOException {
        try (Arena arena = Arena.ofShared(); Arena others = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(64 << 20, arena);
            put(ram, 1, 11);
            try (FrozenRam first = source.freeze(ram)) {
                put(ram, 9, 99);
                MemorySegment clone = source.map(first.file(), 0, 64 << 20, others);
                put(clone, 5, 55);
                try (FrozenRam second = source.freeze(ram); FrozenRam third = source.freeze(clone)) {
                    assertThat(get(second.content(), 9)).isEqualTo(99);
                    assertThat(get(third.content(), 1)).isEqualTo(11);
                    for (FrozenRam each : List.of(first, second, third)) {
                        // beside the pages themselves, those that the kernel put below private copies
                        assertThat(allocated(each)).isLessThan(10);
                    }
                }
            }
        }
    }

    /** In pages. */
    private static long allocated(FrozenRam frozen) throws IOException {
        try (HolePuncher.Sparse file = new LinuxHoles().open(frozen.file(), false)) {
            return file.allocated() / 4096;
        }
    }

    private static List<Long> content(RamSource source, MemorySegment ram) {
        List<Long> pages = new ArrayList<>();
        source.content(ram, (offset, bytes) -> LongStream.range(offset / 4096, (offset + bytes) / 4096).forEach(pages::add));
        return pages;
    }

    private static boolean isHole(RamSource source, MemorySegment ram, long page) {
        return source.hole(ram.asSlice(page * 4096, 4096)) == 4096;
    }

    @Test
    void contentIsWhatWasWrittenToAndNotReleased() throws IOException {
        try (Arena arena = Arena.ofShared(); Arena others = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(64L << 30, arena);
            put(ram, 1, 11);
            put(ram, 2, 22);
            put(ram, (64L << 18) - 1, 33);
            assertThat(content(source, ram)).containsExactly(1L, 2L, (64L << 18) - 1);
            source.release(ram.asSlice(0x1000, 0x1000));
            assertThat(content(source, ram)).containsExactly(2L, (64L << 18) - 1);
            assertThat(isHole(source, ram, 1)).isTrue();
            assertThat(isHole(source, ram, 2)).isFalse();
            try (FrozenRam frozen = source.freeze(ram)) {
                put(ram, 3, 44);
                MemorySegment clone = source.map(frozen.file(), frozen.offset(), 64L << 30, others);
                put(clone, 4, 55);
                assertThat(content(source, ram)).contains(2L, 3L, (64L << 18) - 1).doesNotContain(0L, 1L);
                assertThat(content(source, clone)).contains(2L, 4L, (64L << 18) - 1).doesNotContain(0L, 1L);
                assertThat(isHole(source, ram, 1)).isTrue();
                assertThat(isHole(source, ram, 3)).isFalse();
                assertThat(isHole(source, clone, 1)).isTrue();
                assertThat(isHole(source, clone, 2)).as("the original's").isFalse();
                assertThat(isHole(source, clone, 4)).isFalse();
                assertThat(allocated(frozen)).as("looking takes no memory").isLessThan(10);
            }
        }
    }

    @Test
    void contentOfMemoryThatCameFromAFileIsTheFilesAndWhatWasWritten(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("ram"), new byte[0x3000]);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1 << 20);
        }
        try (Arena arena = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(file, 0x1000, 0xff000, arena);
            put(ram, 9, 99);
            assertThat(content(source, ram)).containsExactly(0L, 1L, 9L);
            assertThat(isHole(source, ram, 1)).isFalse();
            assertThat(isHole(source, ram, 2)).isTrue();
            assertThat(isHole(source, ram, 9)).isFalse();
        }
    }

    @Test
    void memoryOfAnotherSourceMayHoldSomethingEverywhere() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment other = arena.allocate(0x3000, 0x1000);
            assertThat(content(new MemfdRam(NEVER), other)).containsExactly(0L, 1L, 2L);
            assertThat(isHole(new MemfdRam(NEVER), other, 0)).isFalse();
        }
    }

    @Test
    void othersMapWhatWasFrozenAndNeitherSeesTheOthersWrites() throws IOException {
        try (Arena arena = Arena.ofShared(); Arena others = Arena.ofShared()) {
            MemfdRam source = new MemfdRam(NEVER);
            MemorySegment ram = source.map(1 << 20, arena);
            put(ram, 1, 11);
            try (FrozenRam frozen = source.freeze(ram)) {
                MemorySegment clone = source.map(frozen.file(), frozen.offset(), 1 << 20, others);
                put(ram, 1, 12);
                put(clone, 2, 22);
                assertThat(get(clone, 1)).isEqualTo(11);
                assertThat(get(ram, 2)).isZero();
                try (FrozenRam again = source.freeze(clone)) {
                    put(clone, 2, 23);
                    assertThat(get(again.content(), 1)).isEqualTo(11);
                    assertThat(get(again.content(), 2)).isEqualTo(22);
                }
            }
        }
    }

    @Test
    void withoutTheKernelsHelpRamIsCopied() {
        try (Arena arena = Arena.ofShared()) {
            RamSource source = RamSource.temporaryFile();
            MemorySegment ram = source.map(1 << 20, arena);
            put(ram, 1, 11);
            try (FrozenRam frozen = source.freeze(ram)) {
                put(ram, 1, 12);
                List<Long> changed = new ArrayList<>();
                source.thaw(frozen, ram, (offset, bytes) -> changed.add(offset / 4096));
                assertThat(changed).containsExactly(1L);
                assertThat(get(ram, 1)).isEqualTo(11);
            }
        }
    }
}
