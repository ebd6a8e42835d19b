package org.lodgevm.net.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.net.Frame;
import org.lodgevm.net.Link;
import org.lodgevm.net.bridge.VirtualSwitch;

class WireLinkTest {
    @TempDir
    Path folder;

    private final VirtualSwitch fabric = new VirtualSwitch();
    private final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private Link own;
    private LinkServer server;

    @BeforeEach
    void listen() throws Exception {
        own = fabric.port();
        own.connect(this::receive);
        server = new LinkServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), fabric::port);
    }

    private boolean receive(Frame frame) {
        byte[] bytes = new byte[frame.size()];
        frame.bytes().get(frame.bytes().position(), bytes);
        received.add(bytes);
        return true;
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        fabric.close();
    }

    private Socket socket() throws Exception {
        InetSocketAddress address = (InetSocketAddress) server.address();
        return new Socket(address.getAddress(), address.getPort());
    }

    private static byte[] frame(int size) {
        byte[] frame = new byte[size];
        new Random(size).nextBytes(frame);
        java.util.Arrays.fill(frame, 0, 6, (byte) 0xff);
        return frame;
    }

    @Test
    void aFrameIsItsLengthAndItsBytes() throws Exception {
        try (Socket socket = socket()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            for (int size : new int[] {60, 1514, 65_000}) {
                out.writeInt(size);
                out.flush();
                out.write(frame(size), 0, 7); // in pieces
                out.flush();
                out.write(frame(size), 7, size - 7);
                assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo(frame(size));
            }
            own.send(new Frame(ByteBuffer.wrap(frame(100))));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertThat(in.readInt()).isEqualTo(100);
            assertThat(in.readNBytes(100)).isEqualTo(frame(100));
        }
    }

    @Test
    void aLengthThatNoFrameHasEndsTheConnection() throws Exception {
        try (Socket socket = socket()) {
            new DataOutputStream(socket.getOutputStream()).writeInt(1 << 30);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void twoProcessesShareASwitch() throws Exception {
        Path path = folder.resolve("switch");
        try (LinkServer unix = new LinkServer(UnixDomainSocketAddress.of(path), fabric::port)) {
            CountDownLatch gone = new CountDownLatch(1);
            WireLink one = new WireLink(SocketWire.connect(unix.address()), gone::countDown);
            one.connect(frame -> true);
            WireLink two = new WireLink(SocketWire.connect(unix.address()), () -> {});
            LinkedBlockingQueue<Integer> atTwo = new LinkedBlockingQueue<>();
            two.connect(frame -> atTwo.add(frame.size()));
            two.send(new Frame(ByteBuffer.wrap(frame(60)))); // so that its port is there
            assertThat(received.poll(10, TimeUnit.SECONDS)).hasSize(60);
            for (int i = 100; i < 1000; i++) {
                while (!one.send(new Frame(ByteBuffer.wrap(frame(i))))) {
                    Thread.onSpinWait();
                }
                assertThat(atTwo.poll(10, TimeUnit.SECONDS)).isEqualTo(i);
            }
            two.close();
            unix.close();
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.exists(path)).isFalse();
        }
    }

    @Test
    void nobodyListening() {
        assertThatThrownBy(() -> SocketWire.connect(UnixDomainSocketAddress.of(folder.resolve("none"))))
                .hasMessageStartingWith("no cable to ");
    }
}
