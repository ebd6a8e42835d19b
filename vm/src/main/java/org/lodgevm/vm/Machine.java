package org.lodgevm.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.lodgevm.machine.Debuggable;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.machine.state.StateException;
import org.lodgevm.vm.boot.BootException;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.migration.MigrationLink;
import org.lodgevm.vm.migration.MigrationOptions;
import org.lodgevm.vm.migration.MigrationProgress;
import org.lodgevm.vm.migration.MigrationSource;
import org.lodgevm.vm.migration.ProtectedMachine;
import org.lodgevm.vm.migration.Protection;
import org.lodgevm.vm.migration.ProtectionOptions;
import org.lodgevm.vm.migration.ProtectionProgress;
import org.lodgevm.vm.snapshot.Compression;
import org.lodgevm.vm.snapshot.SnapshotException;
import org.lodgevm.vm.snapshot.SnapshotFile;

/**
 * A virtual PC in this process. It runs once: assembled by a {@link MachineBuilder}, started, and ended by its guest or by
 * {@link #stop}, with an {@link Outcome}. {@link #close} releases its memory.
 *
 * <p>Every method may be called from any thread, and has taken effect when it returns; only on the machine's own threads (in a
 * stream the guest writes to, for instance) do the life-cycle methods return at once. Any number of machines may share a process; their threads
 * are daemons.
 */
public final class Machine implements AutoCloseable {
    /** Where a machine is in its life. */
    public enum State {
        /** Assembled, never started. */
        CREATED,
        RUNNING,
        /** CPUs and clock stand still. */
        PAUSED,
        /** It runs elsewhere, and memory that follows it is still here: see {@link MigrationOptions#postcopy}. */
        HANDED_OVER,
        /** There is an outcome. */
        ENDED
    }

    private final MachineSpec spec;
    private final Lifecycle lifecycle;
    private final Pc pc;

    Machine(MachineSpec spec, MachineBuilder.Attachments attachments) {
        this.spec = spec;
        this.lifecycle = new Lifecycle(spec, attachments);
        this.pc = lifecycle.pc();
    }

    public static MachineBuilder builder() {
        return new MachineBuilder();
    }

    public MachineSpec spec() {
        return spec;
    }

    /** The name of the accelerator in use. */
    public String accelerator() {
        return pc.acceleratorName();
    }

    public State state() {
        return lifecycle.state();
    }

    /**
     * Loads what is to be booted and lets the CPUs run.
     *
     * @throws BootException when it cannot be loaded
     * @throws IllegalStateException when the machine was started before
     */
    public void start() {
        lifecycle.start();
    }

    /**
     * Writes everything that the machine is to a file, from which {@link MachineBuilder#restore} goes on, and has its disks keep what is on them.
     * The machine stands still for some milliseconds and goes on, if it ran, while the file is being written.
     *
     * @throws SnapshotException if that is not possible; then nothing is left of it
     * @throws MachineException if a disk cannot be part of a snapshot
     * @throws IllegalStateException unless it runs or is paused
     */
    public void snapshot(Path file) throws SnapshotException {
        snapshot(file, Compression.NONE);
    }

    /** The same, with a smaller file, which takes longer to be written and read. */
    public void snapshot(Path file, Compression compression) throws SnapshotException {
        try (MachineSnapshot taken = snapshot()) {
            taken.save(file, compression);
        }
    }

    /**
     * Keeps everything that the machine is in memory. The machine stands still for some milliseconds and goes on, if it ran.
     *
     * @return what is to be closed when it is of no more use, and is when the machine is
     * @throws MachineException if a disk cannot be part of a snapshot
     * @throws IllegalStateException unless it runs or is paused
     */
    public MachineSnapshot snapshot() {
        return lifecycle.copies().snapshot();
    }

    /**
     * Goes back to what it was, in some milliseconds: memory, CPUs, devices, the guest's clock and disks. It runs afterwards, or is paused, as before. Commands
     * in the guest end, and sockets to it; of a network that keeps connections, as {@link org.lodgevm.net.user.UserNetwork} does, the caller
     * has them forgotten, while the machine is paused.
     *
     * @param snapshot one of this machine
     * @throws IllegalStateException unless it runs or is paused: a machine that has ended stays so, but a {@link MachineSnapshot#copy} of it can be made
     */
    public void restore(MachineSnapshot snapshot) {
        lifecycle.goBack(lifecycle.copies().of(snapshot));
    }

    /**
     * A copy of this machine, which goes on from here when it is {@link #start started}: memory is shared until one of them writes to it. Neither consoles nor
     * network cards are connected; for a copy that has some, see {@link MachineSnapshot#copy}.
     *
     * @throws MachineException if there is a disk that can be written to, which cannot be two machines': see {@link #fork(Path, Consumer)}
     * @throws IllegalStateException unless it runs or is paused
     */
    public Machine fork() {
        try (MachineSnapshot now = snapshot()) {
            return now.copy().build();
        }
    }

