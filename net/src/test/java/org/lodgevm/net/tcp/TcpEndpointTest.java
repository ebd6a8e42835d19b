package org.lodgevm.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.tcp.Application.Reason;

class TcpEndpointTest {
    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void whatIsWrittenArrivesBothWaysAndBothEndsFinish() {
        Exchange exchange = new Exchange(1).connect();
        exchange.left.toSend = bytes(3_000_000);
        exchange.right.toSend = bytes(2_000_000);
        exchange.left.finishAfter = true;
        exchange.right.finishAfter = true;
        exchange.run(1_000_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
        assertThat(exchange.left.received.toByteArray()).isEqualTo(exchange.right.toSend);
        assertThat(exchange.left.ends).containsExactly(Reason.FINISHED);
        assertThat(exchange.right.ends).containsExactly(Reason.FINISHED);
        assertThat(exchange.pool.taken()).isZero();
    }

    @Test
    void largeSegmentsAreHandedOverWhole() {
        Exchange exchange = new Exchange(2).connect();
        exchange.largeSegmentSize = 65_515;
        exchange.left.segments = 0;
        exchange.left.toSend = bytes(3_000_000);
        exchange.run(1_000_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
        assertThat(exchange.left.segments).isLessThan(3_000_000 / Exchange.MSS / 4);
    }

    @Test
    void theSideThatHasFinishedStillReceives() {
        Exchange exchange = new Exchange(3).connect();
        exchange.left.finishAfter = true;
        exchange.run(1000);
        assertThat(exchange.left.endpoint.state()).isEqualTo(TcpState.FIN_WAIT_2);
        assertThat(exchange.right.endpoint.state()).isEqualTo(TcpState.CLOSE_WAIT);
        assertThat(exchange.right.endpoint.isPeerFinished()).isTrue();
        exchange.right.toSend = bytes(100_000);
        exchange.right.finishAfter = true;
        exchange.run(10_000);
        assertThat(exchange.left.received.toByteArray()).isEqualTo(exchange.right.toSend);
        assertThat(exchange.right.ends).containsExactly(Reason.FINISHED);
    }

    @Test
    void bothMayCloseAtTheSameTime() {
        Exchange exchange = new Exchange(4).connect();
        exchange.left.endpoint.finish();
        exchange.right.endpoint.finish();
        exchange.left.endpoint.output();
        exchange.right.endpoint.output();
        exchange.run(1000);
        assertThat(exchange.left.ends).containsExactly(Reason.FINISHED);
        assertThat(exchange.right.ends).containsExactly(Reason.FINISHED);
    }

    @Test
    void bothMayOpenAtTheSameTime() {
        Exchange exchange = new Exchange(5);
        exchange.left.endpoint.open();
        exchange.right.endpoint.open();
        exchange.run(1000);
        assertThat(exchange.left.endpoint.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(exchange.right.endpoint.state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void anAbortedConnectionIsResetAtTheOtherEnd() {
        Exchange exchange = new Exchange(6).connect();
        exchange.left.endpoint.abort();
        exchange.run(1000);
        assertThat(exchange.left.ends).containsExactly(Reason.ABORTED);
        assertThat(exchange.right.ends).containsExactly(Reason.RESET);
    }

    @Test
    void aRefusedConnectionIsReset() {
        Exchange exchange = new Exchange(7);
        exchange.swallow = segment -> {
            if (segment.flags() == Tcp.SYN) {
                exchange.right.options.parse(segment);
                exchange.right.endpoint.hold(segment, exchange.right.options);
                exchange.right.endpoint.refuse();
            }
            return segment.flags() == Tcp.SYN;
        };
        exchange.left.endpoint.open();
        exchange.run(1000);
        assertThat(exchange.left.ends).containsExactly(Reason.RESET);
    }

    @Test
    void lostSynsAndFinsAreSentAgain() {
        Exchange exchange = new Exchange(8);
        List<Integer> lost = new ArrayList<>();
        exchange.swallow = segment -> {
            int kind = segment.flags() & (Tcp.SYN | Tcp.FIN) | (segment.sourcePort() == 80 ? 1 << 10 : 0);
            boolean first = (kind & (Tcp.SYN | Tcp.FIN)) != 0 && !lost.contains(kind);
            if (first) {
                lost.add(kind);
            }
            return first;
        };
        exchange.left.toSend = bytes(10);
        exchange.left.finishAfter = true;
        exchange.right.finishAfter = true;
        exchange.left.endpoint.open();
        exchange.run(1000);
        assertThat(lost).hasSize(4);
        assertThat(exchange.left.ends).containsExactly(Reason.FINISHED);
        assertThat(exchange.right.ends).containsExactly(Reason.FINISHED);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
    }

    @Test
    void oneLostSegmentIsRepairedWithoutWaitingForTheTimer() {
        Exchange exchange = new Exchange(9).connect();
        int[] seen = {0};
        exchange.swallow = segment -> segment.payloadLength() > 0 && ++seen[0] == 20;
        long start = exchange.now();
        exchange.left.toSend = bytes(1_000_000);
        exchange.run(100_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
        assertThat(exchange.now() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(150));
    }

    @Test
    void onlyWhatWasLostIsSentAgain() {
        Exchange exchange = new Exchange(10).connect();
        int[] count = {0};
        exchange.swallow = segment -> {
            if (segment.payloadLength() > 0) {
                count[0]++;
            }
            return segment.payloadLength() > 0 && (count[0] == 30 || count[0] == 33 || count[0] == 37);
        };
        exchange.left.toSend = bytes(200 * 1448);
        exchange.run(100_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
        assertThat(count[0]).isLessThanOrEqualTo(203);
    }

    @Test
    void aClosedWindowIsProbedUntilItOpens() {
        Exchange exchange = new Exchange(11).connect();
        exchange.right.deaf = true;
        exchange.left.toSend = bytes(2_000_000);
        exchange.swallow = segment -> segment.sourcePort() == 80 && segment.window() > 0 && !exchange.right.deaf
                && exchange.now() < TimeUnit.MINUTES.toNanos(30);
        for (int i = 0; i < 40; i++) { // the probes never end, so this does not either
            step(exchange, 200);
        }
        assertThat(exchange.left.ends).isEmpty();
        exchange.right.deaf = false;
        exchange.swallow = segment -> false;
        exchange.run(100_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
    }

    private static void step(Exchange exchange, int steps) {
        try {
            exchange.run(steps);
        } catch (AssertionError e) {
            // it is not meant to come to an end yet
        }
    }

    @Test
    void aPeerThatDoesNotAnswerIsGivenUp() {
        Exchange exchange = new Exchange(12).connect();
        exchange.swallow = segment -> true;
        exchange.left.toSend = bytes(100);
        exchange.run(10_000);
        assertThat(exchange.left.ends).containsExactly(Reason.TIMED_OUT);
    }

    @Test
    void aSilentPeerIsAskedAfterTwoHoursWhetherItIsThere() {
        Exchange exchange = new Exchange(13).connect();
        exchange.sleep(TimeUnit.HOURS.toNanos(2));
        exchange.run(10_000);
        assertThat(exchange.left.ends).isEmpty();
        exchange.sleep(TimeUnit.HOURS.toNanos(2));
        exchange.swallow = segment -> true;
        exchange.run(10_000);
        assertThat(exchange.left.ends).containsExactly(Reason.TIMED_OUT);
    }

    @Test
    void aWireWithoutRoomLosesNothingAndCountsAsNoTimeout() {
        Exchange exchange = new Exchange(14).connect();
        exchange.left.full = true;
        exchange.left.toSend = bytes(100_000);
        for (int i = 0; i < 40; i++) {
            exchange.left.turn();
            exchange.sleep(TimeUnit.MINUTES.toNanos(1));
            exchange.left.endpoint.timeout();
        }
        exchange.left.full = false;
        exchange.run(10_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
    }

    @Test
    void acknowledgmentsOfSegmentsThatComeTogetherAreOne() {
        Exchange exchange = new Exchange(15).connect();
        exchange.left.toSend = bytes(1_000_000);
        exchange.right.segments = 0;
        exchange.left.segments = 0;
        exchange.run(100_000);
        assertThat(exchange.right.segments).isLessThanOrEqualTo(exchange.left.segments / 2 + 20);
    }

    @Test
    void aStrangersResetIsChallenged() {
        Exchange exchange = new Exchange(16).connect();
        boolean[] done = {false};
        exchange.swallow = segment -> {
            if (segment.payloadLength() > 0 && !done[0]) {
                done[0] = true;
                Tcp.write(segment.bytes(), 20, 1000, 80, segment.sequence() + 1000, 0, Tcp.RST, 0, 0);
                exchange.right.options.parse(segment);
                exchange.right.endpoint.segment(segment, exchange.right.options);
                return true;
            }
            return false;
        };
        exchange.left.toSend = bytes(3000);
        exchange.run(1000);
        assertThat(done[0]).isTrue();
        assertThat(exchange.right.ends).isEmpty();
    }

    @Test
    void aPeerWithoutOptionsIsServedToo() {
        Exchange exchange = new Exchange(17);
        exchange.swallow = segment -> {
            if (segment.has(Tcp.SYN)) {
                for (int i = segment.optionsAt(); i < segment.payloadAt(); i++) {
                    segment.bytes().put(i, (byte) 1);
                }
                Tcp.checksum(segment.bytes(), 20, segment.headerLength(), Exchange.ADDRESS, Exchange.ADDRESS);
            }
            return false;
        };
        exchange.connect();
        exchange.loss = 0.02;
        exchange.left.toSend = bytes(300_000);
        exchange.left.finishAfter = true;
        exchange.right.finishAfter = true;
        exchange.run(100_000);
        assertThat(exchange.right.received.toByteArray()).isEqualTo(exchange.left.toSend);
    }
}
