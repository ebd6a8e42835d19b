package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.vm.DeviceSpec;
import org.lodgevm.vm.ForkedDisk;
import org.lodgevm.vm.Machine;
import org.lodgevm.vm.MachineException;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.migration.RemoteMemory;
import org.lodgevm.vm.snapshot.Compression;
import org.lodgevm.vm.snapshot.SnapshotException;
import org.lodgevm.vm.snapshot.SnapshotFile;

/** What one client wants, request by request. */
final class Session implements AutoCloseable {
    private static final int MOST_SECONDS = 24 * 60 * 60;
    private static final int MEBIBYTE = 20;
    /** How long a guest may take to shut down before its power is cut, unless the client says. */
    private static final int PATIENCE = 30;

    private final ControlServer server;
    private final Wire wire;
    private volatile boolean busy;

    Session(ControlServer server, Wire wire) {
        this.server = server;
        this.wire = wire;
    }

    /** Whether the client waits for an answer. */
    boolean isBusy() {
        return busy;
    }

    void run() {
        try (wire) {
            converse();
        } catch (IOException gone) {
            // so is the client
        } finally {
            busy = false;
        }
    }

    private void converse() throws IOException {
        wire.send(Wire.object().put("protocol", ControlServer.PROTOCOL).put("machine", server.home().name()));
        try {
            boolean more = true;
            while (more) {
                busy = false;
                server.answered();
                ObjectNode received = wire.receive();
                busy = true;
                more = received != null && handle(new Request(received));
            }
        } catch (ControlException malformed) {
            refuse(malformed); // and no more is read: who knows where the next request begins
        }
    }

    private void refuse(ControlException why) {
        try {
            ObjectNode answer = Wire.object();
            answer.putObject("error").put("code", why.code().name()).put("message", why.getMessage());
            wire.send(answer);
        } catch (IOException gone) {
            // nobody to be told
        }
    }

    /** @return whether the client may ask for something else on this connection */
    private boolean handle(Request request) throws IOException {
        try {
            String verb = request.text("do");
            switch (verb) {
                case "console" -> new ConsoleSession(wire, machine()).run(request);
                case "migrate" -> new MigrateSession(wire, machine(), server).run(request);
                case "recover" -> recover(request);
                case "protect" -> new ProtectSession(wire, machine(), server).run(request);
                case "exec" -> new ExecSession(wire, guest()).run(request);
                default -> {
                    wire.send(Wire.object().set("ok", answer(verb, request)));
                    return true;
                }
            }
            return false;
        } catch (ControlException e) {
            if (e.code() == Code.MALFORMED) {
                throw e;
            }
            refuse(e);
        } catch (IllegalArgumentException | IllegalStateException | MachineException e) {
            refuse(new ControlException(Code.STATE, e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    private ObjectNode answer(String verb, Request request) throws IOException, InterruptedException {
        return switch (verb) {
            case "status" -> status();
            case "inspect" -> withRest(Report.inspect(machine(), server.published()));
            case "pause" -> after(Machine::pause);
            case "resume" -> after(Machine::resume);
            case "reset" -> after(Machine::reset);
            case "nmi" -> after(Machine::nmi);
            case "announce" -> after(Machine::announce);
            case "balloon" -> balloon(request);
            case "stop" -> after(Machine::stop);
            case "unprotect" -> {
                server.unprotect();
                yield Report.status(server.machine());
            }
            case "snapshot" -> snapshot(file -> machine().snapshot(file, request.flag("compress") ? Compression.ZSTD : Compression.NONE), request);
            case "share" -> {
                List<ForkedDisk> disks = new ArrayList<>();
                ObjectNode status = snapshot(file -> disks.addAll(machine().share(file, server.home().path(), this::moveDisk)), request);
                status.set("disks", Report.disks(disks));
                yield status;
            }
            case "forget" -> snapshot(file -> machine().forget(SnapshotFile.open(file)), request);
            case "powerdown" -> {
                PowerSwitch.powerDown(machine(), Duration.ofSeconds(request.number("timeout", PATIENCE, MOST_SECONDS)));
                yield Report.status(server.machine());
            }
            case "wait" -> {
                machine().await();
                yield Report.status(server.machine());
            }
            default -> throw new ControlException(Code.MALFORMED, "there is nothing called '%s' to do".formatted(verb));
        };
    }

    private ObjectNode balloon(Request request) throws ControlException, InterruptedException {
        Machine machine = machine();
        if (request.has("mebibytes")) {
            long memory = machine.spec().memory();
            long left = (long) request.number("mebibytes", 0, Integer.MAX_VALUE) << MEBIBYTE;
            if (left > memory) {
                throw new ControlException(Code.STATE, "machine %s has %d MiB of memory, and its guest cannot have more; give it more when it does not run".formatted(
                        machine.spec().name(), memory >> MEBIBYTE));
            }
            machine.balloon().target(memory - left);
        }
        return Report.balloon(machine);
    }

    private ObjectNode status() {
        ObjectNode status = server.arrival().map(Report::status).orElseGet(() -> withRest(Report.status(server.machine())));
        server.protection().ifPresent(protection -> status.set("protection", Report.progress(protection.progress())));
        return status;
    }

    private ObjectNode withRest(ObjectNode status) {
        server.rest().ifPresent(rest -> Report.add(status, rest));
        return status;
    }

    /** What follows the answer is the migration's own. */
    private void recover(Request request) throws IOException {
        String wanted = request.text("migration");
        RemoteMemory rest = server.rest().filter(memory -> memory.id().toString().equals(wanted))
                .orElseThrow(() -> new ControlException(Code.STATE, "memory of migration %s does not follow to here".formatted(wanted)));
        wire.send(Wire.object().set("ok", Wire.object()));
        rest.recover(wire.link());
    }

    private interface Use {
        void of(Path file) throws SnapshotException, ControlException;
    }

    private ObjectNode snapshot(Use use, Request request) throws ControlException {
        Path file = Path.of(request.text("file"));
        if (!file.isAbsolute()) {
            throw new ControlException(Code.MALFORMED, "'file' is no absolute path");
        }
        try {
            use.of(file);
        } catch (SnapshotException e) {
            throw new ControlException(Code.STATE, e.getMessage());
        }
        return Report.status(server.machine());
    }

    private void moveDisk(DeviceSpec.Disk from, DeviceSpec.Disk to) {
        try {
            server.home().moveDisk(from.image(), to.image());
        } catch (RuntimeException e) {
            throw new MachineException("the machine cannot be forked: " + e.getMessage(), e);
        }
    }

    private interface Change {
        void apply(Machine machine);
    }

    private ObjectNode after(Change change) throws ControlException {
        change.apply(machine());
        return Report.status(server.machine());
    }

    private Machine machine() throws ControlException {
        return server.machine().orElseThrow(() -> new ControlException(Code.STATE, server.arrival().isEmpty()
                ? "the machine is starting; try again in a moment"
                : "the machine is not here, but where it comes from; there, lodge migrate can be interrupted, and lodge protect --stop ends a protection"));
    }

    private Guest guest() throws ControlException {
        if (!PowerSwitch.hasAgent(machine())) {
            throw new ControlException(Code.GUEST, "the machine has no port for an agent");
        }
        if (machine().state() == Machine.State.PAUSED) {
            throw new ControlException(Code.STATE, "the machine is paused; resume it first");
        }
        if (machine().state() == Machine.State.HANDED_OVER) {
            throw new ControlException(Code.STATE, "the machine runs at another place");
        }
        return machine().guest();
    }

    @Override
    public void close() {
        wire.close();
    }
}
