package org.lodgevm.devices.virtio.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Style;

class PmemDeviceTest {
    private static final byte[] FLUSH = {0, 0, 0, 0};
    private static final byte[] DONE = {0, 0, 0, 0};
    private static final byte[] FAILED = {-1, -1, -1, -1};

    private final AtomicInteger flushes = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private volatile String problem;

    private static List<Style> styles() {
        return Style.all();
    }

    private FakeDriver start(Style style) {
        return new FakeDriver(link -> new PmemDevice(link, new PersistentRange() {
            @Override
            public long gpa() {
                return 0x1_4000_0000L;
            }

            @Override
            public long size() {
                return 0x20_0000;
            }

            @Override
            public void flush() throws IOException {
                flushes.incrementAndGet();
                if (problem != null) {
                    throw new IOException(problem);
                }
            }

            @Override
            public void close() {
                closes.incrementAndGet();
            }
        }), style).start(0);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void saysWhereItIs(Style style) {
        try (FakeDriver driver = start(style)) {
            assertThat(driver.device.readConfiguration(0, 4)).isEqualTo(0x4000_0000);
            assertThat(driver.device.readConfiguration(4, 4)).isEqualTo(1);
            assertThat(driver.device.readConfiguration(8, 4)).isEqualTo(0x20_0000);
            assertThat(driver.device.readConfiguration(12, 4)).isZero();
        }
        assertThat(closes).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void flushesWhenItIsAskedTo(Style style) {
        try (FakeDriver driver = start(style)) {
            assertThat(driver.call(0, List.of(FLUSH), List.of(4)).bytes()).isEqualTo(DONE);
            assertThat(flushes).hasValue(1);
            problem = "the host's disk is broken";
            assertThat(driver.call(0, List.of(FLUSH), List.of(4)).bytes()).isEqualTo(FAILED);
            assertThat(driver.log).containsExactly("device: the host's disk is broken");
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void knowsNoOtherRequest(Style style) {
        try (FakeDriver driver = start(style)) {
            assertThat(driver.call(0, List.of(new byte[] {1, 0, 0, 0}), List.of(4)).bytes()).isEqualTo(FAILED);
            assertThat(flushes).hasValue(0);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void isToBeResetAfterARequestWithoutRoomForItsAnswer(Style style) {
        try (FakeDriver driver = start(style)) {
            driver.offer(0, List.of(FLUSH), List.of(2));
            assertThat(driver.awaitFailure()).contains("no room for its answer");
        }
    }
}
