package org.lodgevm.devices.virtio.block;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Answer;
import org.lodgevm.devices.virtio.FakeDriver.Style;

/** Requests by the specification's numbers. @virtio 5.2.6 */
class BlockDeviceTest {
    private static final int SECTORS = 64;
    private static final long RO = 1 << 5;
    private static final long FLUSH = 1 << 9;
    private static final long CONFIG_WCE = 1 << 11;
    private static final long MQ = 1 << 12;
    private static final long DISCARD = 1 << 13;
    private static final long WRITE_ZEROES = 1 << 14;
    private static final int IO_ERROR = 1;
    private static final int UNSUPPORTED = 2;

    private final MemoryImage image = new MemoryImage(512 * SECTORS);
    private FakeDriver driver;

    private static List<Style> styles() {
        return Style.all();
    }

    private FakeDriver start(Style style, long features) {
        driver = new FakeDriver(link -> new BlockDevice(link, image, new DiskIdentity("lodge-1", 512, 2), problem -> false), style);
        return driver.start(features);
    }

    @AfterEach
    void close() {
        if (driver != null) {
            driver.close();
            assertThat(image.operations()).last().isEqualTo("close");
        }
    }

    private static byte[] header(int type, long sector) {
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(0).putLong(sector).array();
    }

    private static byte[] segment(long sector, int sectors, int flags) {
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(sector).putInt(sectors).putInt(flags).array();
    }

