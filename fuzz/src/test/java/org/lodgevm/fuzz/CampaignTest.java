package org.lodgevm.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CampaignTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<Long> seeds = new ArrayList<>();

    private Campaign campaign(Fuzzer fuzzer) {
        return new Campaign(fuzzer, new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @Test
    void casesHaveConsecutiveSeeds() {
        campaign(seeds::add).run(41, 3);
        assertThat(seeds).containsExactly(41L, 42L, 43L);
    }

    @Test
    void aFailureNamesItsSeed() {
        Fuzzer fuzzer = seed -> {
            if (seed == 5) {
                throw new IllegalStateException("oops");
            }
        };
        assertThatThrownBy(() -> campaign(fuzzer).run(1, 10)).isInstanceOf(AssertionError.class).hasMessageContaining("seed 5")
                .hasMessageContaining("oops");
    }

    @Test
    void aLongRunReportsFailuresAndEndsWhenThereAreTooMany() {
        boolean good = campaign(seed -> {
            seeds.add(seed);
            throw new StackOverflowError();
        }).run(1, Duration.ofMinutes(1));
        assertThat(good).isFalse();
        assertThat(seeds).hasSize(20);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("the case with seed 20 failed").contains("20 failures");
    }

    @Test
    void aLongRunThatGoesWellSaysWhatItDid() {
        assertThat(campaign(seeds::add).run(1, Duration.ofMillis(200))).isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).containsPattern("cases in .* 0 failures").contains("growth");
    }

    @Test
    void growthBeyondWhatTheJvmNeedsIsALeak() {
        Footprint before = new Footprint(10 << 20, 10 << 20, 100 << 20, 10, 20);
        assertThat(new Footprint(20 << 20, 20 << 20, 200 << 20, 12, 20).since(before).isLeak()).isFalse();
        assertThat(new Footprint(90 << 20, 10 << 20, 100 << 20, 10, 20).since(before).isLeak()).isTrue();
        assertThat(new Footprint(10 << 20, 90 << 20, 100 << 20, 10, 20).since(before).isLeak()).isTrue();
        assertThat(new Footprint(10 << 20, 10 << 20, 900 << 20, 10, 20).since(before).isLeak()).isTrue();
        assertThat(new Footprint(10 << 20, 10 << 20, 100 << 20, 40, 20).since(before).isLeak()).isTrue();
        assertThat(new Footprint(10 << 20, 10 << 20, 100 << 20, 10, 30).since(before).isLeak()).isTrue();
    }
}
