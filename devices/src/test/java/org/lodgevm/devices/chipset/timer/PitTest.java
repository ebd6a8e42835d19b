package org.lodgevm.devices.chipset.timer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.ManualClock;
import org.lodgevm.devices.chipset.Wire;

class PitTest {
    private static final int CONTROL = 3;
    private static final int BOTH = 0x30;
    private static final int COUNT_OUT = 1 << 5;

    private final ManualClock clock = new ManualClock();
    private final Wire irq = new Wire();
    private final Oscillator oscillator = new Oscillator(1_000_000); // a tick a microsecond
    private final Pit pit = new Pit(clock, oscillator, irq);
    private final SystemControlB port61 = new SystemControlB(clock, pit);

    PitTest() {
        pit.reset();
    }

    private void program(int channel, int mode, int count) {
        pit.write(CONTROL, 1, channel << 6 | BOTH | mode << 1);
        pit.write(channel, 1, count & 0xff);
        pit.write(channel, 1, count >> 8);
    }

    private int count(int channel) {
        pit.write(CONTROL, 1, channel << 6);
        return (int) (pit.read(channel, 1) | pit.read(channel, 1) << 8);
    }

    private boolean output() {
        return (port61.read(0, 1) & COUNT_OUT) != 0;
    }

    private void ticks(int ticks) {
        clock.advance(ticks * 1000L);
    }

    private void gate(boolean on) {
        port61.write(0, 1, on ? 1 : 0);
    }

    @Test
    void mode0RaisesItsOutputWhenTheCountIsOverAndWrapsOn() {
        program(0, 0, 1000);
        assertThat(irq.asserted()).isFalse();
        ticks(400);
        assertThat(count(0)).isEqualTo(600);
        ticks(599);
        assertThat(irq.asserted()).isFalse();
        ticks(1);
        assertThat(irq.asserted()).isTrue();
        ticks(10);
        assertThat(count(0)).isEqualTo(0x10000 - 10);
        assertThat(irq.edges()).isEqualTo(1);
    }

    @Test
    void mode0StopsBetweenTheTwoBytesOfACount() {
        program(0, 0, 1000);
        pit.write(0, 1, 0x10);
        ticks(5000);
        assertThat(irq.asserted()).isFalse();
        pit.write(0, 1, 0);
        ticks(16);
        assertThat(irq.asserted()).isTrue();
    }

    @Test
    void mode0PausesWhileTheGateIsLow() {
        gate(true);
        program(2, 0, 1000);
        ticks(300);
        gate(false);
        ticks(5000);
        assertThat(count(2)).isEqualTo(700);
        gate(true);
        ticks(699);
        assertThat(output()).isFalse();
        ticks(1);
        assertThat(output()).isTrue();
    }

    @Test
    void mode1IsAOneShotThatTheGateTriggersAndRetriggers() {
        program(2, 1, 100);
        assertThat(output()).isTrue();
        ticks(500);
        assertThat(output()).isTrue();
        gate(true);
        assertThat(output()).isFalse();
        ticks(60);
        gate(false);
        gate(true);
        ticks(60);
        assertThat(output()).isFalse();
        ticks(40);
        assertThat(output()).isTrue();
    }

    @Test
    void mode2InterruptsOncePerPeriodWithoutDrift() {
        program(0, 2, 1000);
        int before = irq.edges();
        clock.advance(1_000_000_000);
        assertThat(irq.edges() - before).isEqualTo(1000);
    }

    @Test
    void mode2IsLowForTheLastTickAndReadsBetweenOneAndTheCount() {
        gate(true);
        program(2, 2, 100);
        assertThat(count(2)).isEqualTo(100);
        ticks(99);
        assertThat(count(2)).isEqualTo(1);
        assertThat(output()).isFalse();
        ticks(1);
        assertThat(count(2)).isEqualTo(100);
        assertThat(output()).isTrue();
    }

    @Test
    void mode2StopsHighWithTheGateAndReloadsWhenItRises() {
        gate(true);
        program(2, 2, 100);
        ticks(99);
        gate(false);
        assertThat(output()).isTrue();
        ticks(50);
        gate(true);
        ticks(30);
        assertThat(count(2)).isEqualTo(70);
    }

