package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.vm.ForkedDisk;
import org.lodgevm.vm.guest.GuestCommand;
import org.lodgevm.vm.guest.GuestProcess;
import org.lodgevm.vm.guest.GuestShell;
import org.lodgevm.vm.migration.MigrationLink;

/** Speaks with a machine's process. Each method that starts a conversation of its own has a connection of its own. */
public final class ControlClient {
    private final Path socket;

    /** @param socket where the process listens; nothing happens yet */
    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /**
     * Asks for something that has one answer.
     *
     * @param verb {@code status}, {@code pause}, ...
     * @return the answer's object
     * @throws ControlException if it was refused
     */
    public JsonNode ask(String verb) throws IOException {
        return ask(Wire.object().put("do", verb));
    }

    /** As {@link #ask(String)}, and gives up after a while: a process may be there and not answer. */
    public JsonNode ask(String verb, Duration patience) throws IOException {
        try (Wire wire = connect()) {
            Thread watchdog = Thread.ofVirtual().start(() -> {
                try {
                    TimeUnit.NANOSECONDS.sleep(patience.toNanos());
                    wire.close();
                } catch (InterruptedException answered) {
                    // in time
                }
            });
            try {
                return ask(wire, Wire.object().put("do", verb));
            } finally {
                watchdog.interrupt();
            }
        }
    }

    /** Shuts the guest down. @param timeout how long it may take until its power is cut */
    public JsonNode powerDown(Duration timeout) throws IOException {
        return ask(Wire.object().put("do", "powerdown").put("timeout", (int) timeout.toSeconds()));
    }

    /** Asks the guest to do with so much memory. */
    public void balloon(int mebibytes) throws IOException {
        ask(Wire.object().put("do", "balloon").put("mebibytes", mebibytes));
    }

    /** Has the machine write a snapshot. @param compress to make the file smaller, which takes longer */
    public void snapshot(Path file, boolean compress) throws IOException {
        ask(Wire.object().put("do", "snapshot").put("file", file.toAbsolutePath().toString()).put("compress", compress));
    }

    /** Has the machine describe itself for a copy. @return disks that the copy needs overlays for, in the order in which the machine has them */
    public List<ForkedDisk> share(Path file) throws IOException {
        return Report.disks(ask("share", file).path("disks"));
    }

    /** Has the machine do something with a snapshot: {@code forget}, for instance. */
    public JsonNode ask(String verb, Path file) throws IOException {
        return ask(Wire.object().put("do", verb).put("file", file.toAbsolutePath().toString()));
    }

    private JsonNode ask(ObjectNode request) throws IOException {
        try (Wire wire = connect()) {
            return ask(wire, request);
        }
    }

    /**
     * Moves the machine to another place.
     *
     * @param request options, as {@code docs/control.md} has them
     * @param progress told of each report
     * @throws ControlException if it stays, with the reason
     */
    public void migrate(Map<String, Object> request, Consumer<JsonNode> progress) throws IOException {
        follow("migrate", request, report -> {
            progress.accept(report);
            return true;
        });
    }

    /**
     * Lets memory of a migration follow the machine by a new connection.
     *
     * @return which leads to {@link org.lodgevm.vm.migration.RemoteMemory#recover}
     * @throws ControlException if the machine has not come by it
     */
    public MigrationLink recover(UUID migration) throws IOException {
        Wire wire = connect();
        try {
            ask(wire, Wire.object().put("do", "recover").put("migration", migration.toString()));
            return wire.link();
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    /**
     * Has the machine protected, until that ends or nobody wants to see more of it.
     *
     * @param request options, as {@code docs/control.md} has them
     * @param progress told of each report; says whether to go on
     * @throws ControlException if the machine is not protected, or not any more, with the reason
     */
    public void protect(Map<String, Object> request, Predicate<JsonNode> progress) throws IOException {
        follow("protect", request, progress);
    }

    private void follow(String verb, Map<String, Object> request, Predicate<JsonNode> progress) throws IOException {
        try (Wire wire = connect()) {
            ObjectNode asked = Wire.object().put("do", verb);
            request.forEach((name, value) -> asked.set(name, Wire.tree(value)));
            wire.send(asked);
            for (ObjectNode answer = wire.receive(); answer != null; answer = wire.receive()) {
                if (answer.has("error")) {
                    throw error(answer);
                }
                if (answer.has("ok") || !progress.test(answer.path("progress"))) {
                    return;
                }
            }
            throw new ControlException(Code.STATE, "the machine's process ended in the middle of it; look for the machine at both places");
        }
    }

    /** Attaches to the first serial port. @param scrollback how many bytes of what was written before are wanted */
    public RemoteConsole console(int scrollback) throws IOException {
        Wire wire = connect();
        try {
            ask(wire, Wire.object().put("do", "console").put("scrollback", scrollback));
            return new RemoteConsole(wire);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    /** Commands in the machine's guest. @param patience how long one waits for the guest's agent */
    public GuestShell shell(Duration patience) {
        return command -> start(command, patience);
    }

    private GuestProcess start(GuestCommand command, Duration patience) throws IOException {
        ObjectNode request = Wire.object().put("do", "exec").put("folder", command.directory()).put("wait", (int) patience.toSeconds());
        request.set("command", Wire.tree(command.words()));
        request.set("environment", Wire.tree(command.environment()));
        command.terminal().ifPresent(size -> request.putArray("terminal").add(size.rows()).add(size.columns()));
        Wire wire = connect();
        try {
            ask(wire, request);
            return new RemoteProcess(wire);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    private Wire connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Wire wire = new Wire(channel);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ObjectNode greeting = wire.receive();
            int protocol = greeting == null ? 0 : greeting.path("protocol").asInt();
            if (protocol != ControlServer.PROTOCOL) {
                throw new ControlException(Code.MALFORMED, greeting == null
                        ? "the machine's process has too many connections, or is about to end"
                        : "the machine's process speaks version %d of the protocol, not %d; restart the machine".formatted(protocol, ControlServer.PROTOCOL));
            }
            return wire;
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private static JsonNode ask(Wire wire, ObjectNode request) throws IOException {
        wire.send(request);
        ObjectNode answer = wire.receive();
        if (answer == null) {
            throw new ControlException(Code.STATE, "the machine's process ended before it answered");
        }
        if (answer.has("error")) {
            throw error(answer);
        }
        return answer.path("ok");
    }

    static ControlException error(JsonNode answer) {
        Code code = Code.INTERNAL;
        for (Code known : Code.values()) {
            if (known.name().equals(answer.path("error").path("code").asText())) {
                code = known;
            }
        }
        return new ControlException(code, answer.path("error").path("message").asText());
    }
}