    private static byte[] data(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private int request(int type, long sector, byte... data) {
        Answer answer = driver.call(0, data.length == 0 ? List.of(header(type, sector)) : List.of(header(type, sector), data), List.of(1));
        assertThat(answer.written()).isEqualTo(1);
        return answer.bytes()[0];
    }

    @ParameterizedTest
    @MethodSource("styles")
    void whatIsWrittenIsRead(Style style) {
        start(style, FLUSH);
        byte[] data = data(3 * 512);
        assertThat(request(1, 7, data)).isZero();
        assertThat(image.bytes.slice(7 * 512, data.length)).isEqualTo(ByteBuffer.wrap(data));
        Answer answer = driver.call(0, List.of(header(0, 7)), List.of(512, 100, 924, 1));
        assertThat(answer.written()).isEqualTo(3 * 512 + 1);
        assertThat(Arrays.copyOf(answer.bytes(), data.length)).isEqualTo(data);
        assertThat(answer.bytes()[data.length]).isZero();
        assertThat(image.operations()).as("no flush unless asked for").doesNotContain("flush");
        assertThat(request(4, 0)).isZero();
        assertThat(image.operations()).last().isEqualTo("flush");
    }

    @ParameterizedTest
    @MethodSource("styles")
    void framingMeansNothing(Style style) {
        start(style, FLUSH);
        byte[] all = new byte[16 + 512];
        System.arraycopy(header(1, 3), 0, all, 0, 16);
        Arrays.fill(all, 16, all.length, (byte) 9);
        driver.call(0, List.of(Arrays.copyOf(all, 5), Arrays.copyOfRange(all, 5, 100), Arrays.copyOfRange(all, 100, all.length)), List.of(1));
        assertThat(image.bytes.get(3 * 512 + 511)).isEqualTo((byte) 9);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void allQueuesWork(Style style) {
        start(style, FLUSH | MQ);
        List<Set<Integer>> offered = List.of(new HashSet<>(), new HashSet<>());
        for (int i = 0; i < 40; i++) {
            offered.get(i % 2).add(driver.offer(i % 2, List.of(header(1, i), data(512)), List.of(1)));
        }
        for (int i = 0; i < 40; i++) {
            Answer answer = driver.await(i % 2);
            assertThat(offered.get(i % 2).remove(answer.buffer())).isTrue();
            assertThat(answer.bytes()).containsExactly(0);
        }
    }

    @Test
    void theConfigurationSaysWhatTheDiskIs() {
        start(Style.PLAIN, 0);
        assertThat(driver.device.readConfiguration(0, 8)).isEqualTo(SECTORS);
        assertThat(driver.device.readConfiguration(20, 4)).isEqualTo(512);
        assertThat(driver.device.readConfiguration(24, 1)).as("eight blocks a physical one").isEqualTo(3);
        assertThat(driver.device.readConfiguration(34, 2)).isEqualTo(2);
        assertThat(driver.offered() & (RO | DISCARD | WRITE_ZEROES)).isEqualTo(DISCARD | WRITE_ZEROES);
    }

    @Test
    void theSerialIsReadPadded() {
        start(Style.PLAIN, 0);
        Answer answer = driver.call(0, List.of(header(8, 0)), List.of(20, 1));
        assertThat(new String(answer.bytes(), US_ASCII)).isEqualTo("lodge-1" + "\0".repeat(14));
        assertThatIllegalArgumentException().isThrownBy(() -> new DiskIdentity("x".repeat(21), 512, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DiskIdentity("", 1000, 1));
    }

    @Test
    void rangesOutsideOfTheDiskAreErrors() {
        start(Style.PLAIN, FLUSH);
        assertThat(request(1, SECTORS, data(512))).isEqualTo(IO_ERROR);
        assertThat(request(1, SECTORS - 1, data(1024))).isEqualTo(IO_ERROR);
        assertThat(request(1, -1, data(512))).isEqualTo(IO_ERROR);
        assertThat(request(1, Long.MAX_VALUE, data(512))).isEqualTo(IO_ERROR);
        assertThat(request(1, 0, data(100))).as("no whole sector").isEqualTo(IO_ERROR);
        assertThat(driver.call(0, List.of(header(0, SECTORS)), List.of(512, 1)).bytes()[512]).isEqualTo((byte) IO_ERROR);
        assertThat(image.operations()).isEmpty();
        assertThat(request(77, 0)).isEqualTo(UNSUPPORTED);
    }

    @Test
    void discardAndZeroesTakeRanges() {
        start(Style.PLAIN, FLUSH | DISCARD | WRITE_ZEROES);
        byte[] two = Arrays.copyOf(segment(1, 2, 0), 32);
        System.arraycopy(segment(8, 8, 0), 0, two, 16, 16);
        assertThat(request(11, 0, two)).isZero();
        assertThat(request(13, 0, segment(4, 1, 1))).isZero();
        assertThat(request(13, 0, segment(4, 1, 0))).isZero();
        assertThat(image.operations()).containsExactly("discard 512+1024", "discard 4096+4096", "zero 2048+512 true", "zero 2048+512 false");
        assertThat(request(11, 0, segment(1, 1, 1))).as("no flag is defined").isEqualTo(UNSUPPORTED);
        assertThat(request(13, 0, segment(1, 1, 2))).isEqualTo(UNSUPPORTED);
        assertThat(request(13, 0, two)).as("one segment only").isEqualTo(IO_ERROR);
        assertThat(request(11, 0, segment(60, 5, 0))).isEqualTo(IO_ERROR);
        assertThat(request(11, 0, segment(0, -1, 0))).isEqualTo(IO_ERROR);
        assertThat(request(11, 0, new byte[15])).isEqualTo(IO_ERROR);
        assertThat(request(11, 0)).isEqualTo(IO_ERROR);
        assertThat(image.operations()).hasSize(4);
    }

    @Test
    void aReadOnlyDiskSaysSoAndCannotBeChanged() {
        image.readOnly = true;
        start(Style.PLAIN, RO);
        assertThat(driver.offered() & (RO | DISCARD | WRITE_ZEROES)).isEqualTo(RO);
        assertThat(request(1, 0, data(512))).isEqualTo(IO_ERROR);
        assertThat(request(11, 0, segment(0, 1, 0))).isEqualTo(IO_ERROR);
        assertThat(request(13, 0, segment(0, 1, 0))).isEqualTo(IO_ERROR);
        assertThat(image.operations()).isEmpty();
    }

    @Test
    void aDriverThatDoesNotFlushWritesThrough() {
        for (long features : new long[] {0, CONFIG_WCE}) {
            start(Style.PLAIN, features);
            assertThat(driver.device.readConfiguration(32, 1)).isZero();
            request(1, 0, data(512));
        }
        assertThat(image.operations()).containsExactly("write", "flush", "write", "flush");
    }

    @Test
    void theCacheIsTheDriversToTurnOff() {
        start(Style.PLAIN, FLUSH | CONFIG_WCE);
        assertThat(driver.device.readConfiguration(32, 1)).isEqualTo(1);
        request(1, 0, data(512));
        driver.device.writeConfiguration(32, 1, 0);
        assertThat(driver.device.readConfiguration(32, 1)).isZero();
        request(1, 0, data(512));
        assertThat(image.operations()).containsExactly("write", "write", "flush");
        driver.start(FLUSH | CONFIG_WCE);
        assertThat(driver.device.readConfiguration(32, 1)).isEqualTo(1);
        driver.device.writeConfiguration(0, 1, 7);
        assertThat(driver.device.readConfiguration(0, 8)).as("all else is read-only").isEqualTo(SECTORS);
    }

    @Test
    void theCacheMayBeOffFromTheBeginning() {
        driver = new FakeDriver(link -> new BlockDevice(link, image, new DiskIdentity("", 512, 1, false), problem -> false), Style.PLAIN);
        for (long features : new long[] {FLUSH | CONFIG_WCE, FLUSH}) {
            driver.start(features);
            assertThat(driver.device.readConfiguration(32, 1)).isZero();
            request(1, 0, data(512));
        }
        assertThat(image.operations()).containsExactly("write", "flush", "write", "flush");
    }

    @Test
    void whatTheHostFailsToDoIsAnErrorAndALineOfLog() {
        start(Style.PLAIN, FLUSH);
        image.broken = true;
        for (int i = 0; i < 20; i++) {
            assertThat(request(1, 0, data(512))).isEqualTo(IO_ERROR);
        }
        assertThat(driver.log).hasSize(10);
        assertThat(driver.log.getFirst()).isEqualTo("device: memory: at offset 0x0: the disk is on fire");
        assertThat(driver.log.getLast()).endsWith("(and no more of this in the log)");
        image.broken = false;
        assertThat(request(1, 0, data(512))).isZero();
    }

    @ParameterizedTest
    @MethodSource("styles")
    void requestsThatAreNoneAreFaults(Style style) {
        start(style, FLUSH);
        driver.offer(0, List.of(new byte[15]), List.of(1));
        assertThat(driver.awaitFailure()).contains("15 bytes where 16 are needed");
        driver.start(FLUSH);
        driver.offer(1, List.of(header(4, 0)), List.of());
        assertThat(driver.awaitFailure()).contains("queue 1: a request has no room for its status");
    }
}
