package org.lodgevm.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameQueueTest {
    private final FrameQueue queue = new FrameQueue(1 << 18, 16);

    private static Frame frame(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return new Frame(ByteBuffer.wrap(bytes), Offload.checksum(seed, 2));
    }

    @Test
    void framesComeOutAsTheyWentInWhateverTheirSizes() {
        Random random = new Random(1);
        Queue<Frame> expected = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            Frame frame = frame(1 + random.nextInt(random.nextBoolean() ? 100 : Frame.MAX_SIZE), i);
            if (queue.offer(frame)) {
                expected.add(frame);
            }
            while (random.nextInt(3) == 0 && !expected.isEmpty()) {
                assertThat(queue.peek()).isEqualTo(expected.remove());
                queue.remove();
            }
        }
        assertThat(expected).isNotEmpty();
    }

    @Test
    void aFullQueueRefusesAndSaysOnceWhenItIsHalfEmpty() {
        int taken = 0;
        while (queue.offer(frame(60, taken))) {
            taken++;
        }
        assertThat(taken).isEqualTo(16);
        int told = 0;
        for (int left = taken - 1; left >= 0; left--) {
            if (queue.remove()) {
                told++;
                assertThat(left).isEqualTo(8);
            }
        }
        assertThat(told).isEqualTo(1);
        assertThat(queue.peek()).isNull();
    }

    @Test
    void bytesAreBoundedAsWellAsFrames() {
        int taken = 0;
        while (queue.offer(frame(Frame.MAX_SIZE, taken))) {
            taken++;
        }
        assertThat(taken).isEqualTo(3);
    }

    @Test
    void aFrameThatNoCardCouldSendIsDropped() {
        assertThat(queue.offer(frame(Frame.MAX_SIZE + 1, 0))).isTrue();
        assertThat(queue.offer(frame(0, 0))).isTrue();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void closingEndsWaiting() throws InterruptedException {
        Thread.ofVirtual().start(queue::close);
        assertThat(queue.await()).isNull();
        assertThat(queue.offer(frame(60, 0))).isTrue();
        assertThat(queue.isEmpty()).isTrue();
    }
}