    @Test
    void aNewCountInMode2TakesEffectAtTheEndOfThePeriod() {
        program(0, 2, 1000);
        ticks(500);
        pit.write(0, 1, 200);
        pit.write(0, 1, 0);
        assertThat(count(0)).isEqualTo(500);
        int before = irq.edges();
        ticks(500);
        assertThat(irq.edges() - before).isEqualTo(1);
        assertThat(count(0)).isEqualTo(200);
        ticks(1000);
        assertThat(irq.edges() - before).isEqualTo(6);
    }

    @Test
    void mode3IsHighForHalfThePeriodAndCountsByTwo() {
        gate(true);
        program(2, 3, 100);
        ticks(10);
        assertThat(count(2)).isEqualTo(80);
        ticks(39);
        assertThat(output()).isTrue();
        ticks(1);
        assertThat(output()).isFalse();
        assertThat(count(2)).isEqualTo(100);
        ticks(50);
        assertThat(output()).isTrue();
    }

    @Test
    void mode3WithAnOddCountIsHighForOneTickMore() {
        gate(true);
        program(2, 3, 5);
        boolean[] levels = new boolean[5];
        for (int i = 0; i < 5; i++) {
            levels[i] = output();
            ticks(1);
        }
        assertThat(levels).containsExactly(true, true, true, false, false);
    }

    @Test
    void mode4StrobesLowForOneTickAfterTheCount() {
        gate(true);
        program(2, 4, 50);
        assertThat(output()).isTrue();
        ticks(50);
        assertThat(output()).isFalse();
        ticks(1);
        assertThat(output()).isTrue();
    }

    @Test
    void mode5StrobesAfterATrigger() {
        program(2, 5, 50);
        ticks(200);
        gate(true);
        ticks(49);
        assertThat(output()).isTrue();
        ticks(1);
        assertThat(output()).isFalse();
        ticks(1);
        assertThat(output()).isTrue();
    }

    @Test
    void zeroCountsSixtyFourKi() {
        program(0, 2, 0);
        int before = irq.edges();
        ticks(65_536);
        assertThat(irq.edges() - before).isEqualTo(1);
    }

    @Test
    void bcdCountsInDecimal() {
        pit.write(CONTROL, 1, BOTH | 2 << 1 | 1);
        pit.write(0, 1, 0x00);
        pit.write(0, 1, 0x12);
        ticks(1);
        assertThat(count(0)).isEqualTo(0x1199);
        ticks(199);
        assertThat(count(0)).isEqualTo(0x1000);
    }

    @Test
    void aLatchedCountIsHeldUntilItIsRead() {
        program(0, 2, 1000);
        pit.write(CONTROL, 1, 0);
        ticks(300);
        pit.write(CONTROL, 1, 0);
        assertThat(pit.read(0, 1) | pit.read(0, 1) << 8).isEqualTo(1000);
        assertThat(pit.read(0, 1) | pit.read(0, 1) << 8).isEqualTo(700);
    }

    @Test
    void readBackLatchesStatusAheadOfCount() {
        program(0, 2, 1000);
        pit.write(CONTROL, 1, 0xc2);
        assertThat(pit.read(0, 1)).isEqualTo(0x80 | BOTH | 2 << 1);
        assertThat(pit.read(0, 1) | pit.read(0, 1) << 8).isEqualTo(1000);
        pit.write(0, 1, 1);
        pit.write(0, 1, 1);
        pit.write(CONTROL, 1, 0xe2);
        assertThat(pit.read(0, 1) & 1 << 6).as("the new count is not loaded yet").isNotZero();
    }

    @Test
    void singleByteAccessReadsAndWritesOneByte() {
        pit.write(CONTROL, 1, 0x20 | 2 << 1);
        pit.write(0, 1, 4);
        ticks(24);
        assertThat(pit.read(0, 1)).isEqualTo(3);
        pit.write(CONTROL, 1, 0x10 | 2 << 1);
        pit.write(0, 1, 100);
        ticks(24);
        assertThat(pit.read(0, 1)).isEqualTo(76);
    }

    @Test
    void aCountOfOneTickCannotKeepTheClockBusy() {
        program(0, 2, 1);
        int before = irq.edges();
        clock.advance(10_000_000);
        assertThat(irq.edges() - before).isLessThanOrEqualTo(500);
    }

    @Test
    void port61TogglesWithRefreshAndKeepsItsLowBits() {
        port61.write(0, 1, 0xff);
        assertThat(port61.read(0, 1) & 0xf).isEqualTo(0xf);
        long first = port61.read(0, 1) & 0x10;
        clock.advance(15_085);
        assertThat(port61.read(0, 1) & 0x10).isNotEqualTo(first);
    }
}
