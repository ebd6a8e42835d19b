package org.lodgevm.net.user;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.net.wire.LinkServer;

/** A stranger's TCP/IP on our cable: the boot ROM of QEMU's network card, iPXE, which needs no operating system. */
class BootRomTest {
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");
    private static final char CTRL_B = 2;
    /** Milliseconds without a word. */
    private static final int SILENCE = 60_000;
    private static final int ECHO = 5_000;

    @TempDir
    Path folder;

    private final StringBuilder said = new StringBuilder();

    @Test
    void itGetsAnAddressAndDownloadsAFile() throws Exception {
        assumeTrue(Files.isExecutable(QEMU), "needs " + QEMU);
        byte[] file = new byte[2_000_000];
        new Random(1).nextBytes(file);
        try (ServerSocket http = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> serve(http, file));
            withQemu(http.getLocalPort());
        }
    }

    /** HTTP, as far as it takes. */
    private static void serve(ServerSocket http, byte[] file) {
        try (Socket socket = http.accept()) {
            BufferedReader request = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            while (!request.readLine().isEmpty()) {
                // a header
            }
            String head = "HTTP/1.1 200 OK\r\nContent-Length: " + file.length + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            socket.getOutputStream().write(file);
        } catch (IOException e) {
            // the ROM will say so
        }
    }

    private void withQemu(int port) throws IOException, InterruptedException {
        Path socket = folder.resolve("net");
        try (UserNetwork network = UserNetwork.builder().start();
                LinkServer cables = new LinkServer(UnixDomainSocketAddress.of(socket), network::link);
                ServerSocket terminal = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Process qemu = new ProcessBuilder(QEMU.toString(), "-accel", "tcg", "-display", "none", "-machine", "graphics=off", "-boot", "n",
                    "-serial", "tcp:127.0.0.1:" + terminal.getLocalPort(),
                    "-netdev", "stream,id=n,server=off,addr.type=unix,addr.path=" + socket, "-device", "virtio-net-pci,netdev=n")
                    .inheritIO()
                    .start();
            try {
                terminal.setSoTimeout(SILENCE);
                try (Socket serial = terminal.accept()) {
                    talk(serial, port);
                }
            } finally {
                qemu.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private void talk(Socket serial, int port) throws IOException {
        OutputStream keys = serial.getOutputStream();
        await(serial, "Ctrl-B to configure", SILENCE);
        keys.write(CTRL_B);
        command(serial, "dhcp", "ok");
        command(serial, "show net0/ip", "10.0.2.15");
        command(serial, "show net0/dns", "10.0.2.3");
        command(serial, "imgfetch http://10.0.2.2:" + port + "/file", "... ok");
        command(serial, "imgstat", "2000000 bytes");
    }

    /** Waits for the prompt, types, and waits for what is to be said. */
    private void command(Socket serial, String command, String expected) throws IOException {
        await(serial, "iPXE>", SILENCE);
        for (char key : command.toCharArray()) {
            type(serial, key);
        }
        serial.getOutputStream().write('\r');
        await(serial, expected, SILENCE);
    }

    /** Every key is echoed before the next: the ROM has no buffer, and loses one now and then while its host is busy. */
    private void type(Socket serial, char key) throws IOException {
        for (int attempt = 1; ; attempt++) {
            serial.getOutputStream().write(key);
            try {
                await(serial, String.valueOf(key), ECHO);
                return;
            } catch (SocketTimeoutException lost) {
                assertThat(attempt).as("%s is not taken, the screen shows: %s", key, said).isLessThan(5);
            }
        }
    }

    /** Reads until the screen shows a text; what is before it is forgotten. @param silence in ms, after which it is no use to wait */
    private void await(Socket serial, String text, int silence) throws IOException {
        serial.setSoTimeout(silence);
        int at;
        while ((at = said.indexOf(text)) < 0) {
            int key = serial.getInputStream().read();
            assertThat(key).as("the screen ended with: %s", said).isNotEqualTo(-1);
            said.append((char) key);
        }
        said.delete(0, at + text.length());
    }
}
