package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.vm.DeviceSpec.Socket;

/** Without a driver in the guest. What its programs say and hear is the device's test's. */
class UnixSocketsTest {
    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void choose() {
        path = folder.resolve("box");
    }

    private Machine machine() {
        return MachineTest.builder(FakeAccelerator.IDLE).device(new Socket(Socket.FIRST_CID, path)).build();
    }

    /** @return how many bytes come back: -1 for the connection's end */
    private int ask(String line) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            client.write(US_ASCII.encode(line));
            return client.read(ByteBuffer.allocate(1));
        }
    }

    @Test
    void whatCannotBeIsAnsweredByTheEnd() throws IOException {
        try (Machine machine = machine()) {
            machine.start();
            assertThat(ask("CONNECT 1234\n")).as("nobody in the guest listens").isEqualTo(-1);
            assertThat(ask("CONNECT 99999999999\n")).isEqualTo(-1);
            assertThat(ask("CONNECT 9999999999\n")).isEqualTo(-1);
            assertThat(ask("GET / HTTP/1.1\n")).isEqualTo(-1);
            assertThat(ask("x".repeat(33))).as("no line").isEqualTo(-1);
        }
        assertThat(path).doesNotExist();
    }
}
