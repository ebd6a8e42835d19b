package org.lodgevm.devices.chipset.apic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.devices.chipset.apic.ApicRig.*;

import org.junit.jupiter.api.Test;

class ApicTimerTest {
    private static final int VECTOR = 0xec;
    private static final int DIVIDE_BY_1 = 0b1011;

    private final ApicRig rig = new ApicRig(1);

    private void start(int mode, int count) {
        rig.write(0, DIVIDE, DIVIDE_BY_1);
        rig.write(0, LVT_TIMER, VECTOR | mode);
        rig.write(0, INITIAL_COUNT, count);
    }

    private boolean fired() {
        return rig.serve(0) == VECTOR;
    }

    @Test
    void oneShotCountsDownFiresOnceAndStaysAtZero() {
        start(0, 1_000_000);
        rig.clock.advance(400_000);
        assertThat(rig.read(0, CURRENT_COUNT)).isEqualTo(600_000);
        assertThat(fired()).isFalse();
        rig.clock.advance(600_000);
        assertThat(fired()).isTrue();
        assertThat(rig.read(0, CURRENT_COUNT)).isZero();
        rig.clock.advance(10_000_000);
        assertThat(fired()).isFalse();
        assertThat(rig.read(0, INITIAL_COUNT)).isEqualTo(1_000_000);
    }

    @Test
    void periodicReloadsAndDoesNotDrift() {
        start(PERIODIC, 1_000_000);
        int count = 0;
        for (int i = 0; i < 1000; i++) {
            rig.clock.advance(1_000_000);
            count += fired() ? 1 : 0;
        }
        assertThat(count).isEqualTo(1000);
        rig.clock.advance(250_000);
        assertThat(rig.read(0, CURRENT_COUNT)).isEqualTo(750_000);
    }

    @Test
    void theDividerDividesByOneToOneHundredTwentyEight() {
        int[] encodings = {0b1011, 0, 1, 2, 3, 0b1000, 0b1001, 0b1010};
        for (int shift = 0; shift < 8; shift++) {
            rig.write(0, DIVIDE, encodings[shift]);
            rig.write(0, INITIAL_COUNT, 1000);
            rig.clock.advance(100 << shift);
            assertThat(rig.read(0, CURRENT_COUNT)).as("1/%d", 1 << shift).isEqualTo(900);
        }
    }

    @Test
    void changingTheDividerKeepsTheCount() {
        start(0, 1000);
        rig.clock.advance(400);
        rig.write(0, DIVIDE, 0);
        assertThat(rig.read(0, CURRENT_COUNT)).isEqualTo(600);
        rig.clock.advance(200);
        assertThat(rig.read(0, CURRENT_COUNT)).isEqualTo(500);
        rig.clock.advance(1000);
        assertThat(fired()).isTrue();
    }

    @Test
    void aMaskedTimerCountsWithoutInterrupting() {
        start(MASKED, 1000);
        rig.clock.advance(2000);
        assertThat(fired()).isFalse();
        rig.write(0, LVT_TIMER, VECTOR);
        assertThat(fired()).isFalse();
    }

    @Test
    void writingZeroStopsIt() {
        start(PERIODIC, 1_000_000);
        rig.write(0, INITIAL_COUNT, 0);
        rig.clock.advance(5_000_000);
        assertThat(fired()).isFalse();
        assertThat(rig.clock.armed()).isZero();
    }

    @Test
    void changingBetweenOneShotAndPeriodicLetsTheCountGoOn() {
        start(0, 1_000_000);
        rig.clock.advance(600_000);
        rig.write(0, LVT_TIMER, VECTOR | PERIODIC);
        assertThat(rig.read(0, CURRENT_COUNT)).isEqualTo(400_000);
        rig.clock.advance(500_000);
        assertThat(fired()).isTrue();
        assertThat(rig.read(0, CURRENT_COUNT)).isEqualTo(900_000);
        rig.write(0, LVT_TIMER, VECTOR);
        rig.clock.advance(900_000);
        assertThat(fired()).isTrue();
        assertThat(rig.read(0, CURRENT_COUNT)).isZero();
        rig.write(0, LVT_TIMER, VECTOR | PERIODIC);
        assertThat(rig.read(0, CURRENT_COUNT)).as("a stopped counter stays stopped").isZero();
    }

