package org.lodgevm.x86.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.StateBlock;

class RecordingTest {
    private static final int PAGE = 0x1000;
    private static final long FIRST = 0x40_0000;
    private static final int APART = 0x10;
    private static final int CONTEXT = 3;
    /** Several times as many as there are chains at first. */
    private static final int VERSIONS = 300;

    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        arena.close();
    }

    /** A page of two functions that return its number; their first bytes, by which records are found, are the same in all pages. */
    private MemorySegment page(int number) {
        MemorySegment page = arena.allocate(PAGE, PAGE);
        for (long rip : new long[] {FIRST, FIRST + APART}) {
            byte[] code = new Assembler(rip).mov(Gpr.EDX, 0).mov(Gpr.ECX, 0).mov(Gpr.EAX, number).ret().toBytes();
            MemorySegment.copy(code, 0, page, ValueLayout.JAVA_BYTE, rip & PAGE - 1, code.length);
        }
        return page;
    }

    private static Context context(int key) {
        return new Context(key, CodeSize.BITS_64, 0, key, key, key, key);
    }

    @Test
    void howeverManyRecordsThereAreEachIsFound() {
        assumeTrue(Translator.unavailable() == null, Translator::unavailable);
        MemorySegment page = page(1);
        MemorySegment block = arena.allocate(StateBlock.SIZE, PAGE);
        try (Archive archive = Archive.of(null, feature -> true);
                Translator translator = new Translator(block.address(), 1 << 20, row -> true, archive)) {
            for (int key = 0; key < VERSIONS; key++) {
                for (long rip : new long[] {FIRST, FIRST + APART}) {
                    assertThat(translator.record(new FreshPage(page), rip, 0, context(key))).isNotNull();
                }
            }
            for (int key = 0; key < VERSIONS; key++) {
                assertThat(archive.recording().find(FIRST, key, page.address())).as("context %d", key).isNotZero();
                assertThat(archive.recording().find(FIRST + APART, key, page.address())).as("context %d", key).isNotZero();
            }
            assertThat(archive.recording().find(FIRST, VERSIONS, page.address())).isZero();
            assertThat(archive.recording().find(FIRST, CONTEXT, page(2).address())).isZero();
        }
    }

    /** Of a chain only the first records are looked at: it must be the latest that come first. */
    @Test
    void ofMoreThanAreLookedAtTheLatestAreFound() {
        assumeTrue(Translator.unavailable() == null, Translator::unavailable);
        MemorySegment block = arena.allocate(StateBlock.SIZE, PAGE);
        try (Archive archive = Archive.of(null, feature -> true);
                Translator translator = new Translator(block.address(), 1 << 20, row -> true, archive)) {
            MemorySegment last = null;
            for (int number = 0; number < VERSIONS; number++) {
                last = page(number);
                translator.record(new FreshPage(last), FIRST, 0, context(CONTEXT));
                assertThat(archive.recording().find(FIRST, CONTEXT, last.address())).as("version %d", number).isNotZero();
            }
        }
    }
}
