package org.lodgevm.vm.migration;

import static org.lodgevm.vm.migration.MigrationException.Whereabouts.SOURCE;
import static org.lodgevm.vm.migration.MigrationException.Whereabouts.SPLIT;
import static org.lodgevm.vm.migration.MigrationException.Whereabouts.UNKNOWN;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.lodgevm.machine.DirtyLog;

/** One attempt to move a machine from here to another place. */
public final class MigrationSource {
    private enum Phase {
        /** The machine is ours. */
        COPYING,
        CANCELLED,
        /** Who has the machine is the target's to say. */
        COMMITTED,
        /** The target has it. */
        HANDED_OVER
    }

    /** In which is read what a target said before it closed the connection: that came before its end did. */
    private static final long LAST_WORD_MILLIS = 100;

    private final UUID id = UUID.randomUUID();
    private final MovingMachine machine;
    private volatile MigrationLink.Opener target;
    private final byte[] definition;
    private final MigrationOptions options;
    private volatile Consumer<MigrationProgress> listener;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.COPYING);
    private final Connections connections;
    /** Who runs or recovers this. */
    private final ReentrantLock turn = new ReentrantLock();
    /** Whether the machine ran when this began. */
    private boolean running;
    /** Memory that follows the machine, from when it stands still until all of it is there; or null. */
    private PageServer rest;
    private MemoryCopy copy;
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
        if (phase.get() != Phase.HANDED_OVER) {
            connections.close();
        }
        return cancelled;
    }

    /**
     * Moves the machine. On return it runs there, and has ended here.
     *
     * @throws MigrationException if it does not, with where it is: one that is {@link MigrationException.Whereabouts#SPLIT split} can be {@link #recover recovered}
     */
    public void run() throws MigrationException {
        turn.lock();
        try (connections) {
            running = machine.isRunning();
            machine.rehearse();
            follow(move());
            follow();
        } finally {
            turn.unlock();
        }
        machine.leave();
    }

    /** @return the connection by which the machine was handed over, unless that was lost */
    private MessageStream move() throws MigrationException {
        MessageStream stream = null;
        try {
            stream = connections.open();
            List<ComingDisk> disks = options.storage() ? ComingDisk.all(machine.disks()) : List.of();
            stream.send(MessageType.HELLO, new Hello(id, machine.profile(), options.postcopy(), disks, definition).encode());
            expect(stream, MessageType.ACCEPT);
            connections.join(id, options.connections() - 1);
            try {
                move(stream, disks.stream().mapToLong(ComingDisk::bytes).sum());
            } finally {
                machine.throttle(0);
            }
        } catch (IOException | RuntimeException e) {
            if (phase.get() != Phase.HANDED_OVER) {
                stay(phase.get() == Phase.COPYING ? reason(stream, e) : e);
            }
            machine.say("after the machine was handed over: " + e.getMessage());
        }
        return stream;
    }

    /** A target that gives up while something is sent has said why, if it was not the connection that broke. */
    private static Exception reason(MessageStream stream, Exception failure) {
        if (stream == null || failure instanceof RefusedException) {
            return failure;
        }
        CompletableFuture<Exception> said = new CompletableFuture<>();
        Thread.ofVirtual().name("migration refusal").start(() -> {
            try {
                RefusedException.check(stream.receive());
                said.complete(failure);
            } catch (RefusedException e) {
                said.complete(e);
            } catch (IOException | RuntimeException silent) {
                said.complete(failure);
            }
        });
        return said.completeOnTimeout(failure, LAST_WORD_MILLIS, TimeUnit.MILLISECONDS).join();
    }

    /** @param bytes that disks hold which go along */
    private void move(MessageStream stream, long bytes) throws IOException {
        try (MemoryCopy made = new MemoryCopy(machine, connections.all(), () -> awaitAnswer(stream), options, progress -> listener.accept(progress))) {
            copy = made;
            copy.sendDisks(bytes);
            try (DirtyLog log = machine.logWrites()) {
                copyAndHandOver(stream, log);
            }
        }
    }

    /** Returns when the target has read what was sent before, by the same connection. */
    private static void awaitAnswer(MessageStream stream) throws IOException {
        stream.send(MessageType.ALIVE);
        RefusedException.expect(stream.receive(), MessageType.ALIVE);
    }

    private void copyAndHandOver(MessageStream stream, DirtyLog log) throws IOException {
        boolean whole = copy.converge(log);
        still = new Downtime();
        still.step("pause", machine::pause);
        still.step("last pages", () -> {
            copy.finishDisks();
            if (whole) {
                copy.finish(log);
            } else {
                rest = copy.leave(log);
            }
            connections.finish();
            if (rest != null) {
                rest.announce(stream);
            }
        });
        still.step("state", () -> stream.send(MessageType.STATE, machine.saveState()));
        still.step("output", machine::drainOutput); // while the target gets ready
        still.step("target", () -> expect(stream, MessageType.READY));
        still.step("disks", machine::releaseDisks);
        if (!phase.compareAndSet(Phase.COPYING, Phase.COMMITTED)) {
            throw new IOException("the migration was cancelled");
        }
        still.step("handover", () -> commit(stream));
        handOver();
    }

    /** Beyond here the target decides. @throws RefusedException if it does not take the machine */
    private void commit(MessageStream stream) throws IOException {
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

    private void handOver() {
        phase.set(Phase.HANDED_OVER);
        if (rest != null) {
            machine.handOver();
        }
        machine.say("the machine is there, and stood still for " + still);
        copy.moved(still.soFar());
    }

    private void expect(MessageStream stream, MessageType type) throws IOException {
        RefusedException.expect(rest == null ? stream.receive() : rest.serve(stream), type);
    }

    /** The guest goes on here, if it is known that it does not elsewhere. */
    private void stay(Exception why) throws MigrationException {
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

    // ---- what follows -----------------------------------------------------------------------------------------------------

    /**
     * Goes on after {@link #run} has failed and the machine is {@link MigrationException.Whereabouts#SPLIT split}, or it is
     * {@link MigrationException.Whereabouts#UNKNOWN not known} where it is.
     *
     * @param way by which the target can be reached now
     * @param progress told of progress from now on
     * @throws IllegalStateException if there is nothing to be recovered
     */
    public void recover(MigrationLink.Opener way, Consumer<MigrationProgress> progress) throws MigrationException {
        if (!turn.tryLock()) {
            throw new IllegalStateException("the migration is under way, and tries for a while to recover by itself");
        }
        try {
            goOn(way, progress);
        } finally {
            turn.unlock();
        }
        machine.leave();
    }

    /** Whether the machine may be elsewhere, and does not run here: it has to be {@link #recover recovered}, or somebody who knows has to resume it. Any thread. */
    public boolean isUnsettled() {
        return !machine.isRunning() && (phase.get() == Phase.COMMITTED || phase.get() == Phase.HANDED_OVER);
    }

    private void goOn(MigrationLink.Opener way, Consumer<MigrationProgress> progress) throws MigrationException {
        if (!isUnsettled()) {
            throw new IllegalStateException("the machine is here, and there is no migration to be recovered");
        }
        target = way;
        listener = progress;
        if (phase.get() == Phase.COMMITTED) {
            try {
                Settlement.await(way, id, options.patience());
                handOver();
            } catch (IOException e) {
                stay(e);
            }
        }
        follow();
    }

    /** Sends memory that the machine has left behind, by new connections, until the target has all. */
    private void follow() throws MigrationException {
        long since = System.nanoTime();
        while (rest != null) {
            try (MigrationLink link = target.open()) {
                MessageStream stream = new MessageStream(link);
                stream.send(MessageType.RECOVER, Hello.ask(id));
                RefusedException.expect(stream.receive(), MessageType.ACCEPT);
                follow(stream);
                since = System.nanoTime();
            } catch (IOException e) {
                if (System.nanoTime() - since > options.patience().toNanos()) {
                    throw split(e);
                }
                Settlement.rest();
            }
        }
    }

    /** The same by one connection, as long as it holds. */
    private void follow(MessageStream stream) throws MigrationException {
        try {
            if (rest != null) {
                copy.beginRate();
                expect(stream, MessageType.END);
                rest = null;
            }
        } catch (MalformedStreamException | RuntimeException e) {
            throw split(e);
        } catch (IOException e) {
            machine.say("the connection by which memory follows the machine broke: " + e.getMessage());
        }
    }

    private MigrationException split(Exception why) {
        return new MigrationException(SPLIT, "it runs there, but %d pages of its memory are here and cannot follow: %s; when the target can be reached, use --recover".formatted(
                rest.left(), why.getMessage()), why);
    }
}
