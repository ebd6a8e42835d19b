package org.lodgevm.net.user.ip;

import java.nio.ByteBuffer;
import org.lodgevm.net.Capabilities;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Offload;
import org.lodgevm.net.packet.Arp;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;
import org.lodgevm.net.packet.Ipv4;
import org.lodgevm.net.packet.Ipv6;
import org.lodgevm.net.packet.MacAddress;
import org.lodgevm.net.packet.Tcp;
import org.lodgevm.net.packet.Udp;
import org.lodgevm.net.user.plan.NetworkPlan;

/**
 * Makes frames for guests. A message is written into {@link #buffer} at {@link #MESSAGE}, and the headers in front of it
 * follow when it is sent, so that nothing is copied on the way.
 */
public final class Outlet {
    /** Where ICMP, UDP and TCP headers are in the buffer: behind room for the others, at a multiple of 8. */
    public static final int MESSAGE = 56;

    public static final int UDP_PAYLOAD = MESSAGE + Udp.HEADER_SIZE;
    public static final int ICMP_PAYLOAD = MESSAGE + Icmp.HEADER_SIZE;

    /** The most payload that a UDP datagram can have. */
    public static final int MAX_UDP_PAYLOAD = 65_535 - Ipv4.HEADER_SIZE - Udp.HEADER_SIZE;

    private static final int MAX_PACKET = 65_535;
    private static final int HOP_LIMIT = 64;

