package org.lodgevm.net.offload;

import java.nio.ByteBuffer;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Offload;
import org.lodgevm.net.packet.Checksum;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Ipv4;
import org.lodgevm.net.packet.Ipv6;
import org.lodgevm.net.packet.Tcp;

/**
 * Makes of a frame those that a receiver can take, one after the other. Frames whose offload makes no sense come to nothing.
 *
 * <pre>{@code
 *     segmenter.begin(frame, receiver.capabilities());
 *     while (segmenter.current() != null && receiver.receive(segmenter.current())) {
 *         segmenter.advance();
 *     }
 * }</pre>
 */
public final class Segmenter {
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(Frame.MAX_SIZE);
    private Frame current;

    /** What is being cut up; null otherwise. */
    private Frame large;

    private IpPacket packet;
    private Tcp segment;
    private int headersLength;
    private int segmentSize;
    private int sent;
    private int count;

    public void begin(Frame frame, Capabilities capabilities) {
        large = null;
        Offload offload = frame.offload();
        if (capabilities.cover(offload)) {
            current = frame;
        } else if (offload.needsSegmentation()) {
            current = cutUp(frame) ? cut() : null;
        } else {
            current = finishChecksum(frame);
        }
    }

    /** The frame to be delivered; null if there are no more. */
    public Frame current() {
        return current;
    }

    public void advance() {
        current = large != null && sent < segment.payloadLength() ? cut() : null;
    }

    private Frame finishChecksum(Frame frame) {
        int start = frame.offload().checksumStart();
        int field = start + frame.offload().checksumOffset();
        if (field < start || field > frame.size() - Short.BYTES || frame.size() > scratch.capacity()) {
            return null;
        }
        scratch.clear().put(0, frame.bytes(), frame.bytes().position(), frame.size());
        short checksum = Checksum.finish(Checksum.sum(scratch, start, frame.size() - start));
        scratch.putShort(field, checksum == 0 ? -1 : checksum); // the same number, but UDP takes 0 for none
        return new Frame(scratch.limit(frame.size()));
    }

    private boolean cutUp(Frame frame) {
        Ethernet ethernet = Ethernet.parse(frame.bytes());
        packet = ethernet == null
                ? null
                : IpPacket.parse(ethernet.type(), frame.bytes(), ethernet.payloadAt(), frame.bytes().limit());
        segment = packet == null || packet.protocol() != IpPacket.TCP || packet.isFragment() ? null : Tcp.parse(packet, false);
        segmentSize = frame.offload().segmentSize();
        if (segment == null || segmentSize <= 0) {
            return false;
        }
        large = frame;
        headersLength = segment.payloadAt() - frame.bytes().position();
        sent = 0;
        count = 0;
        return true;
    }

    private Frame cut() {
        int origin = large.bytes().position();
        int length = Math.min(segmentSize, segment.payloadLength() - sent);
        scratch.clear().put(0, large.bytes(), origin, headersLength);
        scratch.put(headersLength, large.bytes(), segment.payloadAt() + sent, length);

        int ipAt = packet.at() - origin;
        int tcpAt = packet.payloadAt() - origin;
        int tcpLength = headersLength - tcpAt + length;
        if (packet instanceof Ipv4) {
            Ipv4.resize(scratch, ipAt, tcpAt - ipAt, tcpLength, packet.identification() + count);
        } else {
            Ipv6.resize(scratch, ipAt, tcpAt - ipAt - Ipv6.HEADER_SIZE + tcpLength);
        }
        IpAddress source = packet.source();
        IpAddress destination = packet.destination();
        Tcp.cut(scratch, tcpAt, segment.sequence() + sent, count == 0, sent + length == segment.payloadLength());
        Tcp.checksum(scratch, tcpAt, tcpLength, source, destination);
        sent += length;
        count++;
        return new Frame(scratch.limit(headersLength + length));
    }
}
