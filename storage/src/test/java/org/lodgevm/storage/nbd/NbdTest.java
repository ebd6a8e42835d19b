package org.lodgevm.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Content;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.Qemu;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;

/** Our client and our server, with each other and with QEMU's. */
class NbdTest {
    private static final int SIZE = 3 << 20;

    @TempDir
    private Path folder;

    private Path image(String format) throws IOException {
        Path file = folder.resolve("disk." + format);
        Images.create(file.toString(), format, SIZE, CreateOptions.none(), ReferencePolicy.ALLOW);
        return file;
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static String uri(NbdServer server, String export) {
        return "nbd://localhost:" + ((InetSocketAddress) server.address()).getPort() + "/" + export;
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "qcow2"})
    void whatIsWrittenOverTheNetworkIsInTheImage(String format) throws IOException {
        Content content = new Content(SIZE, 1);
        try (DiskImage disk = Images.open(image(format), Access.WRITE); NbdServer server = NbdServer.start(anyPort(), Map.of("disk", disk))) {
            try (DiskImage remote = Images.open(uri(server, "disk"), OpenOptions.of(Access.WRITE))) {
                for (int i = 0; i < 80; i++) {
                    content.change(remote, 1 << 18);
                }
                content.assertIn(remote);
            }
            content.assertIn(disk);
            try (DiskImage reader = Images.open(uri(server, "disk"), OpenOptions.of(Access.READ))) {
                content.assertIn(reader);
            }
        }
    }

