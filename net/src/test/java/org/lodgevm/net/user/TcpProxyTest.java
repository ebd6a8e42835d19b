package org.lodgevm.net.user;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.net.packet.IpAddress;
import org.lodgevm.net.tcp.Application.Reason;
import org.lodgevm.net.tcp.TcpState;
import org.lodgevm.net.user.plan.PortForward;

/** A guest's TCP connections and the host's sockets that they become. */
class TcpProxyTest {
    private static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");

    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private ServerSocket server;
    private UserNetwork network;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, LOCALHOST);
    }

    @AfterEach
    void nothingFailedInside() throws IOException {
        network.close();
        server.close();
        assertThat(failures).isEmpty();
    }

    private Guest guest(UserNetwork.Builder builder) throws IOException {
        network = builder.failures(failures::add).start();
        return new Guest(network.link());
    }

    private GuestTcp connection(Guest guest) {
        return new GuestTcp(guest, Guest.IP, 5000, Guest.GATEWAY, server.getLocalPort()).open();
    }

    private static <T> FutureTask<T> meanwhile(Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void bytesGoBothWaysAndBothEndsMayFinish() throws Exception {
        GuestTcp tcp = connection(guest(UserNetwork.builder()));
        byte[] there = bytes(3_000_000);
        byte[] back = bytes(2_000_000);
        FutureTask<byte[]> host = meanwhile(() -> {
            try (Socket socket = server.accept()) {
                byte[] all = socket.getInputStream().readAllBytes();
                socket.getOutputStream().write(back);
                return all;
            }
        });
        tcp.toSend = there;
        tcp.runUntil(tcp::isSent);
        tcp.endpoint.finish();
        tcp.runUntil(() -> tcp.endpoint.isPeerFinished());
        assertThat(host.get()).isEqualTo(there);
        assertThat(tcp.received.toByteArray()).isEqualTo(back);
        tcp.runUntil(() -> tcp.endpoint.state() == TcpState.TIME_WAIT);
    }

    @Test
    void ipv6LeadsToTheHostToo() throws Exception {
        Guest guest = guest(UserNetwork.builder());
        try (ServerSocket server6 = new ServerSocket(0, 50, InetAddress.ofLiteral("::1"))) {
            GuestTcp tcp = new GuestTcp(guest, Guest.IP6, 5000, Guest.GATEWAY6, server6.getLocalPort()).open();
            FutureTask<byte[]> host = meanwhile(() -> {
                try (Socket socket = server6.accept()) {
                    return socket.getInputStream().readAllBytes();
                }
            });
            tcp.toSend = bytes(100_000);
            tcp.runUntil(tcp::isSent);
            tcp.endpoint.finish();
            tcp.runUntil(() -> tcp.endpoint.isPeerFinished());
            assertThat(host.get()).isEqualTo(tcp.toSend);
        }
    }

    @Test
    void aSlowReaderOnTheHostSlowsTheGuestAndLosesNothing() throws Exception {
        GuestTcp tcp = connection(guest(UserNetwork.builder()));
        tcp.toSend = bytes(20_000_000);
        FutureTask<Socket> accepted = meanwhile(server::accept);
        tcp.runUntil(() -> tcp.established);
        Socket socket = accepted.get();
        FutureTask<byte[]> host = new FutureTask<>(() -> socket.getInputStream().readAllBytes());
        long limit = System.nanoTime() + 500_000_000;
        tcp.runUntil(() -> System.nanoTime() > limit);
        assertThat(tcp.isSent()).isFalse();
        Thread.ofVirtual().start(host);
        tcp.runUntil(tcp::isSent);
        tcp.endpoint.finish();
        tcp.runUntil(host::isDone);
        assertThat(host.get()).isEqualTo(tcp.toSend);
        socket.close();
    }

    @Test
    void aPortWithoutListenerIsRefused() throws Exception {
        GuestTcp tcp = connection(guest(UserNetwork.builder()));
        server.close();
        tcp.runUntil(() -> tcp.end != null);
        assertThat(tcp.end).isEqualTo(Reason.RESET);
    }

    @Test
    void theHostIsOutOfReachIfTheUserSaysSo() throws Exception {
        GuestTcp tcp = connection(guest(UserNetwork.builder().hostLoopback(false)));
        tcp.runUntil(() -> tcp.end != null);
        assertThat(tcp.end).isEqualTo(Reason.RESET);
    }

    @Test
    void noOtherAddressLeadsToTheHostsLoopback() throws Exception {
        Guest guest = guest(UserNetwork.builder());
        int port = 6000;
        for (String address : new String[] {"127.0.0.1", "0.0.0.0", "127.1.2.3", "::1", "::", "::7f00:1", "255.255.255.255"}) {
            IpAddress target = IpAddress.parse(address);
            GuestTcp tcp = new GuestTcp(guest, target.isV4() ? Guest.IP : Guest.IP6, port++, target, server.getLocalPort());
            tcp.open();
            if (!address.equals("255.255.255.255")) {
                tcp.runUntil(() -> tcp.end != null);
                assertThat(tcp.end).as(address).isEqualTo(Reason.RESET);
            }
        }
        server.setSoTimeout(1);
        assertThatThrownBy(server::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    }

    @Test
    void aResetOfTheHostIsOneForTheGuestAndTheOtherWayRound() throws Exception {
        Guest guest = guest(UserNetwork.builder());
        GuestTcp tcp = connection(guest);
        FutureTask<Socket> accepted = meanwhile(server::accept);
        tcp.runUntil(() -> tcp.established);
        accepted.get().setSoLinger(true, 0);
        accepted.get().close();
        tcp.runUntil(() -> tcp.end != null);
        assertThat(tcp.end).isEqualTo(Reason.RESET);

        GuestTcp second = new GuestTcp(guest, Guest.IP, 5001, Guest.GATEWAY, server.getLocalPort()).open();
        FutureTask<Socket> next = meanwhile(server::accept);
        second.runUntil(() -> second.established);
        Socket socket = next.get();
        second.endpoint.abort();
        assertThatThrownBy(() -> socket.getInputStream().read()).hasMessageContaining("reset");
        socket.close();
    }

    @Test
    void connectionsAreLimited() throws Exception {
        Guest guest = guest(UserNetwork.builder().maxConnections(2));
        FutureTask<Void> acceptor = meanwhile(() -> {
            while (true) {
                server.accept();
            }
        });
        GuestTcp[] tcp = new GuestTcp[3];
        for (int i = 0; i < 3; i++) {
            GuestTcp one = new GuestTcp(guest, Guest.IP, 5000 + i, Guest.GATEWAY, server.getLocalPort()).open();
            tcp[i] = one;
            one.runUntil(() -> one.established || one.end != null);
        }
        assertThat(tcp[1].established).isTrue();
        assertThat(tcp[2].end).isEqualTo(Reason.RESET);
        network.reset();
        GuestTcp again = new GuestTcp(guest, Guest.IP, 5010, Guest.GATEWAY, server.getLocalPort()).open();
        again.runUntil(() -> again.established || again.end != null);
        assertThat(again.established).isTrue();
        assertThat(acceptor.isDone()).isFalse();
    }

    @Test
    void aForwardedPortLeadsToTheGuest() throws Exception {
        Guest guest = guest(UserNetwork.builder().restricted(true).forward(PortForward.parse("0:80")));
        InetSocketAddress address = network.forwards().getFirst().host();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        GuestTcp tcp = GuestTcp.accept(guest, 80);
        assertThat(tcp.remote()).isEqualTo(Guest.GATEWAY);
        socket.getOutputStream().write("GET /".getBytes(US_ASCII));
        tcp.runUntil(() -> tcp.received.size() == 5);
        tcp.toSend = bytes(500_000);
        FutureTask<byte[]> host = meanwhile(() -> socket.getInputStream().readAllBytes());
        tcp.runUntil(tcp::isSent);
        tcp.endpoint.finish();
        tcp.runUntil(host::isDone);
        assertThat(host.get()).isEqualTo(tcp.toSend);
        socket.close();
        tcp.runUntil(() -> tcp.endpoint.isPeerFinished());
    }

    @Test
    void aForwardedUdpPortTellsClientsApart() throws Exception {
        Guest guest = guest(UserNetwork.builder().forward(PortForward.parse("0:53/udp")));
        InetSocketAddress address = network.forwards().getFirst().host();
        try (DatagramSocket one = new DatagramSocket(0, LOCALHOST);
                DatagramSocket two = new DatagramSocket(0, LOCALHOST)) {
            for (DatagramSocket client : new DatagramSocket[] {one, two}) {
                client.send(new DatagramPacket(new byte[] {1}, 1, address));
            }
            for (int i = 0; i < 2; i++) {
                Guest.Datagram query = guest.awaitUdp(53);
                guest.udp(Guest.IP, 53, query.packet().source(), query.udp().sourcePort(), (byte) query.udp().sourcePort());
            }
            for (DatagramSocket client : new DatagramSocket[] {one, two}) {
                DatagramPacket answer = new DatagramPacket(new byte[10], 10);
                client.receive(answer);
                assertThat(answer.getData()[0]).isEqualTo((byte) client.getLocalPort());
            }
        }
    }

    @Test
    void aPortInUseIsSaidToBe() throws Exception {
        guest(UserNetwork.builder());
        PortForward taken = PortForward.parse(server.getLocalPort() + ":80");
        assertThatThrownBy(() -> UserNetwork.builder().forward(taken).start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + server.getLocalPort() + " of 127.0.0.1 cannot be forwarded");
    }
}
