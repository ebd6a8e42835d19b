package org.lodgevm.devices.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.chipset.Eventually;
import org.lodgevm.devices.virtio.DriverRing.Part;
import org.lodgevm.devices.virtio.FakeDriver.Style;
import org.lodgevm.devices.virtio.queue.Virtqueue.Area;

/** A driver that lies: the device says what is wrong, asks to be reset, and works after that. */
class HostileRingTest {
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;

    private static List<Style> styles() {
        return Style.all();
    }

    private static List<Style> splitStyles() {
        return styles().stream().filter(style -> !style.packed()).toList();
    }

    /** What the device says of these parts; then it is reset and must work. */
    private static String complaint(Style style, Part... parts) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            driver.offerParts(0, List.of(parts));
            String complaint = driver.awaitFailure();
            assertThat(Eventually.becomes(() -> driver.configurationChanges() == 1)).isTrue();
            assertThat(driver.take(0)).isNull();
            driver.start(0);
            assertThat(driver.call(0, List.of(new byte[] {5}), List.of(1)).bytes()).containsExactly(5);
            return complaint;
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void buffersOutsideOfMemory(Style style) {
        assertThat(complaint(style, new Part(0x7fff_ffff_f000L, 10, false))).contains("device needs a reset: queue 0", "0x7ffffffff000");
        assertThat(complaint(style, new Part(-8, 16, true))).contains("where no RAM is");
        assertThat(complaint(style, new Part(DriverMemory.SIZE + 0xff0, 0x100, false))).contains("where no RAM is");
        assertThat(complaint(style, new Part(DriverMemory.SIZE, 16, true))).as("ROM").contains("where no RAM is");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void partsInTheWrongOrder(Style style) {
        assertThat(complaint(style, new Part(0x1000, 8, true), new Part(0x2000, 8, false))).contains("to read after one to write");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void moreThanFourGigabytes(Style style) {
        Part[] parts = IntStream.range(0, style.indirect() ? 70 : 16)
                .mapToObj(i -> new Part(0, style.indirect() ? (int) DriverMemory.SIZE : 0x100, false)).toArray(Part[]::new);
        if (style.indirect()) {
            assertThat(complaint(style, parts)).contains("more than 4 GiB");
        }
    }

    @ParameterizedTest
    @MethodSource("splitStyles")
    void chainsWithoutEnd(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            descriptor(driver, 0, 0x1000, 8, NEXT, 1);
            descriptor(driver, 1, 0x1000, 8, NEXT, 0);
            makeAvailable(driver, 0, 1);
            assertThat(driver.awaitFailure()).contains("no end");
        }
    }

    @ParameterizedTest
    @MethodSource("splitStyles")
    void descriptorsThatAreNotThere(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            descriptor(driver, 0, 0x1000, 8, NEXT, Echo.QUEUE_SIZE);
            makeAvailable(driver, 0, 1);
            assertThat(driver.awaitFailure()).contains("has no descriptor 16");
            driver.start(0);
            makeAvailable(driver, 0xffff, 1);
            assertThat(driver.awaitFailure()).contains("has no descriptor 65535");
            driver.start(0);
            makeAvailable(driver, 0, Echo.QUEUE_SIZE + 1);
            assertThat(driver.awaitFailure()).contains("a ring of 16 entries offers 17");
        }
    }