    @Test
    void severalThreadsShareAConnection() throws Exception {
        try (DiskImage disk = Images.open(image("qcow2"), Access.WRITE); NbdServer server = NbdServer.start(anyPort(), Map.of("", disk));
                DiskImage remote = Images.open(uri(server, ""), OpenOptions.of(Access.WRITE))) {
            List<Throwable> problems = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int own = i * (SIZE / 8);
                threads.add(Thread.ofVirtual().uncaughtExceptionHandler((thread, e) -> problems.add(e)).start(() -> hammer(remote, own, SIZE / 8)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(problems).isEmpty();
        }
    }

    private static void hammer(BlockImage image, int begin, int length) {
        byte[] expected = new byte[length];
        Random random = new Random(begin);
        try {
            for (int i = 0; i < 40; i++) {
                int offset = random.nextInt(length - 5000);
                byte[] piece = new byte[1 + random.nextInt(5000)];
                random.nextBytes(piece);
                System.arraycopy(piece, 0, expected, offset, piece.length);
                image.write(begin + offset, ByteBuffer.wrap(piece));
            }
            ByteBuffer read = ByteBuffer.allocate(length);
            image.read(begin, read);
            assertThat(read.array()).isEqualTo(expected);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void qemuIsOurClient() throws IOException {
        Content content = new Content(SIZE, 2);
        Path socket = folder.resolve("socket");
        try (DiskImage disk = Images.open(image("qcow2"), Access.WRITE);
                NbdServer server = NbdServer.start(anyPort(), Map.of("disk", disk, "other", disk));
                NbdServer local = NbdServer.start(UnixDomainSocketAddress.of(socket), Map.of("", disk))) {
            content.write(disk, 70_000, 1_000_000);
            Path raw = content.save(folder.resolve("raw"));
            Qemu.img("compare", "-f", "raw", "-F", "raw", raw, uri(server, "disk"));
            Qemu.img("convert", "-n", "-f", "raw", "-O", "raw", raw, "nbd+unix:///?socket=" + socket);
            content.assertIn(disk);
            assertThat(Qemu.img("map", "--output=json", uri(server, "disk"))).contains("\"zero\": true", "\"data\": true");
            assertThat(Qemu.run("qemu-nbd", "--list", "-b", "localhost", "-p", uri(server, "").replaceAll("\\D", "")).text())
                    .contains("disk", "other", "base:allocation", "size:  3145728");
            String[] run = {"qemu-io", "-f", "raw", "-c", "write -P 7 512 64k", "-c", "write -z 1M 256k", "-c", "discard 2M 64k", "-c", "flush", "-c", "read -P 7 512 64k",
                "-c", "aio_write -P 9 0 512", "-c", "aio_flush", "-c", "read -P 0 1M 256k", uri(server, "disk")};
            assertThat(Qemu.run(run).text()).doesNotContain("failed", "error");
            assertThat(local.address()).isEqualTo(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void qemuIsOurServer() throws Exception {
        Content content = new Content(SIZE, 3);
        Path file = image("qcow2");
        Path socket = folder.resolve("qemu");
        Path pid = folder.resolve("pid");
        String[] start = {"qemu-nbd", "--fork", "--pid-file=" + pid, "-k", socket.toString(), "-f", "qcow2", "-x", "it", "-t", file.toString()};
        assertThat(Qemu.run(start).status()).isZero();
        ProcessHandle server = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        try {
            String uri = "nbd+unix:///it?socket=" + socket;
            try (DiskImage disk = Images.open(uri, OpenOptions.of(Access.WRITE).as("raw"))) {
                assertThat(disk.size()).isEqualTo(SIZE);
                for (int i = 0; i < 60; i++) {
                    content.change(disk, 1 << 18);
                }
                content.assertIn(disk);
                Extent extent = disk.extent(0, SIZE);
                assertThat(extent.length()).isPositive();
            }
            assertThatThrownBy(() -> Images.open("nbd+unix:///else?socket=" + socket, OpenOptions.of(Access.READ)))
                    .isInstanceOf(StorageException.class).hasMessageContaining("no export 'else'");
        } finally {
            server.destroy();
            server.onExit().join();
        }
        Qemu.img("compare", "-f", "raw", "-F", "qcow2", content.save(folder.resolve("raw")), file);
    }

    @Test
    void aLostConnectionIsToldToAllWhoWait() throws IOException {
        try (DiskImage disk = Images.open(image("raw"), Access.WRITE)) {
            NbdServer server = NbdServer.start(anyPort(), Map.of("", disk));
            try (DiskImage remote = Images.open(uri(server, ""), OpenOptions.of(Access.READ))) {
                server.close();
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> remote.read(0, ByteBuffer.allocate(10))).isInstanceOf(StorageException.class).hasMessageContaining("connection is lost");
                }
            }
            assertThatThrownBy(() -> Images.open(uri(server, ""), OpenOptions.of(Access.READ))).hasMessageContaining("no connection");
        }
    }

    @Test
    void whatMayNotBeWrittenToIsSaid() throws IOException {
        try (DiskImage disk = Images.open(image("raw"), Access.READ); NbdServer server = NbdServer.start(anyPort(), Map.of("", disk))) {
            assertThatThrownBy(() -> Images.open(uri(server, ""), OpenOptions.of(Access.WRITE))).hasMessageContaining("for reading only");
        }
    }

    /** Clients that talk nonsense: the server goes on serving others. */
    @Test
    void nonsenseEndsASessionAndNothingElse() throws IOException {
        Random random = new Random(4);
        Path socket = folder.resolve("s");
        try (DiskImage disk = Images.open(image("raw"), Access.WRITE); NbdServer server = NbdServer.start(UnixDomainSocketAddress.of(socket), Map.of("", disk))) {
            for (int i = 0; i < 200; i++) {
                try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    client.connect(server.address());
                    ByteBuffer talk = ByteBuffer.allocate(300);
                    talk.putInt(3);
                    for (int option = 0; option < 3; option++) {
                        byte[] data = new byte[random.nextInt(30)];
                        random.nextBytes(data);
                        talk.putLong(Nbd.OPTION_MAGIC).putInt(random.nextInt(12)).putInt(random.nextInt(6) == 0 ? random.nextInt() : data.length).put(data);
                    }
                    talk.putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_EXPORT_NAME).putInt(0);
                    talk.putInt(Nbd.REQUEST_MAGIC).putShort((short) 0).putShort((short) random.nextInt(9)).putLong(1).putLong(random.nextLong()).putInt(random.nextInt());
                    client.write(talk.flip());
                }
            }
            try (DiskImage remote = Images.open("nbd+unix:///?socket=" + socket, OpenOptions.of(Access.READ))) {
                assertThat(Content.of(remote)).hasSize(SIZE);
            }
        }
    }

    @Test
    void whoFindsAServerFullWaits() throws Exception {
        Path socket = folder.resolve("s");
        List<SocketChannel> others = new ArrayList<>();
        try (DiskImage disk = Images.open(image("raw"), Access.READ); NbdServer server = NbdServer.start(UnixDomainSocketAddress.of(socket), Map.of("", disk))) {
            for (int i = 0; i < 64; i++) {
                others.add(SocketChannel.open(server.address()));
            }
            CompletableFuture<Long> late = CompletableFuture.supplyAsync(() -> {
                try (DiskImage remote = Images.open("nbd+unix:///?socket=" + socket, OpenOptions.of(Access.READ))) {
                    return remote.size();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThatThrownBy(() -> late.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            others.removeLast().close();
            assertThat(late.get(30, TimeUnit.SECONDS)).isEqualTo(SIZE);
        } finally {
            for (SocketChannel other : others) {
                other.close();
            }
        }
    }

    /** An export in a server's own words. It grants no structured replies, and answers no request. */
    private static DiskImage lie(Path socket, ByteBuffer... infos) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
            Thread.ofVirtual().start(() -> {
                try (SocketChannel client = listener.accept()) {
                    Wire wire = new Wire(client);
                    wire.send(ByteBuffer.allocate(18).putLong(Nbd.MAGIC).putLong(Nbd.OPTION_MAGIC).putShort((short) Nbd.FIXED_NEWSTYLE).flip());
                    wire.receive(4);
                    for (int option = 0; option != Nbd.OPT_GO;) {
                        ByteBuffer head = wire.receive(16);
                        option = head.getInt(8);
                        wire.receive(head.getInt(12));
                        for (int i = 0; option == Nbd.OPT_GO && i < infos.length; i++) {
                            wire.send(reply(option, Nbd.REP_INFO, infos[i].capacity()), infos[i].clear());
                        }
                        wire.send(reply(option, option == Nbd.OPT_GO ? Nbd.REP_ACK : Nbd.REP_ERR_UNSUP, 0));
                    }
                    wire.receive(1); // until the client leaves
                } catch (IOException e) {
                    // it has left
                }
            });
            return Images.open("nbd+unix:///?socket=" + socket, OpenOptions.of(Access.WRITE).as("raw"));
        }
    }

    private static ByteBuffer reply(int option, int type, int length) {
        return ByteBuffer.allocate(20).putLong(Nbd.OPTION_REPLY_MAGIC).putInt(option).putInt(type).putInt(length).flip();
    }

    private static ByteBuffer export(long size) {
        return ByteBuffer.allocate(12).putShort((short) Nbd.INFO_EXPORT).putLong(size).putShort((short) Nbd.FLAG_HAS_FLAGS);
    }

    private static ByteBuffer blocks(int smallest) {
        return ByteBuffer.allocate(14).putShort((short) Nbd.INFO_BLOCK_SIZE).putInt(smallest).putInt(4096).putInt(1 << 20);
    }

    @Test
    void anExportThatCannotBeIsRefused() {
        assertThatThrownBy(() -> lie(folder.resolve("a"), export(1000), blocks(512)))
                .isInstanceOf(StorageException.class).hasMessageContaining("exports 1000 bytes, in blocks of 512");
        assertThatThrownBy(() -> lie(folder.resolve("b"), export(Long.MAX_VALUE))).isInstanceOf(StorageException.class).hasMessageContaining("exports 9223372036854775807 bytes");
        for (int info : new int[] {Nbd.INFO_EXPORT, Nbd.INFO_BLOCK_SIZE}) {
            assertThatThrownBy(() -> lie(folder.resolve("short" + info), ByteBuffer.allocate(4).putShort((short) info)))
                    .isInstanceOf(StorageException.class).hasMessageContaining("makes no sense");
        }
    }

    /** A raw disk ends with a sector, and an export need not. */
    @Test
    void behindTheEndOfAnExportThereAreZeroes() throws IOException {
        try (DiskImage disk = lie(folder.resolve("s"), export(1000), blocks(8))) {
            ByteBuffer end = ByteBuffer.wrap(new byte[] {1, 2, 3});
            disk.read(1001, end);
            assertThat(end.array()).containsOnly(0);
        }
    }

    /** Nothing is left of its session, of which there are not many. */
    @Test
    void whoLeavesInTheMiddleOfARequestLeavesRoomForOthers() throws Exception {
        Path socket = folder.resolve("s");
        try (DiskImage disk = Images.open(image("raw"), Access.WRITE); NbdServer server = NbdServer.start(UnixDomainSocketAddress.of(socket), Map.of("", disk))) {
            for (int i = 0; i < 64; i++) {
                try (SocketChannel client = SocketChannel.open(server.address())) {
                    ByteBuffer talk = ByteBuffer.allocate(100).putInt(3).putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_EXPORT_NAME).putInt(0);
                    talk.putInt(Nbd.REQUEST_MAGIC).putShort((short) 0).putShort((short) Nbd.CMD_WRITE).putLong(1).putLong(0).putInt(1000).putInt(5);
                    client.write(talk.flip());
                    new Wire(client).receive(28); // the greeting and the export: transmission has begun
                }
            }
            CompletableFuture<Long> late = CompletableFuture.supplyAsync(() -> {
                try (DiskImage remote = Images.open("nbd+unix:///?socket=" + socket, OpenOptions.of(Access.READ))) {
                    return remote.size();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(late.get(30, TimeUnit.SECONDS)).isEqualTo(SIZE);
        }
    }

    @Test
    void addressesAreRead() {
        assertThat(NbdUri.parse("nbd://host/a%20b").export()).isEqualTo("a b");
        assertThat(((InetSocketAddress) NbdUri.parse("nbd://host").address()).getPort()).isEqualTo(10809);
        assertThat(NbdUri.parse("nbd+unix:///x?socket=/tmp/s").address()).isEqualTo(UnixDomainSocketAddress.of("/tmp/s"));
        assertThatThrownBy(() -> NbdUri.parse("nbd:///")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nbd://HOST:PORT/EXPORT");
    }
}
