package org.lodgevm.devices.chipset.serial;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SerialOutputTest {
    private static final int CAPACITY = 1 << 16;
    private static final long LONG = 30_000;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Semaphore roomAgain = new Semaphore(0);
    private final SerialOutput output = new SerialOutput("test", written, roomAgain::release);

    @AfterEach
    void close() {
        output.close();
    }

    private void send(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        assertThat(output.offer(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }

    private String text() {
        return written.toString(US_ASCII);
    }

    @Test
    void everythingIsWrittenInOrderHoweverMuchFitsAtATime() throws InterruptedException {
        byte[] all = new byte[10 * CAPACITY];
        new SplittableRandom(1).nextBytes(all);
        for (int sent = 0; sent < all.length; ) {
            int taken = output.offer(all, sent, Math.min(50_000, all.length - sent));
            sent += taken;
            if (taken == 0) {
                roomAgain.acquire();
            }
        }
        output.drain(LONG);
        assertThat(written.toByteArray()).isEqualTo(all);
    }

    @Test
    void whatIsHeldBackIsWrittenAsFarAsItIsReleased() {
        send("before, ");
        output.hold();
        long begin = output.taken();
        send("first, ");
        long between = output.taken();
        send("second");
        assertThat(new String(output.since(begin), US_ASCII)).isEqualTo("first, second");
        output.release(between);
        awaitText("before, first, ");
        output.releaseAll();
        output.drain(LONG);
        assertThat(text()).isEqualTo("before, first, second");
    }

    private void awaitText(String expected) {
        long deadline = System.nanoTime() + LONG * 1_000_000;
        while (written.size() < expected.length() && System.nanoTime() < deadline) {
            output.drain(1);
        }
        output.drain(20); // which is in vain: the rest is held back
        assertThat(text()).isEqualTo(expected);
    }

    @Test
    void noMoreThanUsualIsHeldBack() throws InterruptedException {
        output.hold();
        assertThat(output.offer(new byte[2 * CAPACITY], 0, 2 * CAPACITY)).isEqualTo(CAPACITY);
        assertThat(output.offer(1)).isFalse();
        output.release(output.taken());
        roomAgain.acquire();
        assertThat(output.offer(1)).isTrue();
    }

    @Test
    void whatOthersWriteIsDropped() throws InterruptedException {
        output.hold();
        output.offer(new byte[CAPACITY + 1], 0, CAPACITY + 1);
        output.drop();
        roomAgain.acquire();
        send("never");
        output.drain(LONG);
        assertThat(text()).isEmpty();
    }

    @Test
    void aStreamThatFailsHoldsNobodyUp() throws InterruptedException {
        Semaphore told = new Semaphore(0);
        try (SerialOutput broken = new SerialOutput("broken", failing(), told::release)) {
            broken.offer(new byte[2 * CAPACITY], 0, 2 * CAPACITY);
            told.acquire();
            assertThat(broken.offer(new byte[2 * CAPACITY], 0, 2 * CAPACITY)).isEqualTo(2 * CAPACITY);
        }
    }

    private static OutputStream failing() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("nobody reads");
            }
        };
    }
}
