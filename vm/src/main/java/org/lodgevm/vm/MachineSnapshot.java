package org.lodgevm.vm;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.lodgevm.vm.snapshot.Compression;
import org.lodgevm.vm.snapshot.SnapshotException;

/**
 * What a machine was at one moment, kept in this process: {@link Machine#restore} goes back to it any number of times, {@link #copy} makes other machines of it,
 * {@link #save} writes it to a file. Memory is shared with the machine, page by page, until that writes to it; disks that can be written to keep what
 * was on them inside of their images until this is closed, or the machine ends.
 */
public final class MachineSnapshot implements AutoCloseable {
    private final MachineSpec spec;
    private final Capture capture;
    /** Whether disks keep their content for this alone. Guarded by this, as the next one. */
    private boolean disksHeld = true;

    private boolean closed;

    private final Consumer<MachineSnapshot> closing;

    /** @param closing told when this is being closed */
    MachineSnapshot(MachineSpec spec, Capture capture, Consumer<MachineSnapshot> closing) {
        this.spec = spec;
        this.capture = capture;
        this.closing = closing;
    }

    /** @throws IllegalStateException if it is closed */
    synchronized Capture capture() {
        if (closed) {
            throw new IllegalStateException("the snapshot of machine %s is closed".formatted(spec.name()));
        }
        return capture;
    }

    /**
     * Describes a copy of the machine, which goes on where this one was when it is {@link Machine#start started}. Nothing is attached to it yet: its
     * consoles and network cards are connected like those of any other, by {@link MachineBuilder#console} and {@link MachineBuilder#link}. It is of use until this
     * snapshot is closed; a machine that was built of it does without.
     *
     * @throws MachineException if there is a disk that can be written to, which cannot be two machines'
     */
    public MachineBuilder copy() {
        Capture made = capture();
        made.requireSharable();
        return MachineBuilder.like(spec).goOn(made);
    }

    /**
     * Writes it to a file, as {@link Machine#snapshot(Path, Compression)} does. What disks keep is the file's from then on.
     *
     * @throws SnapshotException if that is not possible; then nothing is left of it
     */
    public void save(Path file, Compression compression) throws SnapshotException {
        capture().write(file, compression);
        synchronized (this) {
            disksHeld = false;
        }
    }

    /** Disks give up what they keep for this. */
    synchronized void forgetDisks() {
        if (disksHeld) {
            disksHeld = false;
            capture.forgetDisks();
        }
    }

    /** Frees what it holds. Machines that were made of it are not concerned. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            closing.accept(this);
            try {
                forgetDisks();
            } finally {
                capture.close();
            }
        }
    }
}
