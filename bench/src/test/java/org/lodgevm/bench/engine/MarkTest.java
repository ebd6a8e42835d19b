package org.lodgevm.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkTest {
    @Test
    void aMarkIsWhatFollowsTheWord() {
        assertThat(Mark.in("BENCH start gzip\r", 7)).contains(new Mark("start gzip", 7, Map.of()));
    }

    @Test
    void aMessageOfTheKernelMayStandBeforeIt() {
        assertThat(Mark.in("[    1.2] random: BENCH ready", 7)).contains(new Mark("ready", 7, Map.of()));
    }

    @Test
    void theEnginesCountersStandBeforeTheTabulator() {
        assertThat(Mark.in("instructions=123456 exits=7\tBENCH end sort", 7))
                .contains(new Mark("end sort", 7, Map.of("instructions", 123456L, "exits", 7L)));
    }

    @Test
    void countersAreTakenFromOneMarkToAnother() {
        Mark start = new Mark("start sort", 0, Map.of("instructions", 100L));
        Mark end = new Mark("end sort", 9, Map.of("instructions", 150L, "new", 3L));
        assertThat(end.countersSince(start)).containsExactly(Map.entry("instructions", 50L));
    }

    @Test
    void otherLinesAreNoMarks() {
        assertThat(Mark.in("instructions=123456\tLoading, please wait", 7)).isEmpty();
    }
}
