package org.lodgevm.devices.virtio.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.virtio.FakeDriver;
import org.lodgevm.devices.virtio.FakeDriver.Answer;
import org.lodgevm.devices.virtio.FakeDriver.Style;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.machine.state.StateTree;
import org.lodgevm.machine.state.Value;
import org.lodgevm.storage.StorageException;

/** Many requests at once, and requests whose data is in many places. @virtio 5.2.6 */
class BlockRequestsTest {
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int FLUSH = 4;
    private static final long FEATURES = 1 << 9; // flush
    private static final byte IO_ERROR = 1;

    private final MemoryImage image = new MemoryImage(1 << 20);
    private final List<String> stalls = Collections.synchronizedList(new ArrayList<>());
    private FakeDriver driver;

    private static List<Style> styles() {
        return Style.all();
    }

    private void start(Style style) {
        driver = new FakeDriver(link -> new BlockDevice(link, image, new DiskIdentity("", 512, 1), stalls::add), style);
        driver.start(FEATURES);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static byte[] header(int type, long sector) {
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(0).putLong(sector).array();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aSlowWriteHoldsUpNeitherReadsNorFlushes(Style style) {
        start(style);
        CountDownLatch gate = new CountDownLatch(1);
        image.entrance = offset -> {
            try {
                if (offset == 0) {
                    gate.await();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        int write = driver.offer(0, List.of(header(OUT, 0), random(512)), List.of(1));
        int read = driver.offer(0, List.of(header(IN, 1)), List.of(512, 1));
        assertThat(driver.await(0).buffer()).isEqualTo(read);
        int flush = driver.offer(0, List.of(header(FLUSH, 0)), List.of(1));
        assertThat(driver.await(0).buffer()).as("it covers what was answered, which the write was not").isEqualTo(flush);
        gate.countDown();
        assertThat(driver.await(0).buffer()).isEqualTo(write);
        assertThat(image.bytes.slice(0, 512)).isEqualTo(ByteBuffer.wrap(random(512)));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void eachRequestHasItsOwnErrors(Style style) {
        start(style);
        image.entrance = offset -> {
            if (offset / 512 % 3 == 0) {
                throw new StorageException("memory", offset, "a third of the disk is on fire");
            }
        };
        List<Integer> failing = new ArrayList<>();
        for (int sector = 0; sector < 30; sector++) {
            int buffer = driver.offer(0, List.of(header(IN, sector)), List.of(512, 1));
            if (sector % 3 == 0) {
                failing.add(buffer);
            }
        }
        for (int i = 0; i < 30; i++) {
            Answer answer = driver.await(0);
            assertThat(answer.bytes()[512]).isEqualTo(failing.contains(answer.buffer()) ? IO_ERROR : 0);
        }
    }

    /** The guest's other requests go on meanwhile, and are answered before; then the machine is paused, and its state perhaps moves elsewhere. */
    @ParameterizedTest
    @MethodSource("styles")
    void aWriteForWhichTheHostHasNoRoomIsTriedAgainAfterAPause(Style style) throws StateException {
        start(style);
        AtomicBoolean full = new AtomicBoolean(true);
        image.entrance = offset -> {
            if (offset == 0 && full.get()) {
                throw new StorageException("memory", offset, "writing failed", new IOException("No space left on device"));
            }
        };
        int write = driver.offer(0, List.of(header(OUT, 0), random(512)), List.of(1));
        for (int round = 0; round < 200; round++) {
            int read = driver.offer(0, List.of(header(IN, 1)), List.of(512, 1));
            assertThat(driver.await(0).buffer()).isEqualTo(read);
        }
        for (int round = 1; round <= 3; round++) {
            awaitStalls(round);
            driver.device.pause();
            assertThat(driver.take(0)).isNull();
            full.set(round < 3);
            StateTree tree = new StateTree("org.lodgevm");
            tree.add("disk", driver.device);
            Value.Group saved = tree.save();
            driver.device.queue(0).reset();
            tree.load(saved);
            driver.device.resume();
        }
        Answer answer = driver.await(0);
        assertThat(answer.buffer()).isEqualTo(write);
        assertThat(answer.bytes()).containsExactly(0);
        assertThat(image.bytes.slice(0, 512)).isEqualTo(ByteBuffer.wrap(random(512)));
        assertThat(stalls).hasSize(3).first().asString().contains("No space left on device");
        assertThat(driver.log).isEmpty();
    }

    private void awaitStalls(int count) {
        while (stalls.size() < count) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void smallPiecesReachTheImageAsOne(Style style) {
        start(style);
        byte[] data = random(40 * 4096);
        List<byte[]> out = new ArrayList<>(List.of(header(OUT, 8)));
        for (int i = 0; i < 40; i++) {
            out.add(Arrays.copyOfRange(data, i * 4096, (i + 1) * 4096));
        }
        assertThat(driver.call(0, out, List.of(1)).bytes()).containsExactly(0);
        assertThat(image.operations()).containsExactly("write");
        assertThat(image.wholePages).isTrue();
        assertThat(image.bytes.slice(4096, data.length)).isEqualTo(ByteBuffer.wrap(data));

        List<Integer> in = new ArrayList<>(Collections.nCopies(40, 4096));
        in.add(1);
        Answer answer = driver.call(0, List.of(header(IN, 8)), in);
        assertThat(image.operations()).containsExactly("write", "read");
        assertThat(answer.written()).isEqualTo(data.length + 1);
        assertThat(ByteBuffer.wrap(answer.bytes(), 0, data.length)).isEqualTo(ByteBuffer.wrap(data));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void piecesThatAreJoinedMayBeMoreThanThereIsRoomFor(Style style) {
        start(style);
        byte[] data = random(600 << 10);
        List<byte[]> out = new ArrayList<>(List.of(header(OUT, 1)));
        for (int i = 0; i < 30; i++) {
            out.add(Arrays.copyOfRange(data, i * (20 << 10), (i + 1) * (20 << 10)));
        }
        assertThat(driver.call(0, out, List.of(1)).bytes()).containsExactly(0);
        assertThat(image.bytes.slice(512, data.length)).isEqualTo(ByteBuffer.wrap(data));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void largePiecesPassAsTheyAre(Style style) {
        start(style);
        byte[] data = random(64 << 10);
        assertThat(driver.call(0, List.of(header(OUT, 0), data, data), List.of(1)).bytes()).containsExactly(0);
        assertThat(image.operations()).containsExactly("write", "write");
        assertThat(image.bytes.slice(data.length, data.length)).isEqualTo(ByteBuffer.wrap(data));
    }
}
