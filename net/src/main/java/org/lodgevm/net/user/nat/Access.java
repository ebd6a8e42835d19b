package org.lodgevm.net.user.nat;

import java.net.InetAddress;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.user.plan.NetworkPlan;

/**
 * What guests may reach, and which address it has on either side.
 *
 * @param restricted nothing outside, and not the host: port forwards are all there is
 * @param hostLoopback whether the gateway's address leads to the host's loopback interface
 */
public record Access(NetworkPlan plan, boolean restricted, boolean hostLoopback) {
    private static final InetAddress LOOPBACK4 = IpAddress.parse("127.0.0.1").toInetAddress();
    private static final InetAddress LOOPBACK6 = IpAddress.parse("::1").toInetAddress();

    /**
     * Where on the host's side an address of the guest's side is; null if the guest may not go there. Never a loopback address but by the
     * gateway's, and nothing that the host's kernel takes for one.
     */
    public InetAddress outside(IpAddress destination) {
        if (restricted) {
            return null;
        }
        if (plan.isGateway(destination)) {
            return !hostLoopback ? null : destination.isV4() ? LOOPBACK4 : LOOPBACK6;
        }
        return plan.isInside(destination) || !isForwarded(destination) ? null : destination.toInetAddress();
    }

    /** Whether routers forward packets to an address. @rfc 6890 2.2.2, 2.2.3 */
    private static boolean isForwarded(IpAddress address) {
        if (address.isMulticast() || address.isLoopback() || address.isLinkLocal()) {
            return false;
        }
        if (address.isV4()) {
            int first = address.v4() >>> 24;
            return first > 0 && first < 240;
        }
        return address.high() != 0; // unspecified, loopback, and IPv4 addresses in disguise
    }

    /** As whom guests see somebody on the host's side. The host itself, and who could be taken for a guest, is the gateway. */
    public IpAddress inside(InetAddress source, IpAddress kind) {
        IpAddress address = IpAddress.of(source);
        boolean presentable = address.isV4() == kind.isV4() && isForwarded(address) && !plan.isInside(address);
        return presentable ? address : plan.gateway(kind);
    }
}
