package org.lodgevm.vm.migration;

import static org.lodgevm.vm.migration.MigrationException.Whereabouts.SOURCE;
import static org.lodgevm.vm.migration.MigrationException.Whereabouts.UNKNOWN;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.lodgevm.machine.DirtyLog;

/** One attempt to move a machine from here to another place. */
public final class MigrationSource {
    private enum Phase {
        /** The machine is ours. */
        COPYING,
        CANCELLED,
        /** Who has the machine is the target's to say. */
        COMMITTED
    }

    private final UUID id = UUID.randomUUID();
    private final MovingMachine machine;
    private final MigrationLink.Opener target;
    private final byte[] definition;
    private final MigrationOptions options;
    private final Consumer<MigrationProgress> listener;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.COPYING);
    private final Connections connections;
    /** Null as long as the machine runs. */
    private Downtime still;

    /**
     * @param target asked for a connection when the migration begins, and again when its outcome is in doubt
     * @param definition for whoever builds the machine there
     * @param listener told of progress, on the thread that sends
     */
    public MigrationSource(MovingMachine machine, MigrationLink.Opener target, byte[] definition, MigrationOptions options,
            Consumer<MigrationProgress> listener) {
        this.machine = machine;
        this.target = target;
        this.connections = new Connections(target);
        this.definition = definition.clone();
        this.options = options;
        this.listener = listener;
    }

    /** Gives up, from any thread, unless the machine has been handed over. @return whether it stays */
    public boolean cancel() {
        boolean cancelled = phase.compareAndSet(Phase.COPYING, Phase.CANCELLED);
        connections.close();
        return cancelled;
    }

    /** Moves the machine. On return it runs there, and has ended here. @throws MigrationException if it does not, with where it is */
    public void run() throws MigrationException {
        boolean running = machine.isRunning();
        machine.rehearse();
        try (connections) {
            MessageStream stream = connections.open();
            stream.send(MessageType.HELLO, new Hello(id, machine.profile(), definition).encode());
            expect(stream, MessageType.ACCEPT);
            connections.join(id, options.connections() - 1);
            try (DirtyLog log = machine.logWrites()) {
                move(stream, log, running);
            } finally {
                machine.throttle(0);
            }
        } catch (IOException | RuntimeException e) {
            stay(running, e);
        }
        machine.leave();
    }

    private void move(MessageStream stream, DirtyLog log, boolean running) throws IOException {
        try (MemoryCopy copy = new MemoryCopy(machine, connections.all(), options, listener)) {
            move(stream, log, copy, running);
        }
    }

    private void move(MessageStream stream, DirtyLog log, MemoryCopy copy, boolean running) throws IOException {
        copy.converge(log);
        still = new Downtime();
        still.step("pause", machine::pause);
        still.step("last pages", () -> {
            copy.finish(log);
            connections.finish();
        });
        still.step("state", () -> stream.send(MessageType.STATE, machine.saveState()));
        still.step("output", machine::drainOutput); // while the target gets ready
        still.step("target", () -> expect(stream, MessageType.READY));
        still.step("disks", machine::releaseDisks);
        if (!phase.compareAndSet(Phase.COPYING, Phase.COMMITTED)) {
            throw new IOException("the migration was cancelled");
        }
        still.step("handover", () -> commit(stream, running));
        machine.say("the machine is there, and stood still for " + still);
        listener.accept(copy.progress(still.soFar()));
    }

    /** Beyond here the target decides. @throws RefusedException if it does not take the machine */
    private void commit(MessageStream stream, boolean running) throws IOException {
        try {
            stream.send(MessageType.COMMIT, (byte) (running ? 1 : 0));
            expect(stream, MessageType.TAKEN);
        } catch (RefusedException e) {
            throw e;
        } catch (IOException lost) {
            try {
                Settlement.await(target, id, options.patience());
            } catch (SilenceException unanswered) {
                throw new IOException("the connection was lost when the machine was handed over (%s), and %s".formatted(lost.getMessage(), unanswered.getMessage()), unanswered);
            }
        }
    }

    private static void expect(MessageStream stream, MessageType type) throws IOException {
        RefusedException.expect(stream.receive(), type);
    }

    /** The guest goes on here, if it is known that it does not elsewhere. */
    private void stay(boolean running, Exception why) throws MigrationException {
        boolean committed = phase.get() == Phase.COMMITTED;
        if (committed && !(why instanceof RefusedException)) {
            throw new MigrationException(UNKNOWN, "it is not known whether the target runs the machine, which stays paused here: " + why.getMessage(), why);
        }
        String reason = phase.get() == Phase.CANCELLED ? "the migration was cancelled" : why.getMessage();
        try {
            if (still != null) {
                machine.acquireDisks(); // which it may have let go of
            }
        } catch (IOException e) {
            throw new MigrationException(SOURCE, "the machine was not moved (%s), and stays paused here, as its disks cannot be opened again: %s".formatted(
                    reason, e.getMessage()), e);
        }
        if (running) {
            machine.resume();
        }
        throw new MigrationException(SOURCE, reason, why);
    }
}
