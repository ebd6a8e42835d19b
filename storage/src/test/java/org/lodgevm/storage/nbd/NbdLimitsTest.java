package org.lodgevm.storage.nbd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;

/** What one end may cost the other: time and memory. */
class NbdLimitsTest {
    @TempDir
    private Path folder;

    /** What requests at the server may hold: nothing, so that it answers none. */
    private final Semaphore memory = new Semaphore(0);

    private ServerSocketChannel listener;
    private DiskImage exported;

    @BeforeEach
    void listen() throws IOException {
        Path file = folder.resolve("disk");
        Images.create(file.toString(), "raw", 1 << 20, CreateOptions.none(), ReferencePolicy.ALLOW);
        exported = Images.open(file, Access.WRITE);
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(folder.resolve("s")));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        exported.close();
    }

    private void serveOne() {
        Thread.ofVirtual().start(() -> {
            try {
                new ServerSession(listener.accept(), Map.of("", exported), memory).run();
            } catch (IOException e) {
                // the client has left
            }
        });
    }

    private DiskImage open(String query) throws IOException {
        return Images.open("nbd+unix:///?socket=" + folder.resolve("s") + query, OpenOptions.of(Access.WRITE).as("raw"));
    }

    private static void read(DiskImage disk, ByteBuffer into) {
        try {
            disk.read(0, into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRequestWaitsUntilOthersLeaveMemory() throws IOException {
        serveOne();
        try (DiskImage disk = open("")) {
            ByteBuffer content = ByteBuffer.allocate(5000);
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> read(disk, content));
            while (!memory.hasQueuedThreads()) {
                Thread.onSpinWait();
            }
            assertThat(answered).isNotDone();
            memory.release(Transmission.PAGES);
            answered.join();
            assertThat(content.hasRemaining()).isFalse();
            memory.acquireUninterruptibly(Transmission.PAGES); // all of it is given back
        }
        memory.release(Transmission.PAGES);
    }

    @Test
    void aServerThatOwesAnAnswerForTooLongIsGivenUp() throws IOException {
        serveOne();
        try (DiskImage disk = open("&timeout=1")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> disk.read(0, ByteBuffer.allocate(10)))
                        .isInstanceOf(StorageException.class).hasMessageContaining("the connection is lost").hasMessageContaining("silent for 1 s");
            }
        }
        memory.release(Transmission.PAGES);
    }

    @Test
    void soIsOneThatDoesNotGreet() {
        assertThatThrownBy(() -> open("&timeout=1")).isInstanceOf(StorageException.class).hasMessageContaining("silent for 1 s");
    }

    @Test
    void itsAddressTellsForHowLong() {
        assertThat(NbdUri.parse("nbd://host/a?timeout=5").timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(NbdUri.parse("nbd+unix:///x?socket=/a&b&timeout=0")).isEqualTo(new NbdUri(UnixDomainSocketAddress.of("/a&b"), "x", Duration.ZERO));
        assertThat(NbdUri.parse("nbd://host").timeout()).isPositive();
        assertThatThrownBy(() -> NbdUri.parse("nbd://host/a?timeout=soon")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("timeout=SECONDS");
    }

    /** It says that two thousand million follow, and three bytes do. */
    @Test
    void queriesThatAreNotThereAreNotLookedFor() throws IOException {
        serveOne();
        try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            Wire wire = new Wire(client);
            wire.receive(18);
            wire.send(ByteBuffer.allocate(4).putInt(Nbd.FIXED_NEWSTYLE).flip());
            ask(wire, Nbd.OPT_STRUCTURED_REPLY, ByteBuffer.allocate(0));
            assertThat(replyOf(wire)).isEqualTo(Nbd.REP_ACK);
            ask(wire, Nbd.OPT_SET_META_CONTEXT, ByteBuffer.allocate(11).putInt(0).putInt(Integer.MAX_VALUE).put("abc".getBytes(US_ASCII)).flip());
            assertThat(replyOf(wire)).isEqualTo(Nbd.REP_ERR_INVALID);
        }
    }

    private static void ask(Wire wire, int option, ByteBuffer data) throws IOException {
        wire.send(ByteBuffer.allocate(16).putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(data.remaining()).flip(), data);
    }

    private static int replyOf(Wire wire) throws IOException {
        return wire.receive(20).getInt(12);
    }
}
