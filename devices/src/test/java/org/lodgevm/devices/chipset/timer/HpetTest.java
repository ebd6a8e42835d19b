package org.lodgevm.devices.chipset.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.ManualClock;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.machine.IrqLine;

class HpetTest {
    private static final int CONFIG = 0x10;
    private static final int STATUS = 0x20;
    private static final int COUNTER = 0xf0;
    private static final int ENABLE = 1;
    private static final int LEGACY = 2;
    private static final long INT_ENABLE = 1 << 2;
    private static final long LEVEL = 1 << 1;
    private static final long PERIODIC = 1 << 3;
    private static final long VALUE_SET = 1 << 6;
    private static final long FORCE_32 = 1 << 8;
    private static final long PIN_20 = 20 << 9;

    private final ManualClock clock = new ManualClock();
    private final Wire irq0 = new Wire();
    private final Wire irq8 = new Wire();
    private final List<Wire> pins = Stream.generate(Wire::new).limit(24).toList();
    private final Hpet hpet = new Hpet(
            clock, new Oscillator(100_000_000), irq0, irq8, pins.stream().map(w -> (IrqLine) w).toList(), 0xf << 20);

    HpetTest() {
        hpet.reset();
    }

    private void write(int register, long value) {
        hpet.write(register, 8, value);
    }

    private long read(int register) {
        return hpet.read(register, 8);
    }

    private static int config(int timer) {
        return 0x100 + 0x20 * timer;
    }

    private static int comparator(int timer) {
        return 0x108 + 0x20 * timer;
    }

    private void ticks(long ticks) {
        clock.advance(10 * ticks);
    }

    @Test
    void capabilitiesNameThreeTimersAndTenNanoseconds() {
        assertThat(read(0)).isEqualTo(10_000_000L << 32 | 0x8086_a201L);
        assertThat(hpet.read(4, 4)).isEqualTo(10_000_000L);
        assertThat(read(config(0))).isEqualTo(0xf0_0000L << 32 | 1 << 4 | 1 << 5);
    }

    @Test
    void theCounterRunsOnlyWhileEnabled() {
        ticks(50);
        assertThat(read(COUNTER)).isZero();
        write(CONFIG, ENABLE);
        ticks(50);
        assertThat(read(COUNTER)).isEqualTo(50);
        write(CONFIG, 0);
        ticks(50);
        assertThat(read(COUNTER)).isEqualTo(50);
        write(COUNTER, 0x1_2345_6789L);
        assertThat(hpet.read(COUNTER, 4)).isEqualTo(0x2345_6789L);
        assertThat(hpet.read(COUNTER + 4, 4)).isEqualTo(1);
    }

    @Test
    void aOneShotFiresOnceAtItsPin() {
        write(config(2), INT_ENABLE | PIN_20);
        write(comparator(2), 1000);
        write(CONFIG, ENABLE);
        ticks(999);
        assertThat(pins.get(20).edges()).isZero();
        ticks(1);
        assertThat(pins.get(20).edges()).isEqualTo(1);
        ticks(100_000);
        assertThat(pins.get(20).edges()).isEqualTo(1);
    }

    @Test
    void aComparatorBehindTheCounterNeverMatches() {
        write(CONFIG, ENABLE);
        ticks(1000);
        write(config(0), INT_ENABLE | PIN_20);
        write(comparator(0), 500);
        ticks(1_000_000);
        assertThat(pins.get(20).edges()).isZero();
    }

    @Test
    void in32BitModeItMatchesAgainWhenTheCounterWraps() {
        write(config(0), INT_ENABLE | PIN_20 | FORCE_32);
        write(comparator(0), 1000);
        write(CONFIG, ENABLE);
        ticks(1000);
        assertThat(pins.get(20).edges()).isEqualTo(1);
        ticks(1L << 32);
        assertThat(pins.get(20).edges()).isEqualTo(2);
    }

