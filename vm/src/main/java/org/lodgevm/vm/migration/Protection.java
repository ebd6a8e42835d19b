package org.lodgevm.vm.migration;

import static org.lodgevm.vm.migration.MigrationException.Whereabouts.SOURCE;
import static org.lodgevm.vm.migration.MigrationException.Whereabouts.TARGET;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.lodgevm.machine.DirtyLog;

/**
 * Keeps another place ready to go on with a machine when this one is gone: sends checkpoints, and lets nothing out that the last acknowledged one does
 * not know of.
 */
public final class Protection {
    /** Of writes to disks; with more the CPUs wait for the next checkpoint. */
    private static final long MOST_HELD = 64 << 20;

    private final UUID id = UUID.randomUUID();
    private final ProtectedMachine machine;
    private final MigrationLink.Opener standby;
    private final byte[] definition;
    private final ProtectionOptions options;
    private final Consumer<ProtectionProgress> listener;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile MigrationLink link;
    private volatile boolean stopping;
    /** Null until the first checkpoint. */
    private volatile HeldOutput held;
    private volatile ProtectionProgress progress;
    private Outbox outbox;
    private Inbox inbox;
    private MemoryCopy copy;
    private long number;
    private Duration pause = Duration.ZERO;

    /**
     * @param standby asked for a connection at the beginning, and again when it is in doubt who has the machine
     * @param definition for whoever builds the machine there
     * @param listener told of progress, on the thread that {@link #run}s
     */
    public Protection(ProtectedMachine machine, MigrationLink.Opener standby, byte[] definition, ProtectionOptions options,
            Consumer<ProtectionProgress> listener) {
        this.machine = machine;
        this.standby = standby;
        this.definition = definition.clone();
        this.options = options;
        this.listener = listener;
        progress = new ProtectionProgress(0, null, 0, 0, Duration.ZERO, Duration.ZERO, machine.isFenced());
    }

    public ProtectionProgress progress() {
        return progress;
    }

    /** Ends it, from any thread: {@link #run} returns soon, and the machine goes on without. */
    public synchronized void stop() {
        stopping = true;
        notifyAll();
        if (held == null) {
            close(link);
        }
    }

    /** Waits until {@link #run} has returned. */
    public void awaitEnd() throws InterruptedException {
        over.await();
    }

    /**
     * Protects the machine until somebody {@link #stop}s that, or the machine ends.
     *
     * @throws MigrationException if it ended otherwise, with where the machine is: it goes on here without protection, or the standby has it and it has ended here
     */
    public void run() throws MigrationException {
        try {
            IOException failure = protect();
            if (held == null) {
                if (!stopping) {
                    throw new MigrationException(SOURCE, failure.getMessage(), failure);
                }
            } else if (failure != null) {
                settle(failure);
            }
        } finally {
            machine.beforeEnd(null);
            over.countDown();
        }
    }

