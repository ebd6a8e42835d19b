package org.lodgevm.manage.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.Outcome;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.vm.guest.GuestShell;
import org.lodgevm.vm.migration.Arrival;

/** Clients of a machine whose guest echoes what is typed on its serial port, and has no agent. */
class ControlTest {
    private static final int ROM_SIZE = 0x1_0000;
    private static final int RESET_VECTOR = 0xfff0;

    @TempDir
    private Path folder;

    private final List<String> moves = new ArrayList<>();
    private Path socket;
    private ControlServer server;
    private Machine machine;
    private ControlClient client;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("control.sock");
        server = new ControlServer(socket, home());
        client = new ControlClient(socket);
        machine = Machine.builder().bios(BootFile.of("echo", guest())).memory(1 << 20).device(new DeviceSpec.Agent()).device(new DeviceSpec.Balloon()).build();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        machine.close();
    }

    private Home home() {
        return new Home() {
            @Override
            public String name() {
                return "web";
            }

            @Override
            public Path path() {
                return folder;
            }

            @Override
            public byte[] pack() {
                return new byte[0];
            }

            @Override
            public void moveDisk(String from, String to) {
                moves.add(from + " " + to);
            }
        };
    }

    @Test
    void whatCannotBeIsSaid() {
        run();
        assertThatThrownBy(() -> client.migrate(Map.of("to", "tcp://localhost:1", "connections", 17), progress -> {}))
                .isInstanceOf(ControlException.class).hasMessageContaining("'connections'").hasMessageContaining("16");
        assertThatThrownBy(() -> client.migrate(Map.of("to", "tcp://localhost:1", "connections", 0), progress -> {}))
                .isInstanceOf(ControlException.class).hasMessageContaining("1 to 16 connections");
        assertThatThrownBy(() -> client.ask("dance")).isInstanceOf(ControlException.class).hasMessageContaining("'dance'");
    }

    @Test
    void theHostMayAskForMemory() throws IOException {
        run();
        client.balloon(0);
        assertThat(client.ask("balloon").toString()).isEqualTo("{\"memory\":1048576,\"wanted\":1048576,\"lent\":0,\"statistics\":{}}");
        client.balloon(1);
        assertThat(client.ask("balloon").path("wanted").asLong()).isZero();
        assertThatThrownBy(() -> client.balloon(2)).isInstanceOf(ControlException.class).hasMessageContaining("has 1 MiB of memory, and its guest cannot have more");
    }

    @Test
    void whatWasNotMovedIsNotRecovered() {
        run();
        assertThatThrownBy(() -> client.migrate(Map.of("to", "tcp://localhost:1", "recover", true), progress -> {})).hasMessageContaining("nothing to be recovered");
        UUID migration = UUID.randomUUID();
        assertThatThrownBy(() -> client.recover(migration)).isInstanceOf(ControlException.class).hasMessageContaining(migration + " does not follow to here");
        assertThatThrownBy(() -> client.migrate(Map.of("to", "tcp://localhost:1", "postcopy", 1), progress -> {})).hasMessageContaining("'postcopy'");
    }

    @Test
    void aMachineThatComesFromElsewhereIsNotHereYet() throws IOException {
        AtomicReference<Arrival> progress = new AtomicReference<>(new Arrival(0, 12));
        server.arriving(progress::get);
        assertThat(client.ask("status").path("state").asText()).isEqualTo("arriving");
        assertThat(client.ask("status").path("arrival").path("bytes").asLong()).isEqualTo(12);
        progress.set(new Arrival(7, 34));
        assertThat(client.ask("status").path("state").asText()).isEqualTo("standby");
        assertThat(client.ask("status").path("arrival").path("checkpoint").asLong()).isEqualTo(7);
        assertThatThrownBy(() -> client.ask("pause")).hasMessageContaining("is not here, but where it comes from");
        run();
        assertThat(client.ask("status").path("state").asText()).isEqualTo("running");
        assertThat(client.ask("status").has("arrival")).isFalse();
    }

    private void run() {
        machine.start();
        server.machine(machine, List.of("127.0.0.1:8080:80"));
    }

    /** Waits for a character and sends it back. */
    private static byte[] guest() {
        byte[] rom = new byte[ROM_SIZE];
        byte[] code = HexFormat.of().parseHex(""
                + "bafd03" // wait: mov dx,3fdh (COM1's LSR)
                + "ec" // in al,dx
                + "2401" // and al,1 (data ready)
                + "74f8" // jz wait
                + "baf803" // mov dx,3f8h
                + "ec" // in al,dx
                + "ee" // out dx,al
                + "ebf1"); // jmp wait
        byte[] reset = HexFormat.of().parseHex("e90d00"); // jmp wait
        System.arraycopy(code, 0, rom, 0, code.length);
        System.arraycopy(reset, 0, rom, RESET_VECTOR, reset.length);
        return rom;
    }

    @Test
    void itsStateIsToldAndChanged() throws Exception {
        assertThat(client.ask("status").get("state").asText()).isEqualTo("starting");
        assertThatThrownBy(() -> client.ask("pause")).isInstanceOf(ControlException.class).hasMessageContaining("is starting");
        run();
        assertThat(client.ask("status").get("state").asText()).isEqualTo("running");
        assertThat(client.ask("pause").get("state").asText()).isEqualTo("paused");
        assertThat(machine.state()).isEqualTo(Machine.State.PAUSED);
        assertThatThrownBy(() -> client.shell(Duration.ZERO).exec("true")).hasMessageContaining("is paused");
        assertThat(client.ask("resume").get("state").asText()).isEqualTo("running");
        assertThat(client.ask("inspect").get("published").get(0).asText()).isEqualTo("127.0.0.1:8080:80");
        assertThat(client.ask("inspect").get("devices").get(0).get("device").asText()).isEqualTo("agent");
        assertThat(client.ask("stop").get("outcome").asText()).isEqualTo("stopped");
    }

    @Test
    void aGuestThatDoesNotShutDownLosesItsPower() throws Exception {
        run();
        assertThat(client.powerDown(Duration.ZERO).get("state").asText()).isEqualTo("stopped");
        assertThat(machine.await()).isEqualTo(new Outcome.Stopped());
    }

    @Test
    void whoeverWaitsIsToldTheEnd() throws Exception {
        run();
        CompletableFuture<String> end = CompletableFuture.supplyAsync(() -> {
            try {
                return client.ask("wait").get("state").asText();
            } catch (IOException e) {
                return e.toString();
            }
        });
        client.ask("stop");
        assertThat(end.get()).isEqualTo("stopped");
    }

    @Test
    void severalClientsShareTheConsole() throws Exception {
        run();
        try (RemoteConsole one = client.console(0);
                RemoteConsole other = client.console(0)) {
            one.send("hi".getBytes(UTF_8), 2);
            assertThat(shown(one, 2)).isEqualTo("hi");
            assertThat(shown(other, 2)).isEqualTo("hi");
        }
        try (RemoteConsole late = client.console(1)) {
            assertThat(shown(late, 1)).isEqualTo("i");
            client.ask("stop");
            assertThat(late.show(OutputStream.nullOutputStream())).isEqualTo("stopped");
        }
    }

    private static String shown(RemoteConsole console, int length) {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        try {
            console.show(new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    screen.write(value);
                    if (screen.size() == length) {
                        throw new IOException("enough");
                    }
                }
            });
        } catch (IOException enough) {
            // as wanted
        }
        return screen.toString(UTF_8);
    }

    @Test
    void aGuestWithoutAnAgentRunsNoCommands() {
        run();
        GuestShell shell = client.shell(Duration.ZERO);
        assertThatThrownBy(() -> shell.exec("true")).isInstanceOf(ControlException.class).hasMessageContaining("no agent answers");
    }

    @Test
    void onlyItsOwnerMayConnect() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
    }

    @Test
    void aSocketThatADeadProcessLeftIsReplaced() throws IOException {
        server.close();
        Files.writeString(socket, "stale");
        server = new ControlServer(socket, home());
        assertThat(client.ask("status").get("state").asText()).isEqualTo("starting");
    }

    @Test
    void thereAreOnlySoManyConnections() throws Exception {
        SocketChannel[] connections = new SocketChannel[ControlServer.MOST_CONNECTIONS];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = connect();
            connections[i].read(ByteBuffer.allocate(1)); // taken
        }
        assertThatThrownBy(() -> client.ask("status")).hasMessageContaining("too many connections");
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    /** Whatever a client sends, the next one is served. */
    @Test
    void nonsenseHarmsNobodyElse() throws Exception {
        run();
        Random random = new Random(Long.getLong("lodge.fuzz.seed", 1));
        String[] pieces = {
            "{", "}", "[", "]", "\"", ":", ",", "\n", "\\", "\0", "\u00ff", "1", "-1", "1e999", "null", "true",
            "{\"do\":\"status\"}\n", "{\"do\":\"console\"}\n", "{\"do\":\"console\",\"port\":4}\n", "{\"do\":\"console\",\"scrollback\":-1}\n",
            "{\"input\":\"AAAA\"}\n", "{\"input\":\"*\"}\n", "{\"input\":7}\n", "{\"do\":\"exec\"}\n", "{\"do\":\"exec\",\"wait\":0,\"command\":[\"true\"]}\n",
            "{\"do\":\"exec\",\"wait\":0,\"command\":[7]}\n", "{\"do\":\"exec\",\"wait\":0,\"command\":[]}\n",
            "{\"do\":\"exec\",\"wait\":0,\"command\":[\"x\"],\"environment\":{\"a-b\":\"\"}}\n",
            "{\"do\":\"exec\",\"wait\":0,\"command\":[\"x\"],\"terminal\":[0,0]}\n", "{\"do\":\"powerdown\",\"timeout\":-1}\n", "{\"do\":[]}\n", "{\"do\":\"fly\"}\n"
        };
        for (int i = 0; i < 300; i++) {
            try (SocketChannel channel = connect()) {
                OutputStream out = Channels.newOutputStream(channel);
                for (int count = random.nextInt(12); count >= 0; count--) {
                    out.write(pieces[random.nextInt(pieces.length)].getBytes(UTF_8));
                }
                if (random.nextBoolean()) {
                    channel.shutdownOutput();
                    InputStream in = Channels.newInputStream(channel);
                    in.transferTo(OutputStream.nullOutputStream());
                }
            } catch (IOException cutOff) {
                // as it deserves
            }
        }
        assertThat(client.ask("status").get("state").asText()).isEqualTo("running");
    }

    @Test
    void aLineWithoutEndIsCutOff() throws Exception {
        try (SocketChannel channel = connect()) {
            OutputStream out = Channels.newOutputStream(channel);
            byte[] piece = new byte[1 << 20];
            assertThatThrownBy(() -> {
                for (int sent = 0; sent <= 2 * Wire.LONGEST; sent += piece.length) {
                    out.write(piece);
                }
            }).isInstanceOf(IOException.class);
        }
        assertThat(client.ask("status").get("state").asText()).isEqualTo("starting");
    }
}
