package org.lodgevm.net.user.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lodgevm.net.loop.EventLoop;
import org.lodgevm.net.packet.Icmp;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.packet.IpPacket;

class EchoTest {
    private static final IpAddress GUEST = IpAddress.parse("10.0.2.15");
    private static final IpAddress NOBODY = IpAddress.parse("192.0.2.1");

    /** Else a guest that pings a few hosts which do not answer would stop its own disks for that time. */
    @Test
    void whoWaitsForAHostKeepsNoVirtualThreadFromRunning() throws Exception {
        CompletableFuture<Boolean> virtual = new CompletableFuture<>();
        try (EventLoop loop = new EventLoop(virtual::completeExceptionally)) {
            Echo echo = new Echo(null, loop, target -> {
                virtual.complete(Thread.currentThread().isVirtual());
                return false;
            });
            ByteBuffer bytes = ByteBuffer.allocate(28);
            Icmp.write(bytes, 20, GUEST, NOBODY, Icmp.Version.V4.echoRequest, 0, 1, 0);
            IpPacket.write(bytes, 0, GUEST, NOBODY, IpPacket.ICMP, Icmp.HEADER_SIZE, 64);
            IpPacket packet = IpPacket.parse(0x0800, bytes, 0, bytes.limit());
            echo.relay(packet, Icmp.parse(packet), InetAddress.getByName("192.0.2.1"));
            assertThat(virtual.get(20, TimeUnit.SECONDS)).isFalse();
        }
    }
}
