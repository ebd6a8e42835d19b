package org.lodgevm.devices.virtio.rng;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Answer;
import org.lodgevm.devices.virtio.FakeDriver.Style;

class EntropyTest {
    private static List<Style> styles() {
        return Style.all();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void fillsBuffersWithBytesThatDiffer(Style style) {
        try (FakeDriver driver = new FakeDriver(link -> new Entropy(), style).start(0)) {
            Answer first = driver.call(0, List.of(), List.of(64, 7));
            Answer second = driver.call(0, List.of(), List.of(71));
            assertThat(first.written()).isEqualTo(71);
            assertThat(first.bytes()).isNotEqualTo(second.bytes());
            assertThat(first.bytes()).isNotEqualTo(new byte[71]);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void givesALargeBufferBackInPart(Style style) {
        try (FakeDriver driver = new FakeDriver(link -> new Entropy(), style).start(0)) {
            assertThat(driver.call(0, List.of(), List.of(1 << 20)).written()).isEqualTo(1 << 16);
        }
    }
}
