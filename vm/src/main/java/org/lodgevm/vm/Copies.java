package org.lodgevm.vm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.lodgevm.vm.snapshot.SnapshotException;

/** What is made of a machine that goes on: captures of it, snapshots in memory, and forks, for which its disks go on in overlays. */
final class Copies {
    private final Lifecycle lifecycle;
    private final MachineSpec spec;
    private final Pc pc;
    /** What copies were made of, which others may use as long as this lives. */
    private final List<Capture> shared = new CopyOnWriteArrayList<>();
    /** Those in memory, taken of this machine. */
    private final List<MachineSnapshot> snapshots = new CopyOnWriteArrayList<>();

    private final Object forking = new Object();

    Copies(Lifecycle lifecycle, MachineSpec spec) {
        this.lifecycle = lifecycle;
        this.spec = spec;
        this.pc = lifecycle.pc();
    }

    /** @param disks as they are from now on */
    record Fork(Capture capture, List<ForkedDisk> disks) {}

    MachineSnapshot snapshot() {
        requireWhole();
        Capture[] made = new Capture[1];
        lifecycle.still(() -> made[0] = Capture.of(pc, spec, pc.writableDisks()));
        MachineSnapshot snapshot = new MachineSnapshot(spec, made[0], snapshots::remove);
        snapshots.add(snapshot);
        return snapshot;
    }

    /** What a snapshot of this machine has kept. */
    Capture of(MachineSnapshot snapshot) {
        Capture capture = snapshot.capture();
        if (!snapshots.contains(snapshot)) {
            throw new IllegalArgumentException("the snapshot is not one of machine %s; make a copy of it".formatted(spec.name()));
        }
        return capture;
    }

    List<ForkedDisk> share(Path file, Path folder, DiskMoves moves) throws SnapshotException {
        Fork fork = fork(folder, moves);
        try {
            fork.capture().writeReference(file);
            shared.add(fork.capture());
            return fork.disks();
        } catch (SnapshotException e) {
            fork.capture().close();
            throw e;
        }
    }

    /** One at a time: each begins where the one before has left the disks. */
    Fork fork(Path folder, DiskMoves moves) {
        requireWhole();
        synchronized (forking) {
            List<DiskFork> forks = new ArrayList<>();
            Capture[] made = new Capture[1];
            try {
                for (HandedDisk disk : pc.writableDisks()) {
                    DiskFork fork = DiskFork.prepare(disk, folder);
                    forks.add(fork);
                    moves.moved(fork.before(), fork.after());
                }
                lifecycle.still(() -> {
                    requireDisksStay(forks);
                    forks.forEach(DiskFork::apply);
                    made[0] = Capture.of(pc, spec, List.of());
                });
                return new Fork(made[0], forks.stream().map(DiskFork::result).toList());
            } finally {
                forks.stream().filter(fork -> !fork.isApplied()).forEach(fork -> undo(fork, moves));
            }
        }
    }

    private void requireWhole() {
        lifecycle.requireOther();
        spec.requireNoPersistentMemory();
        pc.memory().requireWhole();
    }

    /** An overlay to which nothing was written is as good as none: it stays if it may be named anywhere. */
    private void undo(DiskFork fork, DiskMoves moves) {
        try {
            moves.moved(fork.after(), fork.before());
            fork.drop();
        } catch (RuntimeException e) {
            lifecycle.say("the empty overlay %s is left over: %s".formatted(fork.after().image(), e.getMessage()));
        }
    }

    private void requireDisksStay(List<DiskFork> forks) {
        if (!forks.isEmpty() && (pc.memory().isLogged() || pc.disks().stream().anyMatch(HandedDisk::isLogged))) {
            throw new MachineException("the machine is protected, or about to move; its disks cannot be forked meanwhile");
        }
    }

    /** The disks give up what they keep for snapshots in memory, as nothing of this machine is gone back to any more. */
    void forgetDisks() {
        snapshots.forEach(snapshot -> {
            try {
                snapshot.forgetDisks();
            } catch (MachineException e) {
                lifecycle.say(e.getMessage());
            }
        });
    }

    void close() {
        shared.forEach(Capture::close);
        snapshots.forEach(MachineSnapshot::close);
    }
}
