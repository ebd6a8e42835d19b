package org.lodgevm.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Tcp;

/** A peer that sends anything at all, at numbers that are likely to matter. */
class TcpFuzzTest {
    private static final int[] FLAGS = {
        Tcp.ACK, Tcp.ACK, Tcp.ACK | Tcp.PSH, Tcp.ACK | Tcp.FIN, Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.RST, Tcp.RST | Tcp.ACK, 0, Tcp.FIN
    };

    private final ByteBuffer packet = ByteBuffer.allocate(4096);

    @RepeatedTest(40)
    void noSegmentDoesHarm(RepetitionInfo repetition) {
        long seed = Long.getLong("lodge.fuzz.seed", 0) + repetition.getCurrentRepetition();
        Random random = new Random(seed);
        Exchange exchange = new Exchange(seed, 1 << 16);
        int[] left = {0, 0};
        exchange.swallow = segment -> {
            if (segment.sourcePort() == 1000) {
                left[0] = segment.sequence();
                left[1] = segment.acknowledgment();
            }
            return random.nextInt(20) == 0;
        };
        exchange.left.endpoint.open();
        for (int i = 0; i < 3000 && exchange.left.ends.isEmpty(); i++) {
            exchange.left.deaf = random.nextInt(10) == 0;
            exchange.right.deaf = random.nextInt(10) == 0;
            exchange.left.full = random.nextInt(10) == 0;
            if (exchange.left.sent == exchange.left.toSend.length && exchange.left.toSend.length < 10_000_000) {
                exchange.left.sent = 0;
                exchange.left.toSend = new byte[random.nextInt(100_000)];
            }
            exchange.left.finishAfter = random.nextInt(1000) == 0;
            exchange.left.arrive(segment(random, left[1], left[0]));
            exchange.left.turn();
            exchange.sleep(random.nextInt(1_000_000));
            if (random.nextInt(50) == 0) {
                exchange.sleep(random.nextInt(2_000_000_000));
                exchange.left.endpoint.timeout();
            }
            assertThat(exchange.pool.taken()).isLessThanOrEqualTo(4);
        }
        exchange.left.endpoint.abort();
        exchange.right.endpoint.abort();
        assertThat(exchange.pool.taken()).isZero();
    }

    private byte[] segment(Random random, int sequence, int acknowledgment) {
        int options = 4 * random.nextInt(11);
        int payload = random.nextInt(3) == 0 ? random.nextInt(1460) : 0;
        for (int i = 0; i < options; i++) {
            packet.put(40 + i, (byte) (random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(12)));
        }
        Tcp.write(packet, 20, 80, 1000, near(random, sequence), near(random, acknowledgment),
                FLAGS[random.nextInt(FLAGS.length)], random.nextInt(3) == 0 ? random.nextInt(4) : random.nextInt(65_536), options);
        int length = 20 + options + payload;
        Tcp.checksum(packet, 20, length, Exchange.ADDRESS, Exchange.ADDRESS);
        IpPacket.write(packet, 0, Exchange.ADDRESS, Exchange.ADDRESS, IpPacket.TCP, length, 64);
        byte[] bytes = new byte[20 + length];
        packet.get(0, bytes);
        return bytes;
    }

    private static int near(Random random, int number) {
        return switch (random.nextInt(6)) {
            case 0 -> number + random.nextInt(3) - 1;
            case 1 -> number + random.nextInt(3000) - 1500;
            case 2 -> number + random.nextInt(200_000) - 100_000;
            case 3 -> random.nextInt(20) == 0 ? random.nextInt() : number;
            default -> number;
        };
    }
}
