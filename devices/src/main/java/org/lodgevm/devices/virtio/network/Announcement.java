package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import org.lodgevm.net.Frame;
import org.lodgevm.net.packet.Arp;
import org.lodgevm.net.packet.Ethernet;
import org.lodgevm.net.packet.IpAddress;

/**
 * A frame by which switches learn where a card is, as QEMU and others send it: a request that asks for the IP address that belongs to the card's own. Nobody has to
 * answer. @rfc 903
 */
final class Announcement {
    private Announcement() {}

    static Frame of(MacAddress card) {
        ByteBuffer bytes = ByteBuffer.allocate(Ethernet.MIN_SIZE);
        var address = new org.lodgevm.net.packet.MacAddress(card.value());
        int payload = Ethernet.write(bytes, 0, org.lodgevm.net.packet.MacAddress.BROADCAST, address, Ethernet.RARP);
        Arp.write(bytes, payload, Arp.REVERSE_REQUEST, address, IpAddress.V4_UNSPECIFIED, address, IpAddress.V4_UNSPECIFIED);
        return new Frame(bytes);
    }
}
