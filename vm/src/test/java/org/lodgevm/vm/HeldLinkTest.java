package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.Receiver;

class HeldLinkTest {
    /** Frames are numbers; a link that takes only so many. */
    private static final class Numbers implements Link {
        private final List<Long> sent = new ArrayList<>();
        private int room = Integer.MAX_VALUE;
        private Receiver receiver;

        @Override
        public boolean send(Frame frame) {
            if (room == 0) {
                return false;
            }
            room--;
            sent.add(frame.bytes().getLong(0));
            return true;
        }

        @Override
        public void connect(Receiver value) {
            receiver = value;
        }

        @Override
        public void receiveReady() {}

        @Override
        public void close() {}
    }

    private final Numbers numbers = new Numbers();
    private final HeldLink link = new HeldLink(numbers);
    private int told;

    HeldLinkTest() {
        link.connect(new Receiver() {
            @Override
            public boolean receive(Frame frame) {
                return true;
            }

            @Override
            public void sendReady() {
                told++;
            }
        });
    }

    private boolean send(long number) {
        return link.send(new Frame(ByteBuffer.allocate(60).putLong(0, number)));
    }

    private void send(long first, long last) {
        LongStream.rangeClosed(first, last).forEach(number -> assertThat(send(number)).isTrue());
    }

    @Test
    void framesAreSentWhenTheyAreReleased() {
        send(1, 2);
        link.hold();
        send(3, 5);
        long cut = link.taken();
        send(6, 7);
        assertThat(numbers.sent).containsExactly(1L, 2L);
        link.release(cut);
        assertThat(numbers.sent).containsExactly(1L, 2L, 3L, 4L, 5L);
        link.releaseAll();
        send(8, 8);
        assertThat(numbers.sent).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        link.hold();
        send(9, 9);
        assertThat(numbers.sent).hasSize(8);
        link.releaseAll();
        assertThat(numbers.sent).endsWith(9L);
    }

    @Test
    void theyGoOnWhenTheLinkHasRoomAgain() {
        link.hold();
        send(1, 4);
        numbers.room = 2;
        link.releaseAll();
        assertThat(numbers.sent).containsExactly(1L, 2L);
        numbers.room = 9;
        numbers.receiver.sendReady();
        assertThat(numbers.sent).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void noMoreAreHeldBackThanThereIsRoomFor() {
        link.hold();
        long taken = 0;
        while (send(taken + 1)) {
            taken++;
        }
        assertThat(taken).isBetween(1000L, 1L << 20);
        link.releaseAll();
        assertThat(numbers.sent).hasSize((int) taken);
        assertThat(told).as("whoever was refused can send again").isPositive();
    }

    @Test
    void whatIsDroppedIsNeverSent() {
        link.hold();
        send(1, 3);
        link.drop();
        send(4, 4);
        assertThat(numbers.sent).isEmpty();
    }
}
