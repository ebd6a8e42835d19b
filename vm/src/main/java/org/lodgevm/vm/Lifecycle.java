package org.lodgevm.vm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import org.lodgevm.machine.AbsentPages;
import org.lodgevm.machine.Debuggable;
import org.lodgevm.machine.Debuggable.Motion;
import org.lodgevm.machine.Debuggable.Stops;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.machine.state.StateException;

/**
 * Starts, stops and resets a machine's CPUs.
 *
 * <p>All changes happen one after the other on the {@link Supervisor}'s thread, each with every vCPU outside guest code. A request by
 * the guest ({@link GuestRequests}) shuts the gate at once, so that no CPU runs on, and is then carried out like
 * any other. Between a request and its turn the machine may have been reset: {@link #epoch} tells such stale requests.
 */
final class Lifecycle {
    private final MachineSpec spec;
    private final Pc pc;
    private final Consumer<String> log;
    private final Supervisor supervisor;
    private final VcpuThreads threads;
    private final Copies copies;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Throttle throttle = new Throttle(this::hold);
    private final Stall stall;
    private final Announcer announcer;
    /** It was elsewhere before, and networks do not know yet. Used by the supervisor only. */
    private boolean moved;

    private final CompletableFuture<Void> ending = new CompletableFuture<>();
    private volatile Runnable beforeEnd;
    private final AtomicInteger epoch = new AtomicInteger();
    /** Written by the supervisor only. */
    private volatile Machine.State state = Machine.State.CREATED;
    private volatile ObjIntConsumer<Debuggable.Event> debugListener = (_, _) -> {};

    Lifecycle(MachineSpec spec, MachineBuilder.Attachments attachments) {
        this.spec = spec;
        this.log = attachments.log();
        GuestRequests requests = new GuestRequests(this, spec);
        this.pc = new Pc(spec, attachments, requests, this::stall);
        this.supervisor = new Supervisor("lodge-machine-" + spec.name());
        this.stall = new Stall(attachments.alert(), Stall.SOON, retry -> supervisor.post(() -> retry(retry)));
        this.announcer = new Announcer(this::announceNow, millis -> round -> Announcer.IN.apply(millis).execute(() -> supervisor.post(round)));
        this.threads = new VcpuThreads(pc.vcpus(), requests);
        this.copies = new Copies(this, spec);
    }

    Pc pc() {
        return pc;
    }

    Copies copies() {
        return copies;
    }

    Machine.State state() {
        return state;
    }

