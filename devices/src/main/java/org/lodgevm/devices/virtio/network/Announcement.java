package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import org.lodgevm.net.Frame;
import org.lodgevm.net.packet.Arp;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.MacAddress;

/**
 * A frame by which switches learn where a card is, as QEMU and others send it: a request that asks for the IP address that belongs to the card's own. Nobody has to
 * answer. @rfc 903
 */
final class Announcement {
    private Announcement() {}

    static Frame of(MacAddress card) {
        ByteBuffer bytes = ByteBuffer.allocate(Ethernet.MIN_SIZE);
        int payload = Ethernet.write(bytes, 0, MacAddress.BROADCAST, card, Ethernet.RARP);
        Arp.write(bytes, payload, Arp.REVERSE_REQUEST, card, IpAddress.V4_UNSPECIFIED, card, IpAddress.V4_UNSPECIFIED);
        return new Frame(bytes);
    }
}