    /**
     * The same for a machine with disks that it can write to: what is on them now is shared and not changed any more, and both go on in overlays, as QEMU's
     * external snapshots do.
     *
     * @param folder for the overlays
     * @param attachment told to connect the copy's consoles and network cards, before it is built
     * @throws MachineException if that is not possible; then the machine goes on as before
     */
    public Machine fork(Path folder, Consumer<MachineBuilder> attachment) {
        Copies.Fork now = lifecycle.copies().fork(folder, (_, _) -> {});
        try (Capture capture = now.capture()) {
            Iterator<ForkedDisk> disks = now.disks().iterator();
            MachineBuilder copy = MachineBuilder.like(spec).disks(disk -> disk.readOnly() ? disk : copy(disks.next(), folder)).goOn(capture);
            attachment.accept(copy);
            return copy.build();
        }
    }

    private static DeviceSpec.Disk copy(ForkedDisk disk, Path folder) {
        return disk.over(disk.frozen(), folder);
    }

    /**
     * Describes a copy of this machine in a file, for {@link SnapshotFile#openReference} and {@link MachineBuilder#restore} in this process or
     * another of the same user. Both share this machine's memory until one of them writes to it; the file is of use until this machine ends.
     *
     * @param folder for overlays, in which this machine goes on
     * @param moves told where
     * @return disks that the copy needs overlays for, in the order in which the machine has them
     * @throws SnapshotException if the host's memory cannot be shared
     * @throws MachineException if that is not possible; then the machine goes on as before
     */
    public List<ForkedDisk> share(Path file, Path folder, DiskMoves moves) throws SnapshotException {
        return lifecycle.copies().share(file, folder, moves);
    }

    /** Where they are now, which a fork changes. */
    public List<DeviceSpec.Disk> disks() {
        return pc.disks().stream().map(HandedDisk::spec).toList();
    }

    /** Has the disks of a machine give up what they kept for a snapshot: a running one's, or those that a specification names. */
    public void forget(SnapshotFile snapshot) {
        String name = snapshot.description().disks();
        if (!name.isEmpty()) {
            pc.writableDisks().forEach(disk -> disk.forget(name));
        }
    }

    /** The same for a machine that does not run. */
    public static void forget(MachineSpec spec, SnapshotFile snapshot) {
        String name = snapshot.description().disks();
        for (DeviceSpec device : name.isEmpty() ? List.<DeviceSpec>of() : spec.devices()) {
            if (device instanceof DeviceSpec.Disk disk && !disk.readOnly()) {
                forget(disk, name);
            }
        }
    }

    private static void forget(DeviceSpec.Disk disk, String name) {
        try (HandedDisk held = new HandedDisk(disk, true)) {
            held.forget(name);
        } catch (IOException e) {
            throw new MachineException("the disk cannot be closed: " + e.getMessage(), e);
        }
    }

    /**
     * All state of a paused machine but its memory and its disks, as {@link org.lodgevm.machine.state} describes it.
     *
     * @throws IllegalStateException unless it is paused
     */
    public byte[] saveState() {
        return lifecycle.saveState();
    }

    /**
     * Instead of {@link #start}: the machine has this state and is paused. It was built like the one whose state was saved, and its
     * {@link #memory} holds what that had in it.
     *
     * @throws StateException if it is no state of such a machine; this one has ended then
     * @throws IllegalStateException when the machine was started before
     */
    public void restoreState(byte[] saved) throws StateException {
        lifecycle.restoreState(saved);
    }

    /**
     * Loads what is to be booted, with CPUs and clock standing still until {@link #resume}.
     *
     * @throws BootException when it cannot be loaded
     * @throws IllegalStateException when the machine was started before
     */
    public void startPaused() {
        lifecycle.startPaused();
    }

    /** Stops CPUs and clock until {@link #resume}. Nothing happens unless the machine runs. */
    public void pause() {
        lifecycle.pause();
    }

    /** @throws MachineException if the machine had let go of its disks, for a migration that came to no end, and another has them */
    public void resume() {
        if (state() == State.HANDED_OVER) {
            throw new IllegalStateException("machine %s runs at another place, and memory that it needs there is here; lodge migrate --recover connects anew if need be, lodge stop --force gives it up".formatted(
                    spec.name()));
        }
        if (state() == State.PAUSED) {
            pc.disks().forEach(HandedDisk::acquire);
        }
        lifecycle.resume();
    }

    /**
     * An attempt to move the machine to another process, which begins when it is {@link MigrationSource#run run}. Afterwards the machine has ended here, with
     * {@link Outcome.Migrated}.
     *
     * @param target where a {@link org.lodgevm.vm.migration.MigrationTarget} waits
     * @param definition of the machine, for whoever builds it there
     * @param listener told of progress
     * @throws MachineException if the machine has persistent memory
     */
    public MigrationSource migration(MigrationLink.Opener target, byte[] definition, MigrationOptions options, Consumer<MigrationProgress> listener) {
        spec.requireNoPersistentMemory();
        return new MigrationSource(new MovingPc(spec, lifecycle), target, definition, options, listener);
    }

