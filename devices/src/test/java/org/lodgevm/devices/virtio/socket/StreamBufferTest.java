package org.lodgevm.devices.virtio.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamBufferTest {
    private static final int SIZE = 1 << 16;

    @Test
    void whatGoesInComesOutInOrder() {
        StreamBuffer buffer = new StreamBuffer(SIZE);
        Deque<Byte> expected = new ArrayDeque<>();
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(i % 200 < 100 ? 3000 : 100)];
            random.nextBytes(bytes);
            int put = buffer.put(ByteBuffer.wrap(bytes));
            assertThat(put).isEqualTo(Math.min(bytes.length, SIZE - expected.size()));
            for (int at = 0; at < put; at++) {
                expected.add(bytes[at]);
            }
            ByteBuffer taken = ByteBuffer.allocate(random.nextInt(1500));
            assertThat(buffer.take(taken)).isEqualTo(taken.position());
            taken.flip();
            while (taken.hasRemaining()) {
                assertThat(taken.get()).isEqualTo(expected.remove());
            }
            assertThat(buffer.count()).isEqualTo(expected.size());
        }
    }

    /** A guest may have a thousand connections, and say nothing. */
    @Test
    void memoryIsTakenForWhatItHolds() {
        StreamBuffer buffer = new StreamBuffer(SIZE);
        assertThat(buffer.footprint()).isZero();
        buffer.put(ByteBuffer.allocate(100));
        assertThat(buffer.footprint()).isLessThan(SIZE / 4);
        buffer.put(ByteBuffer.allocate(SIZE));
        assertThat(buffer.footprint()).isEqualTo(SIZE);
    }
}