    @Test
    void aPeriodicTimerAdvancesItsComparatorWithoutDrift() {
        write(config(0), INT_ENABLE | PIN_20 | PERIODIC | VALUE_SET);
        write(comparator(0), 5_000);
        write(comparator(0), 100_000);
        write(CONFIG, ENABLE);
        ticks(4_999);
        assertThat(pins.get(20).edges()).isZero();
        ticks(1);
        assertThat(pins.get(20).edges()).isEqualTo(1);
        assertThat(read(comparator(0))).isEqualTo(105_000);
        ticks(100_000_000);
        assertThat(pins.get(20).edges()).isEqualTo(1001);
    }

    @Test
    void aPeriodicTimerMissesNothingWhenItIsReconfiguredLate() {
        write(CONFIG, ENABLE);
        write(config(0), INT_ENABLE | PIN_20 | PERIODIC | VALUE_SET | FORCE_32);
        write(comparator(0), 100_000);
        ticks(99_999);
        ticks(1);
        write(config(0), INT_ENABLE | PIN_20 | PERIODIC | FORCE_32);
        ticks(100_000);
        assertThat(pins.get(20).edges()).isEqualTo(2);
    }

    @Test
    void aLevelStaysUntilItsStatusBitIsWrittenWithOne() {
        write(config(1), INT_ENABLE | LEVEL | PIN_20);
        write(comparator(1), 100);
        write(CONFIG, ENABLE);
        ticks(100);
        assertThat(read(STATUS)).isEqualTo(2);
        assertThat(pins.get(20).asserted()).isTrue();
        write(STATUS, 1);
        assertThat(pins.get(20).asserted()).isTrue();
        write(STATUS, 2);
        assertThat(pins.get(20).asserted()).isFalse();
    }

    @Test
    void aDisabledTimerSetsItsStatusWithoutInterrupt() {
        write(config(1), LEVEL | PIN_20);
        write(comparator(1), 100);
        write(CONFIG, ENABLE);
        ticks(100);
        assertThat(read(STATUS)).isEqualTo(2);
        assertThat(pins.get(20).asserted()).isFalse();
    }

    @Test
    void legacyReplacementTakesThePlaceOfPitAndRtc() {
        hpet.pitOutput().set(true);
        assertThat(irq0.asserted()).isTrue();
        hpet.pitOutput().set(false);
        write(config(0), INT_ENABLE);
        write(comparator(0), 100);
        write(config(1), INT_ENABLE);
        write(comparator(1), 200);
        write(CONFIG, ENABLE | LEGACY);
        hpet.pitOutput().set(true);
        hpet.rtcOutput().set(true);
        assertThat(irq0.asserted()).isFalse();
        assertThat(irq8.asserted()).isFalse();
        ticks(100);
        assertThat(irq0.edges()).isEqualTo(2);
        ticks(100);
        assertThat(irq8.edges()).isEqualTo(1);
        write(CONFIG, ENABLE);
        assertThat(irq0.asserted()).as("the PIT is back").isTrue();
    }

    @Test
    void halvesOfARegisterAreWrittenAlone() {
        hpet.write(comparator(0), 4, 0x1111_1111L);
        hpet.write(comparator(0) + 4, 4, 0x2222_2222L);
        assertThat(read(comparator(0))).isEqualTo(0x2222_2222_1111_1111L);
    }

    @Test
    void routesItCannotTakeLeadNowhere() {
        write(config(0), INT_ENABLE | 5 << 9);
        write(comparator(0), 10);
        write(CONFIG, ENABLE);
        ticks(10);
        assertThat(pins.get(5).edges()).isZero();
    }

    @Test
    void aPeriodOfOneTickCannotKeepTheClockBusy() {
        write(config(0), INT_ENABLE | PIN_20 | PERIODIC | VALUE_SET);
        write(comparator(0), 1);
        write(CONFIG, ENABLE);
        clock.advance(10_000_000);
        assertThat(pins.get(20).edges()).isBetween(100, 501);
    }
}
