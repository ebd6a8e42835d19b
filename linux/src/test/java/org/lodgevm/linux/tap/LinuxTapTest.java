package org.lodgevm.linux.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.lodgevm.net.wire.TapAccess;
import org.lodgevm.net.wire.Wire;

/** The other side is the kernel's own network, where this user may make an interface of it. */
class LinuxTapTest {
    private static final AtomicInteger INTERFACES = new AtomicInteger();
    private static final int ETHERTYPE = 12;
    private static final short ARP = 0x0806;
    private static final short IPV4 = 0x0800;
    private static final int HEADERS = 14 + 20 + 8;

    /** Each test has its own. */
    private final String name = "lodge%d-%d".formatted(ProcessHandle.current().pid() % 100_000, INTERFACES.incrementAndGet());

    private Wire open() {
        try {
            return TapAccess.tap(name);
        } catch (IOException e) {
            assumeTrue(false, e.getMessage());
            return null;
        }
    }

    private static void ip(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** The next frame of a type. */
    private static ByteBuffer read(Wire wire, short type) throws IOException {
        ByteBuffer frame = wire.read();
        while (frame.getShort(ETHERTYPE) != type) {
            frame = wire.read();
        }
        return frame;
    }

    @Test
    void theKernelFindsAGuestAndSendsToIt() throws Exception {
        try (Wire wire = open(); DatagramSocket socket = new DatagramSocket()) {
            ip("address", "add", "198.18.77.1/30", "dev", name);
            ip("link", "set", name, "up");
            socket.send(new DatagramPacket("hello".getBytes(UTF_8), 5, InetAddress.ofLiteral("198.18.77.2"), 9));
            ByteBuffer question = read(wire, ARP);
            byte[] asker = new byte[6];
            question.get(6, asker);
            String mac = HexFormat.of().formatHex(asker);
            String answer = mac + "525400123456" + "0806" + "0001080006040002" + "525400123456" + "c6124d02" + mac + "c6124d01";
            wire.write(ByteBuffer.wrap(HexFormat.of().parseHex(answer)));
            ByteBuffer packet = read(wire, IPV4);
            while (packet.remaining() != HEADERS + 5) { // what else the host sends: multicast
                packet = read(wire, IPV4);
            }
            byte[] payload = new byte[5];
            packet.get(HEADERS, payload);
            assertThat(new String(payload, UTF_8)).isEqualTo("hello");
        }
    }

    @Test
    void anInterfaceHasOneUser() throws Exception {
        try (Wire _ = open()) {
            assertThatThrownBy(() -> TapAccess.tap(name)).hasMessageContaining("another process has it");
        }
    }

    @Test
    void whatIsSentBeforeTheInterfaceIsUpIsDropped() throws Exception {
        try (Wire wire = open()) {
            wire.write(ByteBuffer.allocate(60));
            wire.write(ByteBuffer.allocate(3)); // no frame
        }
    }

    @Test
    void closingEndsAReader() throws Exception {
        Wire wire = open();
        AtomicReference<Exception> end = new AtomicReference<>();
        CountDownLatch reading = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            reading.countDown();
            try {
                while (true) {
                    wire.read();
                }
            } catch (IOException e) {
                end.set(e);
            }
        });
        reader.start();
        reading.await();
        wire.close();
        reader.join();
        assertThat(end.get()).isInstanceOf(ClosedChannelException.class);
        open().close(); // it is free again
    }

    @Test
    void whatCannotBeAnInterface() {
        for (String none : new String[] {"", "a/b", "tap%d", "sixteen-bytes-xx"}) {
            assertThatThrownBy(() -> TapAccess.tap(none)).isInstanceOf(IOException.class).hasMessageContaining("'" + none + "'");
        }
        assertThatThrownBy(() -> TapAccess.tap("lo")).isInstanceOf(IOException.class).hasMessageContaining("lo");
    }
}
