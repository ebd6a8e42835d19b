package org.lodgevm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lodgevm.bench.Samples.Key;

class SamplesTest {
    private static final Key KEY = new Key("boot", "Lodge", 1, "seconds");

    private final Samples samples = new Samples();

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        add(9, 1, 2);
        assertThat(samples.median(KEY)).hasValue(2);
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        add(9, 1, 2, 4);
        assertThat(samples.median(KEY)).hasValue(3);
    }

    @Test
    void ofNothingThereIsNoMedian() {
        assertThat(samples.median(KEY)).isEmpty();
    }

    private void add(double... values) {
        for (double value : values) {
            samples.add(KEY, value);
        }
    }
}
