package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;

class UnixPortTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<Boolean> attended = new LinkedBlockingQueue<>();
    private UnixPort port;
    private SerialEndpoint guest;

    @BeforeEach
    void make() throws InterruptedException {
        port = new UnixPort(folder.resolve("port"));
        guest = port.endpoint();
        port.serve(attended::add);
        assertThat(attended.take()).isFalse();
    }

    @AfterEach
    void close() {
        port.close();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("port")));
    }

    private static void say(SocketChannel client, String text) throws IOException {
        client.write(US_ASCII.encode(text));
    }

    private String heard(int length) throws IOException {
        return new String(guest.input().readNBytes(length), US_ASCII);
    }

    @Test
    void programsComeOneAfterTheOther() throws Exception {
        guest.output().write("lost".getBytes(US_ASCII));
        SocketChannel first = connect();
        assertThat(attended.take()).isTrue();
        try (SocketChannel second = connect()) {
            say(second, "second");
            say(first, "first");
            assertThat(heard(5)).isEqualTo("first");
            guest.output().write("hello".getBytes(US_ASCII));
            ByteBuffer answer = ByteBuffer.allocate(16);
            first.read(answer);
            assertThat(new String(answer.array(), 0, answer.position(), US_ASCII)).isEqualTo("hello");
            assertThat(attended).as("the second one waits").isEmpty();
            first.close();
            assertThat(heard(6)).isEqualTo("second");
            assertThat(attended.take()).isFalse();
            assertThat(attended.take()).isTrue();
        }
    }

    @Test
    void oneThatWentWhileTheGuestWritesIsNobody() throws Exception {
        try (SocketChannel _ = connect()) {
            assertThat(attended.take()).isTrue();
        }
        while (attended.isEmpty()) {
            guest.output().write(new byte[1 << 12]);
        }
        assertThat(attended.take()).isFalse();
    }

    @Test
    void theMachinesEndIsTheirs() throws Exception {
        try (SocketChannel client = connect()) {
            assertThat(attended.take()).isTrue();
            port.close();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(guest.input().read()).isEqualTo(-1);
        }
        assertThat(folder).isEmptyDirectory();
    }
}