    private final NetworkPlan plan;
    private final StackPort port;
    private final Neighbors neighbors;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Frame.MAX_SIZE + MESSAGE);
    private final ByteBuffer fragment = ByteBuffer.allocateDirect(Frame.MAX_SIZE);
    private int fragmented;

    public Outlet(NetworkPlan plan, StackPort port, Neighbors neighbors) {
        this.plan = plan;
        this.port = port;
        this.neighbors = neighbors;
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    /** Whether the guest has no room, so that nothing can be sent now. */
    public boolean isBlocked() {
        return port.isBlocked();
    }

    // ---- protocols ------------------------------------------------------------------------------------------------

    /** Sends what is in the buffer at {@link #UDP_PAYLOAD}. */
    public boolean udp(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, int payloadLength) {
        Udp.write(buffer, MESSAGE, source, sourcePort, destination, destinationPort, payloadLength);
        return ip(source, destination, IpPacket.UDP, Udp.HEADER_SIZE + payloadLength, HOP_LIMIT, neighbors.find(destination));
    }

    /** The same to a known Ethernet address, perhaps of somebody who has no other. */
    public boolean udpTo(MacAddress mac, IpAddress source, int sourcePort, IpAddress destination, int destinationPort,
            int payloadLength) {
        Udp.write(buffer, MESSAGE, source, sourcePort, destination, destinationPort, payloadLength);
        return ip(source, destination, IpPacket.UDP, Udp.HEADER_SIZE + payloadLength, HOP_LIMIT, mac);
    }

    /** Sends what is in the buffer at {@link #ICMP_PAYLOAD}. @param rest of the header's second word */
    public boolean icmp(IpAddress source, IpAddress destination, int type, int code, int rest, int payloadLength) {
        Icmp.write(buffer, MESSAGE, source, destination, type, code, rest, payloadLength);
        return ip(source, destination, Icmp.Version.of(source).protocol, Icmp.HEADER_SIZE + payloadLength, HOP_LIMIT,
                neighbors.find(destination));
    }

    /** The same for neighbor discovery. */
    public boolean discovery(MacAddress mac, IpAddress source, IpAddress destination, int type, int rest, int payloadLength) {
        Icmp.write(buffer, MESSAGE, source, destination, type, 0, rest, payloadLength);
        return ip(source, destination, IpPacket.ICMPV6, Icmp.HEADER_SIZE + payloadLength, 255, mac);
    }

    /** How large a TCP segment may be with its header that the guest cuts up; 0 if it does not. */
    public int largeSegmentSize(IpAddress kind) {
        Capabilities capabilities = port.capabilities();
        boolean able = kind.isV4() ? capabilities.tso4() : capabilities.tso6();
        return able ? MAX_PACKET - IpPacket.headerSize(kind) : 0;
    }

    /** Sends the segment that is in the buffer at {@link #MESSAGE}. @param segmentSize of the parts it is to be cut into, or 0 */
    public boolean tcp(IpAddress source, IpAddress destination, int headerLength, int payloadLength, int segmentSize) {
        MacAddress mac = neighbors.find(destination);
        int length = headerLength + payloadLength;
        int ipAt = MESSAGE - IpPacket.headerSize(source);
        int start = ipAt - Ethernet.HEADER_SIZE;
        IpPacket.write(buffer, ipAt, source, destination, IpPacket.TCP, length, HOP_LIMIT);
        Capabilities capabilities = port.capabilities();
        Offload.Segmentation segmentation = segmentSize == 0
                ? Offload.Segmentation.NONE
                : source.isV4() ? Offload.Segmentation.TCP4 : Offload.Segmentation.TCP6;
        Offload offload = !capabilities.checksum() && segmentSize == 0
                ? Offload.NONE
                : new Offload(MESSAGE - start, Tcp.CHECKSUM, segmentation, MESSAGE - start + headerLength, segmentSize);
        if (!capabilities.cover(offload)) {
            return true; // the driver has just changed its mind: lost, and sent again in small segments
        }
        if (offload.needsChecksum()) {
            Tcp.checksumLater(buffer, MESSAGE, length, source, destination);
        } else {
            Tcp.checksum(buffer, MESSAGE, length, source, destination);
        }
        return frame(buffer, start, MESSAGE + length, mac, destination, offload);
    }

    // ---- IP and Ethernet ------------------------------------------------------------------------------------------

    private boolean ip(IpAddress source, IpAddress destination, int protocol, int length, int hopLimit, MacAddress mac) {
        int header = IpPacket.headerSize(source);
        if (header + length > plan.mtu()) {
            return fragments(source, destination, protocol, length, mac);
        }
        int ipAt = MESSAGE - header;
        IpPacket.write(buffer, ipAt, source, destination, protocol, length, hopLimit);
        return frame(buffer, ipAt - Ethernet.HEADER_SIZE, MESSAGE + length, mac, destination, Offload.NONE);
    }

    /** @rfc 791 3.2, @rfc 8200 4.5 */
    private boolean fragments(IpAddress source, IpAddress destination, int protocol, int length, MacAddress mac) {
        int header = IpPacket.headerSize(source) + (source.isV4() ? 0 : Ipv6.FRAGMENT_HEADER_SIZE);
        int most = (plan.mtu() - header) / IpPacket.FRAGMENT_UNIT * IpPacket.FRAGMENT_UNIT;
        int identification = ++fragmented;
        for (int offset = 0; offset < length; offset += most) {
            int part = Math.min(most, length - offset);
            boolean more = offset + part < length;
            int at = source.isV4()
                    ? Ipv4.writeFragment(fragment, Ethernet.HEADER_SIZE, source, destination, protocol, part, HOP_LIMIT,
                            identification, offset, more)
                    : Ipv6.writeFragment(fragment, Ethernet.HEADER_SIZE, source, destination, protocol, part, HOP_LIMIT,
                            identification, offset, more);
            fragment.put(at, buffer, MESSAGE + offset, part);
            if (!frame(fragment, 0, at + part, mac, destination, Offload.NONE)) {
                return false;
            }
        }
        return true;
    }

    /** @param mac null if it is not known: the frame is kept until it is */
    private boolean frame(ByteBuffer bytes, int start, int end, MacAddress mac, IpAddress destination, Offload offload) {
        MacAddress target = mac == null ? MacAddress.BROADCAST : mac;
        Ethernet.write(bytes, start, target, plan.mac(), IpPacket.etherType(destination));
        Frame frame = new Frame(bytes.limit(end).position(start), offload);
        boolean taken;
        if (mac == null) {
            taken = true;
            if (neighbors.await(destination, frame)) {
                ask(destination);
            }
        } else {
            taken = port.deliver(frame);
        }
        bytes.clear();
        return taken;
    }

    /** Sends a frame that had to wait for an address. */
    void late(ByteBuffer bytes, Offload offload, MacAddress mac) {
        if (port.capabilities().cover(offload)) {
            mac.write(bytes, 0);
            port.deliver(new Frame(bytes, offload));
        }
    }

    // ---- addresses ------------------------------------------------------------------------------------------------

    /** Asks for an address on the link. @rfc 826, @rfc 4861 4.3 */
    void ask(IpAddress address) {
        Solicitation.write(fragment, plan, address);
        port.deliver(new Frame(fragment));
        fragment.clear();
    }

    public void arpReply(MacAddress mac, IpAddress from, IpAddress to) {
        Ethernet.write(buffer, 0, mac, plan.mac(), Ethernet.ARP);
        Arp.write(buffer, Ethernet.HEADER_SIZE, Arp.REPLY, plan.mac(), from, mac, to);
        port.deliver(new Frame(buffer.limit(Ethernet.HEADER_SIZE + Arp.SIZE)));
        buffer.clear();
    }
}