    /** @return null if the standby knows that it is not needed any more, and the machine goes on; otherwise why there is no protection */
    private IOException protect() {
        try (MigrationLink opened = standby.open()) {
            machine.requireProtectable();
            machine.rehearse();
            link = opened;
            MessageStream stream = new MessageStream(opened);
            stream.send(MessageType.PROTECT, new Hello(id, machine.profile(), false, List.of(), definition).encode(options.silence()));
            RefusedException.expect(stream.receive(), MessageType.ACCEPT);
            inbox = new Inbox(stream, options.silence());
            try (Outbox sending = new Outbox(stream, inbox, options.pulse()); DirtyLog log = machine.logWrites()) {
                outbox = sending;
                copyAll(log);
                checkpoints(log);
                end();
            } finally {
                machine.throttle(0);
                machine.wait(false);
            }
            return null;
        } catch (IOException e) {
            return inbox == null ? e : inbox.reason(e);
        } catch (RuntimeException e) {
            return new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    private void copyAll(DirtyLog log) throws IOException {
        MigrationOptions copying = new MigrationOptions(0, MigrationOptions.DEFAULT.downtime(), false, options.compress(), false, true, false, 1, options.patience());
        copy = new MemoryCopy(machine, List.of(outbox), () -> {}, copying, this::copying); // the first checkpoint is acknowledged, as all are
        copy.converge(log);
        machine.throttle(0);
    }

    private void copying(MigrationProgress now) {
        if (held == null) {
            report(now, Duration.ZERO);
        }
    }

    private void report(MigrationProgress copying, Duration delay) {
        MigrationProgress sums = copying != null ? copying : copy.progress();
        progress = new ProtectionProgress(number, copying, sums.pages(), sums.bytes(), pause, delay, machine.isFenced());
        listener.accept(progress);
    }

    private void checkpoints(DirtyLog log) throws IOException {
        while (!stopping) {
            long begun = System.nanoTime();
            HeldOutput.Part part = checkpoint(log);
            if (part == null) {
                return;
            }
            acknowledged();
            held.commit(part);
            crowded();
            report(null, Duration.ofNanos(System.nanoTime() - begun));
            rest(begun + options.interval().toNanos());
        }
    }

    /** @return null if the machine ended before it was to stand still for that: as if we had been asked to stop, as we soon are */
    private HeldOutput.Part checkpoint(DirtyLog log) throws IOException {
        HeldOutput.Part[] part = new HeldOutput.Part[1];
        IOException ended = still(running -> part[0] = checkpoint(log, running));
        if (ended != null && held == null) {
            throw ended;
        }
        return part[0];
    }

    private HeldOutput.Part checkpoint(DirtyLog log, boolean running) throws IOException {
        long begun = System.nanoTime();
        if (held == null) {
            holdOutput();
        }
        copy.finish(log);
        HeldOutput.Part part = held.cut();
        part.read(new Sender(outbox));
        outbox.send(MessageType.STATE, machine.stateNow());
        outbox.send(MessageType.CHECKPOINT, Checkpoint.encode(++number, running));
        pause = Duration.ofNanos(System.nanoTime() - begun);
        return part;
    }

    private synchronized void holdOutput() throws IOException {
        machine.beforeEnd(this::machineEnds);
        held = machine.hold(this::crowded);
    }

    /** What is held back takes memory of the host's: there is a limit to it. */
    private void crowded() {
        HeldOutput output = held;
        if (output != null) {
            machine.wait(output.bytes() > MOST_HELD);
        }
    }

    private void acknowledged() throws IOException {
        Message answer = inbox.await();
        RefusedException.expect(answer, MessageType.ACKNOWLEDGE);
        if (Checkpoint.acknowledged(answer.payload()) != number) {
            throw new MalformedStreamException("the standby acknowledged checkpoint %d instead of %d".formatted(Checkpoint.acknowledged(answer.payload()), number));
        }
    }

    private synchronized void rest(long until) throws IOException {
        try {
            for (long left = until - System.nanoTime(); left > 0 && !stopping && held.bytes() <= MOST_HELD; left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            throw Inbox.interrupted(e);
        }
    }

    /** The standby gives up the machine, and says so; then it goes on here. */
    private void end() throws IOException {
        outbox.send(MessageType.END);
        try {
            RefusedException.expect(inbox.await(), MessageType.REFUSE);
        } catch (RefusedException expected) {
            goOn();
        }
    }

    private void goOn() throws IOException {
        whileStill(_ -> held.release());
    }

    // ---- the other side is gone, or says that it has the machine ------------------------------------------------------------

    /** The machine is about to end, and waits for this: whoever has ended does not go on at the standby. */
    private void machineEnds() {
        stop();
        try {
            over.await(2 * options.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does something while the machine stands still; if it has ended, what tells so is returned, and nothing was done. */
    private IOException still(ProtectedMachine.Still task) throws IOException {
        boolean[] begun = new boolean[1];
        try {
            machine.still(running -> {
                begun[0] = true;
                task.run(running);
            });
            return null;
        } catch (IOException e) {
            if (begun[0]) {
                throw e;
            }
            return e;
        }
    }

    /** A machine that has ended stands still anyway. */
    private void whileStill(ProtectedMachine.Still task) throws IOException {
        if (still(task) != null) {
            task.run(false);
        }
    }

    /** Who goes on is settled while the machine stands still here. */
    private void settle(IOException failure) throws MigrationException {
        String[] outcome = new String[1];
        try {
            whileStill(_ -> {
                outcome[0] = isTaken(failure);
                if (outcome[0] == null) {
                    held.drop();
                } else {
                    held.release();
                }
            });
        } catch (IOException e) {
            throw new MigrationException(SOURCE, "the machine goes on without protection, and what it wrote to its disks was lost in part: " + e.getMessage(), e);
        }
        if (outcome[0] != null) {
            machine.say("the machine goes on without protection: " + outcome[0]);
            throw new MigrationException(SOURCE, "the machine goes on without protection: " + outcome[0], failure);
        }
        machine.say("the standby has taken over: " + failure.getMessage());
        machine.beforeEnd(null);
        machine.leave();
        throw new MigrationException(TARGET, "the standby has taken over, as it heard nothing from here (%s)".formatted(failure.getMessage()), failure);
    }

    /** @return null if the standby has the machine, otherwise what is to be said of it */
    private String isTaken(IOException failure) {
        if (failure instanceof RefusedException || failure.getCause() instanceof RefusedException) {
            return failure.getMessage();
        }
        try {
            Settlement.await(standby, id, options.patience());
            return null;
        } catch (RefusedException e) {
            return failure.getMessage();
        } catch (SilenceException e) {
            return "%s, and %s".formatted(failure.getMessage(), e.getMessage());
        }
    }

    private static void close(MigrationLink link) {
        try {
            if (link != null) {
                link.close();
            }
        } catch (IOException e) {
            // it is of no more use in any case
        }
    }
}
