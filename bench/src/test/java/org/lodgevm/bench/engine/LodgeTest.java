package org.lodgevm.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LodgeTest {
    private final Lodge lodge = new Lodge(Path.of("image"), "auto");

    @Test
    void everyNumberOfTheStatisticsIsTaken() {
        List<String> errors = List.of(
                "lodge: a warning", "{\"wallSeconds\": 2.500, \"instructions\": 1000000, \"accelerator\": \"interpreter\"}");

        assertThat(lodge.statistics(errors))
                .containsExactlyInAnyOrderEntriesOf(Map.of("wallSeconds", 2.5, "instructions", 1e6));
    }

    @Test
    void withoutStatisticsThereAreNone() {
        assertThat(lodge.statistics(List.of())).isEmpty();
    }
}