    @Test
    void indirectTablesThatAreNone() {
        Style style = new Style(false, true, false);
        try (FakeDriver driver = new FakeDriver(Echo::new, style)) {
            assertThat(indirect(driver, 0x1000, 0, INDIRECT)).contains("an indirect table has 0 bytes");
            assertThat(indirect(driver, 0x1000, 24, INDIRECT)).contains("an indirect table has 24 bytes");
            assertThat(indirect(driver, 0x1000, 16 * 1025, INDIRECT)).contains("an indirect table has 16400 bytes");
            assertThat(indirect(driver, 0x1000, 16, INDIRECT | NEXT)).contains("continues in the ring");
            assertThat(indirect(driver, DriverMemory.SIZE - 8 + 0x1000, 16, INDIRECT)).contains("where less RAM is");
            driver.memory.put64(0x1000, 0x2000);
            driver.memory.put32(0x1008, 16);
            driver.memory.put16(0x100c, INDIRECT);
            assertThat(indirect(driver, 0x1000, 16, INDIRECT)).contains("refers to another");
            driver.memory.put16(0x100c, NEXT | WRITE);
            driver.memory.put16(0x100e, 1);
            assertThat(indirect(driver, 0x1000, 16, INDIRECT)).contains("goes on with entry 1");
            driver.memory.put16(0x100e, 0);
            assertThat(indirect(driver, 0x1000, 16, INDIRECT)).contains("no end");
        }
    }

    private static String indirect(FakeDriver driver, long gpa, int length, int flags) {
        byte[] table = driver.memory.bytes(0x1000, 16);
        driver.start(0);
        driver.memory.bytes(0x1000, table);
        descriptor(driver, 0, gpa, length, flags, 1);
        makeAvailable(driver, 0, 1);
        return driver.awaitFailure();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void indirectTablesThatWereNotNegotiated(Style style) {
        if (style.indirect()) {
            return;
        }
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            driver.ring(0).offer(List.of(new Part(0x1000, 8, false)), true);
            driver.device.notified(0);
            assertThat(driver.awaitFailure()).contains("was not negotiated");
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void ringsThatCannotBe(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style)) {
            for (Area area : Area.values()) {
                assertThat(misplaced(driver, area, -16)).contains("where no RAM is");
                assertThat(misplaced(driver, area, DriverMemory.SIZE + 0x1000)).contains("where no RAM is");
                assertThat(misplaced(driver, area, 0x1001)).contains("not aligned");
            }
            assertThat(misplaced(driver, Area.DEVICE, DriverMemory.SIZE)).as("ROM").contains("where no RAM is");
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void ringsOfASizeThatCannotBe(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style)) {
            for (int size : new int[] {0, 32, 0xffff}) {
                driver.negotiate(0);
                driver.device.queue(0).size(size);
                driver.device.enableQueue(0);
                assertThat(driver.log.getLast()).contains("a queue has " + size + " entries");
            }
        }
    }

    private static String misplaced(FakeDriver driver, Area area, long gpa) {
        driver.negotiate(0);
        driver.log.clear();
        for (Area each : Area.values()) {
            driver.device.queue(0).area(each, each == area ? gpa : 0x1000);
        }
        driver.device.enableQueue(0);
        assertThat(driver.device.status() & DeviceStatus.DEVICE_NEEDS_RESET).isNotZero();
        return driver.log.isEmpty() ? "" : driver.log.getLast();
    }

    @Test
    void theLogDoesNotGrowWithoutBound() {
        try (FakeDriver driver = new FakeDriver(Echo::new, Style.PLAIN)) {
            for (int i = 0; i < 50; i++) {
                driver.negotiate(0);
                driver.device.queue(0).size(0);
                driver.device.enableQueue(0);
            }
            assertThat(driver.log).hasSize(10);
            assertThat(driver.log.getLast()).endsWith("(and no more of this in the log)");
        }
    }

    private static void descriptor(FakeDriver driver, int index, long gpa, int length, int flags, int next) {
        long at = driver.device.queue(0).area(Area.DESCRIPTOR) + 16L * index;
        driver.memory.put64(at, gpa);
        driver.memory.put32(at + 8, length);
        driver.memory.put16(at + 12, flags);
        driver.memory.put16(at + 14, next);
    }

    private static void makeAvailable(FakeDriver driver, int head, int index) {
        long available = driver.device.queue(0).area(Area.DRIVER);
        driver.memory.put16(available + 4, head);
        driver.memory.put16(available + 2, index);
        driver.device.notified(0);
    }
}
