package org.lodgevm.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MarkTest {
    @Test
    void aMarkIsWhatFollowsTheWord() {
        assertThat(Mark.in("BENCH start gzip\r", 7)).contains(new Mark("start gzip", 7, OptionalLong.empty()));
    }

    @Test
    void aMessageOfTheKernelMayStandBeforeIt() {
        assertThat(Mark.in("[    1.2] random: BENCH ready", 7)).contains(new Mark("ready", 7, OptionalLong.empty()));
    }

    @Test
    void theCountBeforeTheTabulatorIsOfInstructions() {
        assertThat(Mark.in("123456\tBENCH end sort", 7)).contains(new Mark("end sort", 7, OptionalLong.of(123456)));
    }

    @Test
    void otherLinesAreNoMarks() {
        assertThat(Mark.in("123456\tLoading, please wait", 7)).isEmpty();
    }
}
