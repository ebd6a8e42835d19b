package org.lodgevm.devices.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.chipset.Eventually;
import org.lodgevm.devices.virtio.FakeDriver.Answer;
import org.lodgevm.devices.virtio.FakeDriver.Style;

/** What a driver may expect of any queue, in each format and with each feature. */
class VirtqueueTest {
    private static List<Style> styles() {
        return Style.all();
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("styles")
    void answersComeBackWithWhatWasSentHoweverItIsCutUp(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            byte[] sent = bytes(new Random(1), 100);
            Answer answer = driver.call(
                    0, List.of(Arrays.copyOf(sent, 1), Arrays.copyOfRange(sent, 1, 40), Arrays.copyOfRange(sent, 40, 100)), List.of(30, 1, 89));
            assertThat(answer.written()).isEqualTo(100);
            assertThat(Arrays.copyOf(answer.bytes(), 100)).isEqualTo(sent);
            assertThat(driver.log).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void manyBuffersGoRoundAndRound(Style style) {
        Random random = new Random(style.hashCode());
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            Map<Integer, byte[]> expected = new HashMap<>();
            for (int i = 0; i < 1500; i++) {
                int descriptors = style.indirect() ? 1 : 5;
                while (expected.size() < 8 && driver.ring(1).room() >= descriptors && random.nextInt(4) > 0) {
                    List<byte[]> out = IntStream.range(0, random.nextInt(1, 4)).mapToObj(n -> bytes(random, random.nextInt(1, 50))).toList();
                    List<Integer> in = IntStream.range(0, random.nextInt(1, 3)).mapToObj(n -> random.nextInt(1, 200)).toList();
                    int buffer = driver.offer(1, out, in);
                    byte[] all = new byte[out.stream().mapToInt(b -> b.length).sum()];
                    int at = 0;
                    for (byte[] part : out) {
                        System.arraycopy(part, 0, all, at, part.length);
                        at += part.length;
                    }
                    expected.put(buffer, Arrays.copyOf(all, Math.min(all.length, in.stream().mapToInt(n -> n).sum())));
                }
                if (!expected.isEmpty()) {
                    Answer answer = driver.await(1);
                    byte[] wanted = expected.remove(answer.buffer());
                    assertThat(answer.written()).isEqualTo(wanted.length);
                    assertThat(Arrays.copyOf(answer.bytes(), wanted.length)).isEqualTo(wanted);
                }
                if (expected.isEmpty()) {
                    driver.memory.forgetBuffers();
                }
            }
            assertThat(driver.log).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void buffersComeBackInTheirOrder(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            List<Integer> offered = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                offered.add(driver.offer(0, List.of(new byte[] {1}), List.of(1)));
            }
            List<Integer> returned = IntStream.range(0, 6).mapToObj(i -> driver.await(0).buffer()).toList();
            assertThat(returned).isEqualTo(offered);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aDriverThatWantsNoInterruptGetsNone(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            driver.ring(0).interrupts(false);
            for (int i = 0; i < 3; i++) {
                driver.offer(0, List.of(new byte[] {1}), List.of(1));
            }
            driver.call(1, List.of(new byte[] {1}), List.of(1));
            for (int i = 0; i < 3; i++) {
                assertThat(Eventually.becomes(() -> driver.take(0) != null)).isTrue();
            }
            driver.device.pause(); // and no interrupt is on its way
            assertThat(driver.interrupts(0)).isZero();
            assertThat(driver.interrupts(1)).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void nothingIsTakenWhilePausedAndAllAfterwards(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(0)) {
            driver.device.pause();
            driver.offer(0, List.of(new byte[] {7}), List.of(1));
            driver.device.notified(0);
            assertThat(driver.take(0)).isNull();
            driver.device.resume();
            assertThat(driver.await(0).bytes()).containsExactly(7);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aResetQueueBeginsAnew(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style).start(Feature.RING_RESET)) {
            driver.call(0, List.of(new byte[] {7}), List.of(1));
            driver.device.resetQueue(0);
            assertThat(driver.device.queue(0).ready()).isFalse();
            driver.setUp(0, 4);
            assertThat(driver.call(0, List.of(new byte[] {8}), List.of(1)).bytes()).containsExactly(8);
            assertThat(driver.call(1, List.of(new byte[] {9}), List.of(1)).bytes()).containsExactly(9);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aSmallerRingThanOfferedWorks(Style style) {
        try (FakeDriver driver = new FakeDriver(Echo::new, style)) {
            driver.negotiate(0);
            driver.setUp(2, 2);
            driver.device.status(driver.device.status() | DeviceStatus.DRIVER_OK);
            for (int i = 0; i < 9; i++) {
                assertThat(driver.call(2, List.of(new byte[] {(byte) i}), List.of(1)).bytes()).containsExactly(i);
            }
        }
    }
}
