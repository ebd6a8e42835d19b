package org.lodgevm.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.TcpOptions;

/** Two endpoints, a cable between them that can be told to lose, swap and double segments, and time that passes as fast as it can. */
final class Exchange {
    static final int MSS = 1460;
    static final IpAddress ADDRESS = IpAddress.parse("10.0.2.15");
    static final long DELAY = 100_000;

    private record Flight(long arrival, long number, byte[] packet, Side to) {}

    final BufferPool pool = new BufferPool(64L << 20);
    final Random random;
    final Side left;
    final Side right;
    private final PriorityQueue<Flight> flying =
            new PriorityQueue<>(Comparator.comparingLong(Flight::arrival).thenComparingLong(Flight::number));
    private long now = 1_000_000_000L;
    private long flights;
    double loss;
    double doubling;
    double swapping;
    /** Segments that do not arrive. */
    Predicate<Tcp> swallow = segment -> false;
    /** Whether large segments may be sent that something cuts up. */
    int largeSegmentSize;

    Exchange(long seed) {
        this(seed, 1 << 19);
    }

    Exchange(long seed, int buffer) {
        random = new Random(seed);
        left = new Side("left", 1000, 80, buffer);
        right = new Side("right", 80, 1000, buffer);
        left.peer = right;
        right.peer = left;
    }

    long now() {
        return now;
    }

    void sleep(long nanos) {
        now += nanos;
    }

    /** Connects the left side to the right one. */
    Exchange connect() {
        left.endpoint.open();
        run(1000);
        assertThat(left.endpoint.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(right.endpoint.state()).isEqualTo(TcpState.ESTABLISHED);
        return this;
    }

    /** Runs until nothing happens any more but what is more than an hour away. */
    void run(int maxSteps) {
        for (int i = 0; i < maxSteps; i++) {
            left.turn();
            right.turn();
            long next = Math.min(left.endpoint.deadline(), right.endpoint.deadline());
            Flight first = flying.peek();
            if (first != null && first.arrival <= next) {
                flying.remove();
                now = Math.max(now, first.arrival);
                first.to.arrive(first.packet);
            } else if (next - now < 3_600_000_000_000L) {
                now = Math.max(now, next);
                left.endpoint.timeout();
                right.endpoint.timeout();
            } else {
                return;
            }
        }
        throw new AssertionError("it does not come to an end: " + left.endpoint.state() + ", " + right.endpoint.state());
    }

    /** One end, its application, and its wire. */
    final class Side implements Application, Wire {
        final TcpEndpoint endpoint;
        final List<Reason> ends = new ArrayList<>();
        final java.io.ByteArrayOutputStream received = new java.io.ByteArrayOutputStream();
        final TcpOptions options = new TcpOptions();
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 17);
        private final String name;
        private Side peer;
        byte[] toSend = {};
        int sent;
        boolean finishAfter;
        /** Reads nothing while this is set. */
        boolean deaf;
        /** The wire takes nothing while this is set. */
        boolean full;
        int segments;
        boolean established;

        Side(String name, int local, int remote, int bufferSize) {
            this.name = name;
            endpoint = new TcpEndpoint(this, this, pool, Exchange.this::now,
                    new TcpEndpoint.Settings(bufferSize, bufferSize),
                    new TcpEndpoint.Identity(local, remote, MSS, random.nextInt(), random.nextInt()));
        }

        void turn() {
            ByteBuffer room;
            while (sent < toSend.length && established && (room = endpoint.room()) != null) {
                int part = Math.min(room.remaining(), toSend.length - sent);
                room.put(toSend, sent, part);
                endpoint.filled(part);
                sent += part;
            }
            if (finishAfter && sent == toSend.length && established) {
                endpoint.finish();
            }
            readable();
            endpoint.output();
        }

        void arrive(byte[] packet) {
            IpPacket ip = IpPacket.parse(0x0800, ByteBuffer.wrap(packet), 0, packet.length);
            Tcp segment = Tcp.parse(ip, true);
            assertThat(segment).as(name).isNotNull();
            options.parse(segment);
            if (endpoint.state() == TcpState.CLOSED && segment.flags() == Tcp.SYN && ends.isEmpty()) {
                endpoint.hold(segment, options);
                endpoint.accept();
            } else {
                endpoint.segment(segment, options);
            }
        }

        @Override
        public void established() {
            established = true;
        }

        @Override
        public int receive(ByteBuffer bytes, int at, int length) {
            int taken = deaf ? 0 : 1 + random.nextInt(length);
            byte[] copy = new byte[taken];
            bytes.get(at, copy);
            received.writeBytes(copy);
            return taken;
        }

        @Override
        public void readable() {
            ByteBuffer content;
            while (!deaf && (content = endpoint.content()) != null) {
                byte[] copy = new byte[content.remaining()];
                content.get(copy);
                received.writeBytes(copy);
                endpoint.consumed(copy.length);
            }
        }

        @Override
        public void writable() {
            // it is tried every turn
        }

        @Override
        public void closed(Reason reason) {
            ends.add(reason);
            readable();
            endpoint.release();
        }

        @Override
        public ByteBuffer buffer() {
            return buffer;
        }

        @Override
        public int at() {
            return 64;
        }

        @Override
        public int largeSegmentSize() {
            return largeSegmentSize;
        }

        @Override
        public boolean send(int headerLength, int payloadLength, int segmentSize) {
            if (full) {
                return false;
            }
            assertThat(segmentSize == 0 ? payloadLength : segmentSize).isLessThanOrEqualTo(MSS);
            segments++;
            int length = headerLength + payloadLength;
            IpPacket.write(buffer, 44, ADDRESS, ADDRESS, IpPacket.TCP, length, 64);
            Tcp.checksum(buffer, 64, length, ADDRESS, ADDRESS);
            byte[] packet = new byte[20 + length];
            buffer.get(44, packet);
            Tcp segment = Tcp.parse(IpPacket.parse(0x0800, ByteBuffer.wrap(packet), 0, packet.length), true);
            if (!swallow.test(segment) && random.nextDouble() >= loss) {
                fly(packet);
            }
            if (random.nextDouble() < doubling) {
                fly(packet);
            }
            return true;
        }

        private void fly(byte[] packet) {
            long detour = random.nextDouble() < swapping ? random.nextLong(10 * DELAY) : 0;
            flying.add(new Flight(now + DELAY + detour, flights++, packet, peer));
        }
    }
}
