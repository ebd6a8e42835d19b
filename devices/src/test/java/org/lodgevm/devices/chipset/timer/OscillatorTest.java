package org.lodgevm.devices.chipset.timer;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class OscillatorTest {
    private static final long TEN_YEARS = 10L * 365 * 86_400 * 1_000_000_000;

    @Property
    void theTimeOfATickIsTheFirstAtWhichItIsComplete(
            @ForAll @LongRange(min = 1, max = TEN_YEARS) long nanos,
            @ForAll @LongRange(min = 32_768, max = 1_000_000_000) long frequency) {
        Oscillator oscillator = new Oscillator(frequency);
        long tick = oscillator.ticks(nanos);
        long at = oscillator.nanosAt(tick);
        assertThat(at).isLessThanOrEqualTo(nanos);
        assertThat(oscillator.ticks(at)).isEqualTo(tick);
        if (at > 0) {
            assertThat(oscillator.ticks(at - 1)).isEqualTo(tick - 1);
        }
    }

    @Property
    void ticksThatNeverComeAreFarAway(@ForAll @LongRange(min = Long.MAX_VALUE / 2) long tick) {
        assertThat(new Oscillator(1_193_182).nanosAt(tick)).isGreaterThan(TEN_YEARS).isLessThanOrEqualTo(Long.MAX_VALUE / 4);
    }
}
