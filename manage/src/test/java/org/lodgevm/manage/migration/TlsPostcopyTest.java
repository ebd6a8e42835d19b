package org.lodgevm.manage.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineBuilder;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.vm.migration.Decisions;
import org.lodgevm.vm.migration.Gathering;
import org.lodgevm.vm.migration.MigrationException;
import org.lodgevm.vm.migration.MigrationException.Whereabouts;
import org.lodgevm.vm.migration.MigrationLink;
import org.lodgevm.vm.migration.MigrationOptions;
import org.lodgevm.vm.migration.MigrationProgress;
import org.lodgevm.vm.migration.MigrationSource;
import org.lodgevm.vm.migration.MigrationTarget;
import org.lodgevm.vm.migration.RemoteMemory;

/** A guest whose memory follows it by TLS, over TCP connections that are cut in the middle of a record. */
@Timeout(120)
class TlsPostcopyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Bytes a second: less than the guest writes, so that memory has to follow. */
    private static final long RATE = 600_000;
    private static final int ROM_SIZE = 0x1_0000;
    private static final int RESET_VECTOR = 0xfff0;

    @TempDir
    static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new Certificates(folder);
        certificates.authority("ca");
        certificates.certificate("server", "ca", "ec", "IP:127.0.0.1", 2);
        certificates.certificate("client", "ca", "ec", "DNS:client.example", 2);
    }

    /** Counts in each of 128 pages, says a point after 256 rounds, and an X if a page has another count than those before it. */
    private static byte[] guest() {
        byte[] rom = new byte[ROM_SIZE];
        byte[] code = HexFormat.of().parseHex(""
                + "31db" // xor bx,bx
                + "b90010" // round: mov cx,1000h
                + "8ec1" // page: mov es,cx
                + "26391e0000" // cmp es:[0],bx
                + "7518" // jne wrong
                + "26ff060000" // inc word es:[0]
                + "81c10001" // add cx,100h
                + "81f90090" // cmp cx,9000h
                + "72e8" // jb page
                + "43" // inc bx
                + "08db" // or bl,bl
                + "75e0" // jnz round
                + "b02e" // mov al,'.'
                + "eb02" // jmp say
                + "b058" // wrong: mov al,'X'
                + "baf803" // say: mov dx,3f8h (COM1)
                + "ee" // out dx,al
                + "ebd4"); // jmp round
        byte[] reset = HexFormat.of().parseHex("e90d00"); // jmp 0
        System.arraycopy(code, 0, rom, 0, code.length);
        System.arraycopy(reset, 0, rom, RESET_VECTOR, reset.length);
        return rom;
    }

    private static MachineBuilder machine(UUID uuid, ByteArrayOutputStream said) {
        return Machine.builder().uuid(uuid).bios(BootFile.of("counts", guest())).memory(1 << 20).accelerator("interpreter").serial(0, null, said);
    }

    /** What leads to one place by TLS, of which a test cuts connections. */
    private static final class Way implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final int place;
        /** Bytes after which connections are cut that are made from now on; those behind are not. */
        private final Queue<Integer> cuts = new ConcurrentLinkedQueue<>();
        private final List<Socket> open = new CopyOnWriteArrayList<>();
        private final AtomicInteger connections = new AtomicInteger();

        Way(int place) throws IOException {
            this.place = place;
            Thread.ofVirtual().start(() -> accept(server, this::pass));
        }

        TcpAddress address() {
            return new TcpAddress("127.0.0.1", server.getLocalPort());
        }

        private void pass(Socket from) {
            connections.incrementAndGet();
            int length = Optional.ofNullable(cuts.poll()).orElse(Integer.MAX_VALUE);
            try (from; Socket to = new Socket(server.getInetAddress(), place)) {
                open.addAll(List.of(from, to));
                Thread.ofVirtual().start(() -> copy(to, from, Integer.MAX_VALUE));
                copy(from, to, length);
            } catch (IOException e) {
                // both sides notice
            }
        }

        private static void copy(Socket from, Socket to, int length) {
            try {
                byte[] bytes = new byte[1000];
                int left = length;
                for (int read = 0; left > 0 && read >= 0; left -= read) {
                    read = from.getInputStream().read(bytes, 0, Math.min(bytes.length, left));
                    to.getOutputStream().write(bytes, 0, Math.max(read, 0));
                }
            } catch (IOException e) {
                // both sides notice
            }
        }

        /** Ends all connections, wherever they are in what they say. */
        void cut() throws IOException {
            for (Socket each : open) {
                each.close();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            cut();
        }
    }

    private interface Receiver {
        void receive(Socket socket) throws IOException;
    }

    /** Until the server is closed. */
    private static void accept(ServerSocket server, Receiver receiver) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> {
                    try {
                        receiver.receive(socket);
                    } catch (IOException e) {
                        // whom it concerns notices
                    }
                });
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    /** Where machines come to, as {@code lodge serve-migration} has it. */
    private static final class Target implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final Tls tls = certificates.tls("server", "ca");
        private final Decisions decisions = Decisions.inMemory();
        private final Gathering gathering = new Gathering(id -> within(this::recover));
        private final UUID uuid;
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();
        private final CompletableFuture<Machine> arrived = new CompletableFuture<>();
        private volatile RemoteMemory rest;

        Target(UUID uuid) throws IOException {
            this.uuid = uuid;
            Thread.ofVirtual().start(() -> accept(server, this::serve));
        }

        private void serve(Socket accepted) throws IOException {
            try (accepted; Socket secure = tls.accept(accepted, PATIENCE)) {
                gathering.serve(MigrationLink.of(secure.getInputStream(), secure.getOutputStream()), () -> within(this::receive));
            }
        }

        /** A link whose other end somebody else has. */
        private static MigrationLink within(Receiver receiver) throws IOException {
            try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Socket one = new Socket(once.getInetAddress(), once.getLocalPort());
                Socket other = once.accept();
                Thread.ofVirtual().start(() -> {
                    try {
                        receiver.receive(other);
                    } catch (IOException e) {
                        // the source notices
                    }
                });
                return MigrationLink.of(one, PATIENCE);
            }
        }

        private void receive(Socket socket) throws IOException {
            MigrationTarget target = new MigrationTarget(MigrationLink.of(socket, PATIENCE), decisions);
            Machine[] made = new Machine[1];
            if (target.run(hello -> {
                made[0] = machine(uuid, said).incoming().build();
                return made[0].arriving();
            })) {
                rest = target.rest().orElse(null);
                arrived.complete(made[0]);
            }
        }

        private void recover(Socket socket) throws IOException {
            try (MigrationLink link = MigrationLink.of(socket, PATIENCE)) {
                rest.recover(link);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static MigrationSource migration(Machine machine, Way way, Duration patience, Predicate<MigrationProgress> cut) throws IOException {
        Tls tls = certificates.tls("client", "ca");
        MigrationOptions options = new MigrationOptions(RATE, Duration.ZERO, false, false, true, true, false, 1, patience);
        return machine.migration(() -> way.address().connect(PATIENCE, PATIENCE, Optional.of(tls)), new byte[0], options, progress -> {
            if (progress.downtime().isPositive() && cut.test(progress)) {
                try {
                    way.cut();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
    }

    private static int rounds(Target target) {
        return target.said.toString(StandardCharsets.ISO_8859_1).length();
    }

    private static void assertWhole(Machine source, Target target, Machine there) throws Exception {
        assertThat(source.state()).isEqualTo(Machine.State.ENDED);
        assertThat(target.rest.pagesLeft()).isZero();
        assertThat(there.state()).isEqualTo(Machine.State.RUNNING);
        for (int before = rounds(target); rounds(target) == before; ) {
            Thread.sleep(10); // it runs on, over all pages
        }
        assertThat(target.said.toString(StandardCharsets.ISO_8859_1)).matches("\\.+");
    }

    @Test
    void memoryFollowsByFurtherConnectionsWhenOneIsCut() throws Exception {
        UUID uuid = UUID.randomUUID();
        try (Target target = new Target(uuid); Way way = new Way(target.server.getLocalPort());
                Machine source = machine(uuid, new ByteArrayOutputStream()).build()) {
            source.start();
            boolean[] done = new boolean[1];
            migration(source, way, PATIENCE, progress -> {
                if (done[0] || progress.remaining() == 0) {
                    return false;
                }
                way.cuts.addAll(List.of(50_001, 700, 30_003)); // in pages, in the handshake, in pages
                done[0] = true;
                return true;
            }).run();
            try (Machine there = target.arrived.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                assertThat(way.cuts).isEmpty();
                assertThat(way.connections).hasValue(5);
                assertWhole(source, target, there);
            }
        }
    }

    @Test
    void aMachineWhoseSourceIsOutOfReachIsRecovered() throws Exception {
        UUID uuid = UUID.randomUUID();
        try (Target target = new Target(uuid); Way way = new Way(target.server.getLocalPort());
                Machine source = machine(uuid, new ByteArrayOutputStream()).build()) {
            source.start();
            MigrationSource migration = migration(source, way, Duration.ofMillis(300), progress -> {
                for (int i = 0; i < 1000; i++) {
                    way.cuts.add(0); // whoever comes
                }
                return true;
            });
            MigrationException split = catchThrowableOfType(MigrationException.class, migration::run);
            assertThat(split.whereabouts()).isEqualTo(Whereabouts.SPLIT);
            try (Machine there = target.arrived.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                assertThat(target.rest.pagesLeft()).isPositive();
                way.cuts.clear();
                Tls tls = certificates.tls("client", "ca");
                migration.recover(() -> way.address().connect(PATIENCE, PATIENCE, Optional.of(tls)), progress -> {});
                assertWhole(source, target, there);
            }
        }
    }
}
