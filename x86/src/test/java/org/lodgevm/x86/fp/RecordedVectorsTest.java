package org.lodgevm.x86.fp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every instruction against what a real CPU answered: results, flags, condition codes, tags and faults. */
class RecordedVectorsTest {
    @TestFactory
    Stream<DynamicTest> x87InstructionsAnswerAsTheRealCpu() {
        return FpVectors.recorded(true).stream().map(block -> dynamicTest(block.name(), () -> {
            try (Arena arena = Arena.ofConfined()) {
                X87Replay replay = new X87Replay(arena, block);
                assertNone(block, c -> replay.mismatch((FpVectors.X87Case) c));
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> sseInstructionsAnswerAsTheRealCpu() {
        return FpVectors.recorded(false).stream().map(block -> dynamicTest(block.name() + "," + block.immediate(), () -> {
            try (Arena arena = Arena.ofConfined()) {
                SseReplay replay = new SseReplay(arena, block);
                assertNone(block, c -> replay.mismatch((FpVectors.SseCase) c));
            }
        }));
    }

    @Test
    void vectorsCoverTheInstructionsTheirExceptionsAndTheirFaults() {
        List<FpVectors.Block> x87 = FpVectors.recorded(true);
        List<FpVectors.Block> sse = FpVectors.recorded(false);
        assertThat(x87).extracting(FpVectors.Block::name).doesNotHaveDuplicates().hasSize(136);
        assertThat(sse.stream().map(FpVectors.Block::name).distinct()).hasSize(80);
        assertThat(x87.stream().flatMap(b -> b.cases().stream()).map(FpVectors.X87Case.class::cast))
                .anyMatch(c -> (c.after().status() & X87.ES) != 0)
                .anyMatch(c -> (c.after().status() & X87.SF) != 0);
        assertThat(sse.stream().flatMap(b -> b.cases().stream()).map(FpVectors.SseCase.class::cast).filter(FpVectors.SseCase::faulted))
                .hasSizeGreaterThan(500);
    }

    private static void assertNone(FpVectors.Block block, Function<FpVectors.Case, String> mismatch) {
        List<String> mismatches = new ArrayList<>();
        block.cases().stream().map(mismatch).filter(Objects::nonNull).limit(5).forEach(mismatches::add);
        assertThat(block.cases()).isNotEmpty();
        assertThat(mismatches).isEmpty();
    }
}
