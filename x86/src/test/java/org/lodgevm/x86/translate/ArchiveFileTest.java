package org.lodgevm.x86.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.TranslationFile;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.StateBlock;

/** What is found in a file of translations, whole or damaged. The file has two functions, the first of which comes in two versions. */
class ArchiveFileTest {
    private static final int PAGE = 0x1000;
    private static final long FIRST = 0x40_0100;
    private static final long SECOND = 0x40_0800;
    private static final int CONTEXT = 3;
    private static final long FAR_AWAY = 0x5555_0000_0000L;
    /** Of the canonical addresses. */
    private static final long AT_THE_END = 0x7fff_f000_0000L;
    private static final int CODE_BYTES = 1 << 20;
    /** From one flipped bit to the next: each byte has its turn, and each place in a byte. */
    private static final int STEP = 7;

    @TempDir
    Path folder;

    private Path file;
    private final Arena arena = Arena.ofShared();
    /** Each a page, with either version of the first function. */
    private final List<MemorySegment> pages = List.of(page(1), page(2));
    private byte[] whole;

    private MemorySegment page(int version) {
        MemorySegment page = arena.allocate(PAGE, PAGE);
        put(page, FIRST, new Assembler(FIRST).mov(Gpr.EAX, version).ret());
        put(page, SECOND, new Assembler(SECOND).mov(Gpr.EAX, 7).cpuid().add(Gpr.EAX, Gpr.EBX).ret());
        return page;
    }

    private static void put(MemorySegment page, long rip, Assembler code) {
        MemorySegment.copy(code.toBytes(), 0, page, ValueLayout.JAVA_BYTE, rip & PAGE - 1, code.size());
    }

    @BeforeEach
    void record() throws IOException {
        assumeTrue(Translator.unavailable() == null, Translator::unavailable);
        file = folder.resolve("translations");
        try (Archive archive = open(true)) {
            MemorySegment block = arena.allocate(StateBlock.SIZE, PAGE);
            try (Translator translator = new Translator(block.address(), CODE_BYTES, row -> true, archive)) {
                for (MemorySegment page : pages) {
                    for (long rip : new long[] {FIRST, SECOND}) {
                        assertThat(translator.translate(new FreshPage(page), rip, 0x5000, new Context(CONTEXT, CodeSize.BITS_64, 0, CONTEXT, CONTEXT, CONTEXT, CONTEXT))).isNotZero();
                    }
                }
            }
        }
        whole = Files.readAllBytes(file);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private Archive open(boolean record) {
        return Archive.of(new TranslationFile(file, record), feature -> true);
    }

    /** All that a record says; nothing if none is found. */
    private static byte[] found(Archive archive, long rip, int context, MemorySegment page) {
        long record = archive.file() == null ? 0 : archive.file().find(rip, context, page.address());
        return record == 0
                ? new byte[0]
                : HostMemory.segment(record + ArchiveRecord.PAGE, HostMemory.get32(record + ArchiveRecord.SIZE) - ArchiveRecord.PAGE)
                        .toArray(ValueLayout.JAVA_BYTE);
    }

    /** The records of the functions in a file with this content: version 1, version 2, the second function. */
    private List<byte[]> foundIn(byte[] content) throws IOException {
        Files.write(file, content);
        try (Archive archive = open(false)) {
            return List.of(found(archive, FIRST, CONTEXT, pages.get(0)), found(archive, FIRST, CONTEXT, pages.get(1)),
                    found(archive, SECOND, CONTEXT, pages.get(0)));
        }
    }

    @Test
    void whileItRestsItTakesNoMemoryAndIsFoundAfterwards() throws IOException {
        try (Archive archive = open(false)) {
            byte[] before = found(archive, FIRST, CONTEXT, pages.get(0));
            assertThat(resident()).isPositive();
            archive.rest();
            assertThat(resident()).isZero();
            assertThat(found(archive, FIRST, CONTEXT, pages.get(0))).isEqualTo(before).isNotEmpty();
        }
    }

    /** Of the mapped file, in KiB. */
    private long resident() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        int mapping = IntStream.range(0, lines.size()).filter(i -> lines.get(i).endsWith(file.toString())).findFirst().orElseThrow();
        String resident = lines.subList(mapping, lines.size()).stream().filter(line -> line.startsWith("Rss:")).findFirst().orElseThrow();
        return Long.parseLong(resident.replaceAll("\\D", ""));
    }

