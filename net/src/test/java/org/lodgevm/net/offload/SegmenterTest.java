package org.lodgevm.net.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Offload;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.Tcp;

class SegmenterTest {
    private final Segmenter segmenter = new Segmenter();

    /** A TCP segment as a guest's driver hands it over: the checksum begun, the payload larger than the link takes. */
    private static Frame large(IpAddress source, IpAddress destination, int payload, int mss) {
        ByteBuffer bytes = ByteBuffer.allocate(70_000);
        int tcpAt = 14 + IpPacket.headerSize(source);
        byte[] data = new byte[payload];
        new Random(payload).nextBytes(data);
        bytes.put(tcpAt + 20, data);
        Tcp.write(bytes, tcpAt, 1, 2, -1000, 77, Tcp.ACK | Tcp.PSH | Tcp.FIN, 100, 0);
        Tcp.checksumLater(bytes, tcpAt, 20 + payload, source, destination);
        IpPacket.write(bytes, 14, source, destination, IpPacket.TCP, 20 + payload, 64);
        Ethernet.write(bytes, 0, MacAddress.BROADCAST, MacAddress.BROADCAST, IpPacket.etherType(source));
        Offload.Segmentation kind = source.isV4() ? Offload.Segmentation.TCP4 : Offload.Segmentation.TCP6;
        return new Frame(bytes.limit(tcpAt + 20 + payload), new Offload(tcpAt, Tcp.CHECKSUM, kind, tcpAt + 20, mss));
    }

    private List<ByteBuffer> all(Frame frame, Capabilities capabilities) {
        List<ByteBuffer> frames = new ArrayList<>();
        for (segmenter.begin(frame, capabilities); segmenter.current() != null; segmenter.advance()) {
            assertThat(capabilities.cover(segmenter.current().offload())).isTrue();
            ByteBuffer bytes = segmenter.current().bytes();
            frames.add(ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip());
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.2.15", "fec0::15"})
    void aLargeSegmentBecomesSmallOnesThatAreRight(String address) {
        IpAddress ip = IpAddress.parse(address);
        Frame frame = large(ip, ip, 40_001, 1448);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        List<ByteBuffer> frames = all(frame, Capabilities.NONE);
        int sequence = -1000;
        for (int i = 0; i < frames.size(); i++) {
            ByteBuffer bytes = frames.get(i);
            IpPacket packet = IpPacket.parse(Ethernet.parse(bytes).type(), bytes, 14, bytes.limit());
            Tcp segment = Tcp.parse(packet, true);
            assertThat(segment.sequence()).isEqualTo(sequence);
            assertThat(segment.payloadLength()).isLessThanOrEqualTo(1448);
            assertThat(segment.has(Tcp.FIN)).isEqualTo(i == frames.size() - 1);
            byte[] part = new byte[segment.payloadLength()];
            bytes.get(segment.payloadAt(), part);
            payload.writeBytes(part);
            sequence += part.length;
        }
        byte[] expected = new byte[40_001];
        new Random(40_001).nextBytes(expected);
        assertThat(payload.toByteArray()).isEqualTo(expected);
        assertThat(frames).hasSize(28);
    }

    @Test
    void whoCanCutItUpGetsItWhole() {
        IpAddress ip = IpAddress.parse("10.0.2.15");
        Frame frame = large(ip, ip, 40_000, 1448);
        assertThat(all(frame, Capabilities.ALL)).containsExactly(frame.bytes());
        assertThat(all(frame, new Capabilities(true, false, true))).hasSizeGreaterThan(20);
        assertThat(all(frame, new Capabilities(false, true, true))).hasSizeGreaterThan(20);
    }

    @Test
    void aChecksumIsFinished() {
        IpAddress ip = IpAddress.parse("10.0.2.15");
        Frame frame = large(ip, ip, 1001, 1448);
        Frame unfinished = new Frame(frame.bytes(), Offload.checksum(34, Tcp.CHECKSUM));
        ByteBuffer done = all(unfinished, Capabilities.NONE).getFirst();
        assertThat(Tcp.parse(IpPacket.parse(Ethernet.IPV4, done, 14, done.limit()), true)).isNotNull();
    }

    @Test
    void offloadsThatMakeNoSenseComeToNothingOrToSomethingHarmless() {
        Random random = new Random(Long.getLong("lodge.fuzz.seed", 1));
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 60 && random.nextBoolean()) {
                IpAddress ip = IpAddress.parse("10.0.2.15");
                bytes = new byte[bytes.length];
                large(ip, ip, bytes.length - 54, 1).bytes().get(bytes);
                bytes[14 + random.nextInt(40)] ^= (byte) (1 << random.nextInt(8));
            }
            Offload offload = new Offload(random.nextInt(300) - 50, random.nextInt(300) - 50,
                    Offload.Segmentation.values()[random.nextInt(3)], random.nextInt(), random.nextInt(100) - 10);
            List<ByteBuffer> frames = all(new Frame(ByteBuffer.wrap(bytes), offload), Capabilities.NONE);
            assertThat(frames.size()).isLessThanOrEqualTo(bytes.length);
        }
    }
}