    @Test
    void aCountThatRanOutStaysAtZeroInPeriodicModeEvenIfTheClockIsLate() {
        start(0, 1_000_000);
        rig.clock.pass(1_200_000);
        rig.write(0, LVT_TIMER, VECTOR + 1 | PERIODIC);
        assertThat(rig.read(0, CURRENT_COUNT)).isZero();
        assertThat(rig.serve(0)).as("due before the vector changed").isEqualTo(VECTOR);
        rig.clock.advance(5_000_000);
        assertThat(rig.serve(0)).isEqualTo(-1);
    }

    @Test
    void aPeriodEndsEvenIfTheClockIsLate() {
        start(PERIODIC, 1_000_000);
        rig.clock.pass(1_200_000);
        rig.write(0, LVT_TIMER, VECTOR);
        assertThat(rig.read(0, CURRENT_COUNT)).isEqualTo(800_000);
        assertThat(fired()).isTrue();
        rig.clock.pass(900_000);
        rig.write(0, INITIAL_COUNT, 1_000_000);
        assertThat(fired()).as("it was due before the counter was loaded anew").isTrue();
    }

    @Test
    void theCountIsZeroOnlyAfterTheInterrupt() {
        start(0, 1_000_000);
        rig.clock.pass(1_000_000);
        assertThat(rig.read(0, CURRENT_COUNT)).isZero();
        assertThat(fired()).isTrue();
    }

    @Test
    void aTinyPeriodCannotKeepTheClockBusy() {
        start(PERIODIC, 1);
        int fired = 0;
        for (int i = 0; i < 1000; i++) {
            rig.clock.advance(1000);
            fired += fired() ? 1 : 0;
        }
        assertThat(fired).isBetween(20, 60);
    }

    @Test
    void tscDeadlineFiresWhenTheCounterGetsThereAndDisarms() {
        rig.tsc.write(5_000);
        rig.write(0, LVT_TIMER, VECTOR | TSC_DEADLINE);
        rig.apics[0].writeMsr(TSC_DEADLINE_MSR, 25_000);
        assertThat(rig.apics[0].readMsr(TSC_DEADLINE_MSR)).isEqualTo(25_000);
        rig.clock.advance(19_999);
        assertThat(fired()).isFalse();
        rig.clock.advance(1);
        assertThat(fired()).isTrue();
        assertThat(rig.apics[0].readMsr(TSC_DEADLINE_MSR)).isZero();
    }

    @Test
    void aDeadlineInThePastFiresAtOnceAndOneFarAwayDoesNot() {
        rig.clock.advance(1_000_000);
        rig.write(0, LVT_TIMER, VECTOR | TSC_DEADLINE);
        rig.apics[0].writeMsr(TSC_DEADLINE_MSR, 1);
        assertThat(fired()).isTrue();
        rig.apics[0].writeMsr(TSC_DEADLINE_MSR, -1);
        rig.clock.advance(1_000_000_000_000L);
        assertThat(fired()).isFalse();
    }

    @Test
    void aDeadlineWaitsAgainWhenTheGuestSetsItsTscBack() {
        rig.write(0, LVT_TIMER, VECTOR | TSC_DEADLINE);
        rig.apics[0].writeMsr(TSC_DEADLINE_MSR, 10_000);
        rig.tsc.adjust(-5_000);
        rig.clock.advance(10_000);
        assertThat(fired()).isFalse();
        rig.clock.advance(5_000);
        assertThat(fired()).isTrue();
    }

    @Test
    void outsideDeadlineModeTheDeadlineMsrIsZeroAndInsideItTheCountIsIgnored() {
        rig.apics[0].writeMsr(TSC_DEADLINE_MSR, 25_000);
        assertThat(rig.apics[0].readMsr(TSC_DEADLINE_MSR)).isZero();
        rig.write(0, LVT_TIMER, VECTOR | TSC_DEADLINE);
        rig.write(0, INITIAL_COUNT, 1000);
        rig.clock.advance(100_000);
        assertThat(fired()).isFalse();
        rig.apics[0].writeMsr(TSC_DEADLINE_MSR, 200_000);
        rig.write(0, LVT_TIMER, VECTOR);
        rig.clock.advance(500_000);
        assertThat(fired()).as("leaving the mode disarms").isFalse();
    }
}
