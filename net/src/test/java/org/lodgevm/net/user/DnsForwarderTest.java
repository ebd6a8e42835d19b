package org.lodgevm.net.user;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsForwarderTest {
    private static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");
    private static final byte[] QUERY = query("\7example\3org\0");

    private UserNetwork network;

    private static byte[] query(String name) {
        byte[] bytes = new byte[12 + name.length() + 4];
        bytes[0] = 0x12;
        bytes[1] = 0x34;
        bytes[2] = 1; // recursion desired
        bytes[5] = 1; // question
        System.arraycopy(name.getBytes(US_ASCII), 0, bytes, 12, name.length());
        bytes[13 + name.length()] = 1;
        bytes[15 + name.length()] = 1;
        return bytes;
    }

    /** A resolver that changes what it is asked into a response with a code. */
    private static DatagramSocket resolver(int code) throws Exception {
        DatagramSocket socket = new DatagramSocket(0, LOCALHOST);
        Thread.ofVirtual().start(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
            try {
                while (true) {
                    socket.receive(packet);
                    byte[] data = packet.getData();
                    int id = data[1];
                    data[2] |= (byte) 0x80;
                    data[3] = (byte) code;
                    data[1] = (byte) (id + 1); // somebody who guesses
                    socket.send(packet);
                    data[1] = (byte) id;
                    socket.send(packet);
                }
            } catch (java.io.IOException e) {
                // the test is over
            }
        });
        return socket;
    }

    private byte[] ask(byte[] query, InetSocketAddress... resolvers) throws Exception {
        network = UserNetwork.builder().resolvers(List.of(resolvers)).start();
        Guest guest = new Guest(network.link());
        guest.udp(Guest.IP, 4444, Guest.DNS, 53, query);
        Guest.Datagram answer = guest.awaitUdp(4444);
        assertThat(answer.packet().source()).isEqualTo(Guest.DNS);
        assertThat(answer.udp().sourcePort()).isEqualTo(53);
        return answer.payload();
    }

    @AfterEach
    void close() {
        network.close();
    }

    private static InetSocketAddress address(DatagramSocket socket) {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Test
    void theResolversResponseComesBack() throws Exception {
        try (DatagramSocket resolver = resolver(3)) {
            byte[] answer = ask(QUERY, address(resolver));
            assertThat(answer).startsWith(0x12, 0x34, 0x81, 3).hasSize(QUERY.length);
        }
    }

    @Test
    void aResolverThatIsNotThereOrFailsIsPassedOver() throws Exception {
        DatagramSocket gone = new DatagramSocket(0, LOCALHOST);
        gone.close();
        try (DatagramSocket failing = resolver(2);
                DatagramSocket silent = new DatagramSocket(0, LOCALHOST);
                DatagramSocket good = resolver(0)) {
            byte[] answer = ask(QUERY, new InetSocketAddress(LOCALHOST, 1), address(failing), address(silent), address(good));
            assertThat(answer).startsWith(0x12, 0x34, 0x81, 0);
        }
    }

    @Test
    void withoutAnyResolverTheFailureIsSaid() throws Exception {
        byte[] answer = ask(QUERY, new InetSocketAddress(LOCALHOST, 1));
        assertThat(answer).startsWith(0x12, 0x34, 0x81, 0x82, 0, 1).hasSize(QUERY.length);
    }

    @Test
    void aMalformedQuestionIsNoReasonToFail() throws Exception {
        byte[] broken = QUERY.clone();
        broken[12] = (byte) 0xff;
        assertThat(ask(broken, new InetSocketAddress(LOCALHOST, 1))).startsWith(0x12, 0x34).hasSize(12);
    }

    @Test
    void queriesOverTcpAreProxied() throws Exception {
        try (ServerSocket resolver = new ServerSocket(0, 1, LOCALHOST)) {
            network = UserNetwork.builder()
                    .resolvers(List.of(new InetSocketAddress(LOCALHOST, 1),
                            new InetSocketAddress(LOCALHOST, resolver.getLocalPort())))
                    .start();
            GuestTcp tcp = new GuestTcp(new Guest(network.link()), Guest.IP, 4000, Guest.DNS, 53).open();
            tcp.runUntil(() -> tcp.established);
            try (Socket accepted = resolver.accept()) {
                accepted.getOutputStream().write(42);
                tcp.runUntil(() -> tcp.received.size() == 1);
            }
        }
    }
}
