package org.lodgevm.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetransmissionTimerTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void aSecondBeforeAnythingIsKnown() {
        assertThat(new RetransmissionTimer().nanos()).isEqualTo(SECOND);
    }

    @Test
    void theFirstSampleCountsThreefold() {
        RetransmissionTimer timer = new RetransmissionTimer();
        timer.sample(SECOND);
        assertThat(timer.nanos()).isEqualTo(3 * SECOND);
    }

    @Test
    void silenceDoublesUpToAMinute() {
        RetransmissionTimer timer = new RetransmissionTimer();
        timer.backOff();
        assertThat(timer.nanos()).isEqualTo(2 * SECOND);
        for (int i = 0; i < 10; i++) {
            timer.backOff();
        }
        assertThat(timer.nanos()).isEqualTo(60 * SECOND);
    }

    @Test
    void aSteadyLinkComesToTheLeast() {
        RetransmissionTimer timer = new RetransmissionTimer();
        for (int i = 0; i < 100; i++) {
            timer.sample(SECOND / 1000);
        }
        assertThat(timer.nanos()).isEqualTo(SECOND / 5);
    }
}
