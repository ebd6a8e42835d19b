package org.lodgevm.devices.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lodgevm.devices.virtio.FakeDriver.Style;
import org.lodgevm.devices.virtio.queue.DescriptorChain;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.devices.virtio.queue.QueueFault;
import org.lodgevm.devices.virtio.queue.Virtqueue;

/** What a device does beside its queue's own thread. */
class LaterTest {
    private static final int PATIENCE_SECONDS = 20;
    /** VIRTIO_F_IN_ORDER, in the upper word of the features. */
    private static final int IN_ORDER = 1 << 35 - Integer.SIZE;

    /** Answers a buffer, which is a number, with that number plus one, when the test allows. */
    private static final class Slow implements DeviceLogic {
        private final Driver driver;
        private final Map<Integer, CountDownLatch> gates = new ConcurrentHashMap<>();
        private final Semaphore arrived = new Semaphore(0);
        private final AtomicInteger working = new AtomicInteger();
        volatile RuntimeException failure;

        Slow(Driver driver) {
            this.driver = driver;
        }

        private CountDownLatch gate(int number) {
            return gates.computeIfAbsent(number, any -> new CountDownLatch(1));
        }

        void let(int number) {
            gate(number).countDown();
        }

        private void answer(GuestBuffer request, GuestBuffer answer) {
            int number = request.read(1)[0];
            working.incrementAndGet();
            arrived.release();
            try {
                if (!gate(number).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("nobody lets number %d through".formatted(number));
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                working.decrementAndGet();
            }
            if (failure != null) {
                throw failure;
            }
            answer.write((byte) (number + 1));
        }

        /** Waits until so many buffers more are being worked on. */
        void await(int count) throws InterruptedException {
            assertThat(arrived.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void serve(int queue, Virtqueue virtqueue) {
            DescriptorChain chain;
            while ((chain = virtqueue.poll()) != null) {
                GuestBuffer request = chain.readable();
                GuestBuffer answer = chain.writable();
                driver.later(queue, chain, () -> {
                    answer(request, answer);
                    return true;
                });
            }
        }

        @Override
        public DeviceType type() {
            return DeviceType.ENTROPY;
        }

        @Override
        public long features() {
            return 0;
        }

        @Override
        public List<Integer> queueSizes() {
            return List.of(64, 64);
        }

        @Override
        public byte[] configuration() {
            return new byte[0];
        }
    }

    private final Slow[] logic = new Slow[1];
    private FakeDriver driver;

    private static List<Style> styles() {
        return Style.all();
    }

    private Slow start(Style style) {
        driver = new FakeDriver(link -> logic[0] = new Slow(link), style);
        driver.start(0);
        return logic[0];
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void offer(int... numbers) {
        for (int number : numbers) {
            driver.offer(0, List.of(new byte[] {(byte) number}), List.of(1));
        }
    }

    private int answer() {
        return driver.await(0).bytes()[0] - 1;
    }

    private Set<Integer> answers(int count) {
        Set<Integer> answers = new HashSet<>();
        for (int i = 0; i < count; i++) {
            answers.add(answer());
        }
        return answers;
    }

    private static Integer[] numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toArray(Integer[]::new);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void buffersComeBackInTheOrderInWhichTheyAreDone(Style style) throws InterruptedException {
        Slow slow = start(style);
        assertThat(driver.device.offeredFeatures(1) & IN_ORDER).as("no other is promised").isZero();
        offer(1, 2, 3);
        slow.await(3);
        slow.let(2);
        assertThat(answer()).isEqualTo(2);
        offer(4);
        slow.let(4);
        assertThat(answer()).isEqualTo(4);
        slow.let(3);
        assertThat(answer()).isEqualTo(3);
        slow.let(1);
        assertThat(answer()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aRingGoesRoundAndRoundBehindASlowBuffer(Style style) throws InterruptedException {
        Slow slow = start(style);
        offer(100);
        slow.await(1);
        slow.let(1);
        for (int i = 0; i < 50; i++) {
            offer(1, 1, 1);
            assertThat(answers(3)).containsExactly(1);
        }
        slow.let(100);
        assertThat(answer()).isEqualTo(100);
    }

    @Test
    void noMoreThanSomeAreUnderWayAtOnce() throws InterruptedException {
        Slow slow = start(Style.PLAIN);
        for (int i = 0; i < 20; i++) {
            offer(i);
        }
        slow.await(Hands.MOST);
        for (int i = 0; i < 20; i++) {
            assertThat(slow.working.get()).isLessThanOrEqualTo(Hands.MOST);
            slow.let(i);
        }
        assertThat(answers(20)).containsExactlyInAnyOrder(numbers(0, 20));
    }

    /** Runs what has to wait for the guest's work, and lets the work go on when it does. */
    private void whileWaiting(Runnable waits, Runnable then) throws InterruptedException {
        AtomicInteger unfinished = new AtomicInteger(-1);
        Thread thread = Thread.ofPlatform().start(() -> {
            waits.run();
            unfinished.set(logic[0].working.get());
        });
        while (!waitsForHands(thread) && thread.isAlive()) {
            Thread.onSpinWait();
        }
        then.run();
        thread.join();
        assertThat(unfinished).as("buffers being worked on").hasValue(0);
    }

    /** And not for the queue, from which more may be taken until then. */
    private static boolean waitsForHands(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getClassName().equals(Hands.class.getName()));
    }

    @Test
    void aResetWaitsForWhatIsUnderWay() throws InterruptedException {
        Slow slow = start(Style.PLAIN);
        offer(1, 2);
        slow.await(2);
        whileWaiting(() -> driver.device.status(0), () -> {
            slow.let(1);
            slow.let(2);
        });
        driver.start(0);
        offer(1);
        assertThat(answer()).isEqualTo(1);
    }

    @Test
    void oneQueuesResetWaitsForItsOwnOnly() throws InterruptedException {
        Slow slow = start(Style.PLAIN);
        offer(1);
        driver.offer(1, List.of(new byte[] {2}), List.of(1));
        slow.await(2);
        whileWaiting(() -> {
            driver.device.resetQueue(1);
            slow.let(1); // which was under way all the time
            answer();
        }, () -> slow.let(2));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aPauseWaitsForWhatIsUnderWayAndPutsTheRestOff(Style style) throws InterruptedException {
        Slow slow = start(style);
        int more = Hands.MOST + 5;
        for (int i = 0; i < more; i++) {
            offer(i);
        }
        slow.await(Hands.MOST);
        whileWaiting(driver.device::pause, () -> IntStream.range(0, more).forEach(slow::let));
        assertThat(answers(Hands.MOST)).containsExactlyInAnyOrder(numbers(0, Hands.MOST));
        assertThat(driver.take(0)).isNull();
        driver.device.resume();
        assertThat(answers(5)).containsExactlyInAnyOrder(numbers(Hands.MOST, more));
    }

    @Test
    void aDeviceThatTheBusKeepsFromMemoryHasEndedItsWork() throws InterruptedException {
        Slow slow = start(Style.PLAIN);
        offer(1);
        slow.await(1);
        whileWaiting(() -> driver.device.busMaster(false), () -> slow.let(1));
        assertThat(answer()).isEqualTo(1);
    }

    @Test
    void workThatFailsHasTheDeviceReset() throws InterruptedException {
        Slow slow = start(Style.PLAIN);
        offer(1, 2, 3);
        slow.await(3);
        slow.failure = new QueueFault("so it is no buffer");
        slow.let(1);
        slow.let(2);
        slow.let(3);
        assertThat(driver.awaitFailure()).isEqualTo("device needs a reset: queue 0: so it is no buffer");
        slow.failure = new IllegalStateException("ours");
        driver.start(0);
        offer(1);
        assertThat(driver.awaitFailure()).contains("internal error: java.lang.IllegalStateException: ours");
        slow.failure = null;
        driver.start(0);
        offer(1);
        assertThat(answer()).isEqualTo(1);
    }
}