    /** A line for the machine's owner. */
    void say(String line) {
        log.accept(line);
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    void start() {
        startPaused();
        resume();
    }

    void startPaused() {
        requireNew();
        perform(() -> {
            requireNew();
            if (pc.origin() == null) {
                pc.powerOn();
                begin();
            } else {
                goOn(() -> pc.goOn(pc.origin()));
                moved = !pc.origin().isCopied();
            }
        });
    }

    void pause() {
        requireMemory();
        perform(() -> {
            if (state == Machine.State.RUNNING) {
                park();
                state = Machine.State.PAUSED;
            }
            stall.end();
        });
    }

    void resume() {
        perform(this::goOnNow);
    }

    private void goOnNow() {
        stall.end();
        if (state == Machine.State.PAUSED) {
            state = Machine.State.RUNNING;
            letRun();
            if (moved) {
                moved = false;
                announcer.begin();
            }
        }
    }

    void announce() {
        perform(announcer::begin);
    }

    /** A guest that has just come has better to do in the first moment. */
    private void announceNow(int round) {
        if (alive()) {
            pc.announce(round > 0);
        }
    }

    /** The host has no room for what the guest writes, and it is better off not to know: the machine stands still, and tries again after a while. Any thread. */
    private void stall(String why) {
        request(() -> {
            if (state == Machine.State.RUNNING) {
                park();
                state = Machine.State.PAUSED;
                stall.begin(why);
            }
        });
    }

    void reset() {
        requireMemory();
        perform(() -> {
            if (alive()) {
                restart();
            }
        });
    }

    void powerButton() {
        perform(() -> {
            if (alive()) {
                pc.powerButton();
            }
        });
    }

    void nmi() {
        perform(() -> {
            if (alive()) {
                pc.vcpus().forEach(vcpu -> vcpu.nmi());
            }
        });
    }

    VcpuState cpu(int index) {
        if (onOwnThread()) {
            throw new IllegalStateException("CPU registers cannot be read on the machine's own threads");
        }
        VcpuState[] found = new VcpuState[1];
        perform(() -> {
            if (state == Machine.State.RUNNING) {
                throw new IllegalStateException("CPU registers can be read while the machine is paused only");
            }
            found[0] = pc.vcpus().get(index).state();
        });
        return found[0];
    }

    private void begin() {
        threads.start();
        state = Machine.State.PAUSED;
    }

    /** Gives the machine state of its own or another's. */
    private interface Loading {
        void run() throws StateException;
    }

    private void goOn(Loading loading) {
        park();
        load(loading);
        begin();
    }

    /** A machine that stands still, and is neither what it was nor what it should be, has ended. */
    private void load(Loading loading) {
        try {
            loading.run();
        } catch (StateException | MachineException e) {
            String message = "the machine's state cannot be restored: " + e.getMessage();
            end(new Outcome.Crashed(message, e));
            throw new MachineException(message, e);
        }
    }

    /** Does something while the machine stands still, which then goes on if it ran. */
    void still(Runnable task) {
        perform(() -> still(_ -> task.run()));
    }

    /** On the supervisor's thread: the machine stands still while a task is done, told whether it ran, and then goes on if it did. */
    private void still(Consumer<Boolean> task) {
        if (!alive()) {
            throw new IllegalStateException("machine %s does not run".formatted(spec.name()));
        }
        boolean running = state == Machine.State.RUNNING;
        if (running) {
            park();
        }
        try {
            task.accept(running);
        } finally {
            if (running) {
                letRun();
            }
        }
    }

    /**
     * Does something while the machine stands still, which then goes on if it ran. For who is waited for when the machine ends: then this does not
     * wait any longer, and the task is not done.
     *
     * @param task told whether the machine ran
     * @throws IllegalStateException if the machine has ended
     */
    void standStill(Consumer<Boolean> task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        supervisor.post(() -> {
            try {
                still(task);
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        CompletableFuture.anyOf(done.handle((_, _) -> null), ending).join();
        if (!done.isDone()) {
            throw new IllegalStateException("machine %s has ended".formatted(spec.name()));
        }
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException thrown ? thrown : new IllegalStateException(e.getCause());
        }
    }

    /** @param task done when the machine ends, before its devices do, and waited for; or null */
    void beforeEnd(Runnable task) {
        beforeEnd = task;
    }

    /** What is to be done later while the guest stands still is done once for nothing. */
    void rehearse() {
        if (state == Machine.State.CREATED) {
            perform(pc.state()::rehearseLoading);
        } else {
            pc.state().rehearse();
        }
    }

    byte[] saveState() {
        byte[][] saved = new byte[1][];
        standingStill(() -> saved[0] = pc.state().save());
        return saved[0];
    }

    /** Does something with a paused machine, which stays so meanwhile. */
    void standingStill(Runnable task) {
        requireOther();
        perform(() -> {
            if (state != Machine.State.PAUSED) {
                throw new IllegalStateException("machine %s is not paused".formatted(spec.name()));
            }
            task.run();
        });
    }

    /** Instead of {@link #start}: the machine is paused then, or has ended if the state cannot be. */
    void restoreState(byte[] saved) throws StateException {
        requireNew();
        try {
            perform(() -> {
                requireNew();
                goOn(() -> pc.state().load(saved));
                moved = true;
            });
        } catch (MachineException e) {
            if (e.getCause() instanceof StateException cause) {
                throw cause;
            }
            throw e;
        }
    }

    void goBack(Capture to) {
        requireOther();
        perform(() -> {
            if (!alive()) {
                throw new IllegalStateException("machine %s does not run; make a copy of its snapshot".formatted(spec.name()));
            }
            park();
            epoch.incrementAndGet();
            load(() -> pc.goBack(to));
            if (state == Machine.State.RUNNING) {
                letRun();
            }
        });
    }

    void cpu(int index, VcpuState changed) {
        perform(() -> {
            if (state != Machine.State.PAUSED) {
                throw new IllegalStateException("CPU registers can be changed while the machine is paused only");
            }
            pc.vcpus().get(index).state(changed);
        });
    }

    void debugListener(ObjIntConsumer<Debuggable.Event> listener) {
        debugListener = listener;
    }

    /** Lets a machine that is paused go on. */
    void debug(Stops stops, IntFunction<Motion> motions) {
        perform(() -> {
            if (state == Machine.State.PAUSED) {
                for (int i = 0; i < pc.vcpus().size(); i++) {
                    ((Debuggable) pc.vcpus().get(i)).debug(stops, motions.apply(i));
                }
                state = Machine.State.RUNNING;
                letRun();
            }
        });
    }

    /** A CPU has met what the debugger waits for. On the supervisor's thread. */
    void debugged(int index) {
        if (state == Machine.State.RUNNING) {
            park();
            state = Machine.State.PAUSED;
        }
        debugListener.accept(((Debuggable) pc.vcpus().get(index)).event(), index);
    }

    /** Lets the CPUs run for the other part of the time only. Time itself goes on. */
    void throttle(int percent) {
        throttle.set(percent);
    }

    /** Lets the CPUs wait, or run on. */
    void hold(boolean now) {
        threads.hold(now);
    }

    /** The paused machine runs elsewhere, and its memory is needed here. */
    void handOver() {
        standingStill(() -> state = Machine.State.HANDED_OVER);
    }

    /** The machine runs elsewhere. */
    void leave() {
        perform(() -> end(new Outcome.Migrated()));
    }

    void stop() {
        lose();
        perform(() -> end(new Outcome.Stopped()));
    }

    void close() {
        lose();
        perform(() -> {
            end(new Outcome.Stopped());
            copies.close();
            pc.close();
            supervisor.close();
        });
    }

    /** A CPU that waits for memory from elsewhere does not stand still before it comes. */
    private void requireMemory() {
        AbsentPages absent = pc.memory().absent();
        if (absent != null && absent.isStranded() && !onOwnThread()) {
            throw new IllegalStateException(
                    "machine %s waits for memory that is where it came from; connect anew there (lodge migrate --recover), or stop the machine".formatted(spec.name()));
        }
    }

    private void requireNew() {
        if (state != Machine.State.CREATED) {
            throw new IllegalStateException("machine %s was started before; build another".formatted(spec.name()));
        }
    }

    void requireOther() {
        if (onOwnThread()) {
            throw new IllegalStateException("a machine's state is neither saved nor restored on its own threads");
        }
    }

    private void retry(Stall.Begun begun) {
        if (stall.isStill(begun)) {
            goOnNow();
        }
    }

    private boolean alive() {
        return state == Machine.State.RUNNING || state == Machine.State.PAUSED;
    }

    /** Carries out the owner's request and waits for it, except on the machine's own threads, which it may have to wait for. */
    private void perform(Runnable change) {
        if (onOwnThread()) {
            supervisor.post(change);
        } else {
            supervisor.perform(change);
        }
    }

    private boolean onOwnThread() {
        return supervisor.isCurrent()
                || threads.areCurrent()
                || pc.consoles().stream().anyMatch(Console::isPassingOn);
    }

    /** Takes a request of the guest, on any thread, perhaps with a device's lock held: never waits. */
    void request(Runnable change) {
        int made = epoch.get();
        threads.interrupt();
        supervisor.post(() -> {
            if (alive() && epoch.get() == made) {
                carryOut(change);
            }
            if (state == Machine.State.RUNNING) {
                letRun();
            }
        });
    }

    /** A fault of ours on behalf of the guest ends this machine, never the process. */
    private void carryOut(Runnable change) {
        try {
            change.run();
        } catch (RuntimeException | Error e) {
            end(new Outcome.Crashed("internal error: " + e, e));
        }
    }

    /** On return no vCPU is in guest code and time stands still. */
    private void park() {
        threads.park();
        pc.pause();
    }

    private void letRun() {
        pc.resume();
        threads.letRun();
    }

    void restart() {
        park();
        epoch.incrementAndGet();
        try {
            pc.powerOn();
        } catch (RuntimeException e) {
            end(new Outcome.Crashed("the machine cannot boot again: " + e.getMessage(), e));
            return;
        }
        if (state == Machine.State.RUNNING) {
            letRun();
        }
    }

    /** Whoever waits for memory that is elsewhere yet does not any more: the machine ends. Any thread. */
    private void lose() {
        AbsentPages absent = pc.memory().absent();
        if (absent != null) {
            absent.lose();
        }
    }

    void end(Outcome how) {
        if (state == Machine.State.ENDED) {
            return;
        }
        boolean started = state != Machine.State.CREATED;
        lose();
        park();
        state = Machine.State.ENDED;
        ending.complete(null);
        if (beforeEnd != null) {
            beforeEnd.run();
        }
        threads.close(started);
        copies.forgetDisks();
        pc.powerOff();
        outcome.complete(how);
    }
}