    /**
     * A protection of this machine, which begins when it is {@link Protection#run run}: another place goes on with it when this process or its host is gone.
     *
     * @param standby where a {@link org.lodgevm.vm.migration.MigrationTarget} waits
     * @param definition of the machine, for whoever builds it there
     * @param listener told of progress
     * @throws MachineException if the machine has persistent memory
     */
    public Protection protection(MigrationLink.Opener standby, byte[] definition, ProtectionOptions options, Consumer<ProtectionProgress> listener) {
        spec.requireNoPersistentMemory();
        return new Protection(new MovingPc(spec, lifecycle), standby, definition, options, listener);
    }

    /** This machine, built with {@link MachineBuilder#incoming} and not started, as one that a {@link org.lodgevm.vm.migration.MigrationTarget} fills. */
    public ProtectedMachine arriving() {
        return new MovingPc(spec, lifecycle);
    }

    /** The reset button: devices and CPUs return to their power-up state and the machine boots again. */
    public void reset() {
        lifecycle.reset();
    }

    /**
     * Tells the networks that the machine's cards are plugged in here: by a frame from each card's address, and by those that the guest sends when it is asked to, five times within
     * a second. Done by itself when a machine has moved here, by migration, protection or from a snapshot, but not for copies: they have the address of another one, which still uses it.
     */
    public void announce() {
        lifecycle.announce();
    }

    /** Presses the power button; a guest that listens shuts itself down. */
    public void powerButton() {
        lifecycle.powerButton();
    }

    /** Sends every CPU an NMI, as a front panel's diagnostic button does. */
    public void nmi() {
        lifecycle.nmi();
    }

    /** Ends the machine as if its power were cut, with {@link Outcome.Stopped} unless it has ended before. */
    public void stop() {
        lifecycle.stop();
    }

    /** Waits for the end. */
    public Outcome await() throws InterruptedException {
        try {
            return lifecycle.outcome().get();
        } catch (ExecutionException e) {
            throw new AssertionError("an outcome is never exceptional", e);
        }
    }

    /** Waits for the end, at most {@code timeout}; empty when the machine still lives then. */
    public Optional<Outcome> await(Duration timeout) throws InterruptedException {
        try {
            return Optional.of(lifecycle.outcome().get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new AssertionError("an outcome is never exceptional", e);
        }
    }

    /** Completes with the outcome; a copy, so that completing it changes nothing. */
    public CompletableFuture<Outcome> outcome() {
        return lifecycle.outcome().copy();
    }

    /** Serial port 0. */
    public Console console() {
        return serial(0);
    }

    /** Serial port 0 to 3, for COM1 to COM4. */
    public Console serial(int port) {
        return pc.consoles().get(Objects.checkIndex(port, MachineBuilder.SERIAL_PORTS));
    }

    /** The first {@link DeviceSpec.Balloon}. @throws IllegalStateException if the machine has none */
    public Balloon balloon() {
        return pc.balloons().stream().findFirst().orElseThrow(() -> new IllegalStateException(
                "machine %s has no balloon; it was made without one".formatted(spec.name())));
    }

    /** The first {@link DeviceSpec.Socket}. @throws IllegalStateException if the machine has none */
    public Sockets sockets() {
        return pc.sockets().stream().findFirst().orElseThrow(() -> new IllegalStateException(
                "machine %s has no socket device; it was made without one".formatted(spec.name())));
    }

    /** The host's end of a {@link DeviceSpec.Port}. @throws IllegalArgumentException if there is none of this name */
    public Console port(String name) {
        return Optional.ofNullable(pc.ports().get(name)).orElseThrow(() -> new IllegalArgumentException(
                "machine %s has no port '%s'; add one where it is built".formatted(spec.name(), name)));
    }

    /** Commands and files in the guest, through {@link DeviceSpec.Agent}. @throws IllegalStateException if the machine has none */
    public Guest guest() {
        return pc.guests().stream().findFirst().orElseThrow(() -> new IllegalStateException(
                "machine %s has no port for an agent; add one where it is built".formatted(spec.name())));
    }

    /** The guest's physical memory, until {@link #close}. */
    public GuestMemory memory() {
        return pc.memory();
    }

    /**
     * A CPU's registers.
     *
     * @throws IllegalStateException while the machine runs
     */
    public VcpuState cpu(int index) {
        return lifecycle.cpu(index);
    }

    /** To stop the guest where one likes. @throws MachineException if the accelerator cannot */
    public Debugger debugger() {
        if (!pc.vcpus().stream().allMatch(Debuggable.class::isInstance)) {
            throw new MachineException("a guest cannot be debugged with accelerator %s; choose --accel jit or interpreter".formatted(accelerator()));
        }
        return new Debugger(lifecycle);
    }

    /** Guest instructions executed so far, by all CPUs; those of translated code are not counted. */
    public long instructions() {
        return pc.instructions();
    }

    /** What the accelerator counts, summed over all CPUs, by its own names: translations, exits, misses. */
    public Map<String, Long> counters() {
        return pc.counters();
    }

    /** Stops the machine and releases everything it holds. */
    @Override
    public void close() {
        lifecycle.close();
    }
}
