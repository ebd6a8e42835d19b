package org.lodgevm.net.user.plan;

import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.MacAddress;

/**
 * The addresses of a user-mode network. The defaults are those that users of QEMU know.
 *
 * @param network of IPv4, its host part 0
 * @param prefix how many bits the network has, 8 to 28
 * @param gateway stands for the host
 * @param dns answers DNS queries
 * @param firstLease what the first DHCP client gets; the next ones get those behind it
 * @param network6 of IPv6, 64 bits
 * @param mtu largest IP packet, 1280 to 65,520 bytes
 */
public record NetworkPlan(MacAddress mac, IpAddress network, int prefix, IpAddress gateway, IpAddress dns, IpAddress firstLease,
        IpAddress network6, IpAddress gateway6, IpAddress dns6, int mtu) {
    public static final int PREFIX6 = 64;
    private static final int MIN_MTU = 1280;
    private static final int MAX_MTU = 65_520;
    private static final int MIN_PREFIX = 8;
    private static final int MAX_PREFIX = 28;

    public static final NetworkPlan DEFAULT = of(IpAddress.parse("10.0.2.0"), 24, IpAddress.parse("fec0::"), 1500);

    public NetworkPlan {
        check(mtu >= MIN_MTU && mtu <= MAX_MTU, "an MTU must be from 1280 to 65520, not " + mtu);
        check(prefix >= MIN_PREFIX && prefix <= MAX_PREFIX, "an IPv4 network must have from 8 to 28 bits, not " + prefix);
        check(gateway.isV4() && dns.isV4() && firstLease.isV4() && gateway.sharesPrefix(network, prefix)
                && dns.sharesPrefix(network, prefix) && firstLease.sharesPrefix(network, prefix),
                "gateway, DNS server and guests must be in " + network + "/" + prefix);
        check(!gateway6.isV4() && gateway6.sharesPrefix(network6, PREFIX6) && dns6.sharesPrefix(network6, PREFIX6),
                "gateway and DNS server must be in " + network6 + "/64");
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** A plan with host numbers as usual: 2 is the gateway, 3 the DNS server, 15 (if there is room) the first guest. */
    public static NetworkPlan of(IpAddress network, int prefix, IpAddress network6, int mtu) {
        IpAddress gateway = host(network, 2);
        int first = prefix < MAX_PREFIX ? 15 : 4;
        return new NetworkPlan(
                new MacAddress(0x5255L << 32 | gateway.v4() & 0xffff_ffffL),
                network, prefix, gateway, host(network, 3), host(network, first),
                network6, host(network6, 2), host(network6, 3), mtu);
    }

    private static IpAddress host(IpAddress network, int number) {
        return new IpAddress(network.high(), network.low() | number);
    }

    public IpAddress broadcast() {
        return IpAddress.v4(network.v4() | -1 >>> prefix);
    }

    public IpAddress netmask() {
        return IpAddress.v4(-1 << 32 - prefix);
    }

    /** The gateway's address on the link. */
    public IpAddress linkLocal() {
        return new IpAddress(0xfe80L << 48, mac.interfaceIdentifier());
    }

    /** The gateway of the kind of an address. */
    public IpAddress gateway(IpAddress kind) {
        return kind.isV4() ? gateway : gateway6;
    }

    /** The stack's own addresses. */
    public boolean isOwn(IpAddress address) {
        return isGateway(address) || isDns(address) || address.equals(linkLocal());
    }

    public boolean isGateway(IpAddress address) {
        return address.equals(gateway) || address.equals(gateway6);
    }

    public boolean isDns(IpAddress address) {
        return address.equals(dns) || address.equals(dns6);
    }

    /** Whether an address is on the link, so that it needs no way out. */
    public boolean isInside(IpAddress address) {
        return address.isV4()
                ? address.sharesPrefix(network, prefix)
                : address.sharesPrefix(network6, PREFIX6) || address.isLinkLocal();
    }

    /** Whether an address could be a guest's. */
    public boolean isGuest(IpAddress address) {
        return isInside(address) && !isOwn(address) && !address.equals(network) && !address.equals(broadcast());
    }
}
