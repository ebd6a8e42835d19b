package org.lodgevm.devices.virtio.balloon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.virtio.DriverMemory;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Style;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;

class BalloonDeviceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long STATS_VQ = 2;
    private static final long PAGE_REPORTING = 32;

    private final List<String> released = new ArrayList<>();
    private final BalloonDevice[] device = new BalloonDevice[1];
    private final GuestMemory lent = new GuestMemory();
    private FakeDriver driver;

    private static List<Style> styles() {
        return Style.all();
    }

    /** The balloon frees pages of another memory than that with the rings, so that it can free any. */
    private void start(Style style, long features) {
        lent.addRam(0, DriverMemory.SIZE, RamSource.temporaryFile());
        lent.addListener((gpa, bytes) -> released.add("%x+%x".formatted(gpa, bytes)));
        driver = new FakeDriver(link -> device[0] = new BalloonDevice(link, lent), style);
        driver.start(features);
    }

    @AfterEach
    void close() {
        driver.close();
        lent.close();
    }

    private static byte[] numbers(int... pages) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * pages.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int page : pages) {
            bytes.putInt(page);
        }
        return bytes.array();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void pagesThatTheGuestNamesAreFreedTogetherWhereTheyCanBe(Style style) {
        start(style, 0);
        driver.call(0, List.of(numbers(5, 6, 7, 20, 3)), List.of());
        driver.call(1, List.of(numbers(5, 6)), List.of());
        assertThat(released).containsExactly("5000+3000", "14000+1000", "3000+1000");
        driver.call(0, List.of(numbers(-1, 0x7fff_ffff, (int) (DriverMemory.SIZE >> 12))), List.of());
        assertThat(released).as("where no RAM is, nothing is freed").hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void theHostSaysHowMuchItWantsAndTheGuestHowMuchItGave(Style style) {
        start(style, 0);
        device[0].target(8 << 20);
        assertThat(driver.configurationChanges()).isEqualTo(1);
        assertThat(driver.device.readConfiguration(0, 4)).isEqualTo(2048);
        assertThat(device[0].target()).isEqualTo(8 << 20);
        driver.device.writeConfiguration(4, 4, 1000);
        assertThat(device[0].actual()).isEqualTo(4_096_000);
        driver.device.writeConfiguration(0, 4, 7);
        assertThat(driver.device.readConfiguration(0, 4)).isEqualTo(2048);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void statisticsComeWhenTheyAreAskedFor(Style style) throws Exception {
        start(style, STATS_VQ);
        driver.offer(2, List.of(statistic(4, 1 << 20)), List.of());
        CompletableFuture<Map<Statistic, Long>> asked = CompletableFuture.supplyAsync(this::statistics);
        driver.await(2);
        driver.offer(2, List.of(statistic(4, 2 << 20), statistic(99, 1)), List.of());
        assertThat(asked.get()).as("not those of before").isEqualTo(Map.of(Statistic.FREE_MEMORY, 2L << 20));
    }

    private Map<Statistic, Long> statistics() {
        try {
            Map<Statistic, Long> said = device[0].statistics(PATIENCE);
            return said.equals(Map.of(Statistic.FREE_MEMORY, 1L << 20)) ? device[0].statistics(PATIENCE) : said; // it had not said the first ones yet
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aGuestThatSaysNothingIsNotWaitedForLong(Style style) throws Exception {
        start(style, 0);
        assertThat(device[0].statistics(Duration.ZERO)).isEmpty();
        driver.device.status(0);
        assertThat(device[0].statistics(PATIENCE)).isEmpty();
    }

    private static byte[] statistic(int tag, long value) {
        return ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putShort((short) tag).putLong(value).array();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void reportedPagesArriveOnTheQueueAfterTheLastThatTheDriverKnows(Style style) {
        start(style, PAGE_REPORTING);
        List<String> changed = new ArrayList<>();
        driver.memory.memory.addListener((gpa, bytes) -> {
            if (bytes >= 0x4000) {
                synchronized (changed) {
                    changed.add("%x".formatted(bytes));
                }
            }
        });
        driver.call(2, List.of(), List.of(0x4000, 0x8000));
        assertThat(changed).containsExactly("4000", "8000");
        driver.offer(3, List.of(), List.of(0x1000));
        driver.device.pause();
        assertThat(driver.take(3)).as("a queue of no meaning").isNull();
    }
}