    @Test
    void whatIsRecordedIsFoundByPlaceInThePageContextAndBytes() throws IOException {
        List<byte[]> records = foundIn(whole);
        assertThat(records).noneMatch(record -> record.length == 0);
        assertThat(records.get(0)).isNotEqualTo(records.get(1));
        try (Archive archive = open(false)) {
            assertThat(found(archive, FIRST + 1, CONTEXT, pages.get(0))).isEmpty();
            assertThat(found(archive, FIRST + PAGE, CONTEXT, pages.get(0))).isEqualTo(records.get(0));
            assertThat(found(archive, FIRST + FAR_AWAY, CONTEXT, pages.get(0))).isEqualTo(records.get(0));
            assertThat(found(archive, FIRST + AT_THE_END, CONTEXT, pages.get(0))).isEmpty();
            assertThat(found(archive, FIRST, CONTEXT + 1, pages.get(0))).isEmpty();
            assertThat(found(archive, FIRST, CONTEXT, arena.allocate(PAGE, PAGE))).isEmpty();
        }
    }

    @Test
    void whatTwoPagesHaveAlikeIsRecordedOnce() {
        int records = 0;
        for (int at = bodies(); at < whole.length; at += size(at) + 7 & -8) {
            records++;
        }
        assertThat(records).isEqualTo(3);
    }

    private int bodies() {
        return ArchiveFile.HEADER + 4 * header().getInt(ArchiveFile.CHAINS);
    }

    private int size(int record) {
        return header().getInt(record + ArchiveRecord.SIZE);
    }

    private ByteBuffer header() {
        return ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void whereverABitIsFlippedNothingElseIsFound() throws IOException {
        List<byte[]> records = foundIn(whole);
        int lost = 0;
        for (int bit = 0; bit < 8 * whole.length; bit += STEP) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            List<byte[]> now = foundIn(damaged);
            for (int i = 0; i < records.size(); i++) {
                if (now.get(i).length == 0) {
                    lost++;
                } else {
                    assertThat(now.get(i)).as("record %d, bit %d flipped", i, bit).isEqualTo(records.get(i));
                }
            }
        }
        assertThat(lost).isPositive();
    }

    @Test
    void aFileOfAnotherLengthIsNotUsed() throws IOException {
        for (int length = 0; length < whole.length; length += STEP) {
            assertThat(foundIn(Arrays.copyOf(whole, length))).as("%d bytes", length).allMatch(record -> record.length == 0);
        }
        assertThat(foundIn(Arrays.copyOf(whole, whole.length + 8))).allMatch(record -> record.length == 0);
    }

    /** The header agrees, so that it is for each record to see where the file ends. */
    @Test
    void aRecordBehindTheEndIsNotFound() throws IOException {
        List<byte[]> records = foundIn(whole);
        for (int length = bodies(); length < whole.length; length += 8) {
            byte[] cut = Arrays.copyOf(whole, length);
            ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putInt(ArchiveFile.UNITS, length >> ArchiveFile.UNIT_SHIFT);
            List<byte[]> now = foundIn(cut);
            assertThat(now).as("%d bytes", length).anyMatch(record -> record.length == 0);
            for (int i = 0; i < records.size(); i++) {
                assertThat(now.get(i)).isIn(records.get(i), new byte[0]);
            }
        }
    }

    @Test
    void aChainThatLoopsEnds() throws IOException {
        for (int at = bodies(); at < whole.length; at += size(at) + 7 & -8) {
            ByteBuffer damaged = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
            damaged.putInt(at + ArchiveRecord.NEXT, at >> ArchiveFile.UNIT_SHIFT);
            foundIn(damaged.array());
            try (Archive archive = open(false)) {
                MemorySegment empty = arena.allocate(PAGE, PAGE);
                assertThat(found(archive, FIRST, CONTEXT, empty)).isEmpty();
                assertThat(found(archive, SECOND, CONTEXT, empty)).isEmpty();
            }
        }
    }

    @Test
    void aNumberOfChainsThatMakesNoSenseIsRefused() throws IOException {
        for (int chains : new int[] {0, -1, Integer.MIN_VALUE, 3, 1 << 30, 1 << 20}) {
            ByteBuffer damaged = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
            damaged.putInt(ArchiveFile.CHAINS, chains);
            assertThat(foundIn(damaged.array())).as("%d chains", chains).allMatch(record -> record.length == 0);
        }
    }

    @Test
    void aRecordingOfNothingIsAFileInWhichNothingIsFound() throws IOException {
        open(true).close();
        assertThat(foundIn(Files.readAllBytes(file))).allMatch(record -> record.length == 0);
        try (Archive archive = open(false)) {
            assertThat(archive.file()).isNotNull();
        }
    }
}
