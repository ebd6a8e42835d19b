package org.lodgevm.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.lodgevm.machine.PageSet;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.vm.migration.MovingDisk;

/**
 * The image of a disk that a machine can let go of and claim again, so that another process can have it in between. Only a machine that stands still
 * does either: nothing is read or written then.
 */
final class HandedDisk implements MovingDisk {
    /** Another one after a fork. */
    private volatile DeviceSpec.Disk disk;
    private final String name;
    private final long size;
    /** Null while it is let go. */
    private volatile DiskImage image;
    /** Before {@link #image} while writes are held back; or null. */
    private volatile HeldWrites held;
    /** Whether anything was written since the last fork. */
    private volatile boolean written = true;
    /** Blocks that were written to, while the disk is copied along with the machine; or null. */
    private volatile PageSet log;
    /** Open for reading without a lock until the disk is claimed for the first time, so that a process may be confined to what it has open; or null. */
    private DiskImage looked;

    /** @param claimed whether it is this machine's from the beginning; else it is looked at, without a lock */
    HandedDisk(DeviceSpec.Disk disk, boolean claimed) {
        this.disk = disk;
        DiskImage opened = Disks.open(disk, claimed ? Disks.access(disk) : Access.READ_UNLOCKED);
        name = opened.name();
        size = opened.size();
        if (claimed) {
            image = opened;
        } else {
            looked = opened;
        }
    }

    private static void close(DiskImage opened) {
        try {
            opened.close();
        } catch (IOException e) {
            throw new MachineException("the disk cannot be closed: " + e.getMessage(), e);
        }
    }

    /** Makes all of it durable and gives up the lock. */
    synchronized void release() throws IOException {
        DiskImage opened = image;
        image = null;
        if (opened != null) {
            try (opened) {
                if (!opened.isReadOnly()) {
                    opened.flush();
                }
            }
        }
    }

    /** @throws MachineException if it is another's, or another one than before */
    synchronized void acquire() {
        if (image == null) {
            DiskImage opened = Disks.open(disk, Disks.access(disk));
            if (opened.size() != size) {
                close(opened);
                throw new MachineException("the disk %s has %d bytes, not %d as before".formatted(name, opened.size(), size));
            }
            image = opened;
        }
        closeLooked();
    }

    private void closeLooked() {
        if (looked != null) {
            close(looked);
            looked = null;
        }
    }

    private DiskImage open() throws StorageException {
        DiskImage opened = image;
        if (opened == null) {
            throw new StorageException(name, "another process has the disk");
        }
        return opened;
    }

    /** Where the guest reads and writes. */
    private BlockImage inUse() throws StorageException {
        BlockImage writes = held;
        return writes != null ? writes : open();
    }

    // --- what a machine that is protected needs --------------------------------------------------------------------------

    /**
     * Everything written so far becomes durable; what is written from now on is held back. The machine stands still for this and {@link #letGo}.
     *
     * @param written called after each write
     */
    HeldWrites hold(Runnable written) throws IOException {
        open().flush();
        held = new HeldWrites(open(), written);
        return held;
    }

    /** Nothing is held back any more; what was and is not committed is dropped. */
    void letGo() {
        held = null;
    }

    // --- what snapshots of the machine need -------------------------------------------------------------------------------

    /** Has the image keep its content of now; requests have been answered. @throws MachineException if it cannot */
    void keep(String snapshot) {
        requireNothingHeld();
        try {
            DiskImage opened = open();
            opened.flush();
            opened.snapshots().create(snapshot);
        } catch (IOException e) {
            throw new MachineException("the disk cannot be part of a snapshot: %s; use one in qcow2, or make it read-only".formatted(e.getMessage()), e);
        }
    }

    private void requireNothingHeld() {
        if (held != null) {
            throw new MachineException("the writes to a protected machine's disks are held back; end that first: lodge protect --stop");
        }
    }

    /** Goes back to what was kept. */
    void goBack(String snapshot) {
        requireNothingHeld();
        try {
            open().snapshots().apply(snapshot);
            changed(0, size);
        } catch (IOException e) {
            throw new MachineException("the disk cannot go back to the snapshot: " + e.getMessage(), e);
        }
    }

    void forget(String snapshot) {
        try {
            open().snapshots().delete(snapshot);
        } catch (IOException e) {
            throw new MachineException("the disk cannot forget the snapshot: " + e.getMessage(), e);
        }
    }

    // --- what forks of the machine need -----------------------------------------------------------------------------------

    DeviceSpec.Disk spec() {
        return disk;
    }

    @Override
    public String format() throws IOException {
        return open().info().format();
    }

    /** What this disk's overlay is based on, after a {@link #fork}. */
    DiskImage base() {
        return image.backing().orElseThrow();
    }

    /**
     * Goes on in an overlay over what the disk is now, which is frozen, unless it is one to which nothing was written.
     *
     * @throws MachineException if that is not possible, or it is not any more what it was when the overlay was made; then all is as before
     */
    synchronized void fork(DeviceSpec.Disk before, DeviceSpec.Disk overlay) {
        requireNothingHeld();
        if (!written) {
            return;
        }
        DiskImage opened = image;
        if (opened == null || !disk.equals(before)) {
            throw new MachineException("the disk %s is about to move elsewhere".formatted(name));
        }
        try {
            requireNoSnapshots(opened);
            opened.freeze();
            image = Images.openOver(Path.of(overlay.image()), opened);
            disk = overlay;
            written = false;
        } catch (IOException | RuntimeException e) {
            image = null;
            close(opened);
            acquire();
            throw new MachineException("the disk %s cannot be forked: %s".formatted(name, e.getMessage()), e);
        }
    }

    /** They are in the image, and an overlay does not go back to what its base keeps. */
    private static void requireNoSnapshots(DiskImage opened) throws IOException {
        if (opened.info().snapshots().stream().anyMatch(entry -> entry.name().startsWith(Capture.SNAPSHOT))) {
            throw new StorageException(opened.name(), "it keeps what snapshots of the machine need, to which an overlay cannot go back; delete them first: lodge snapshot delete");
        }
    }

    // --- what a move of the disk with its machine needs --------------------------------------------------------------------

    @Override
    public void logWrites(boolean on) {
        log = on ? new PageSet((size + PageSet.PAGE - 1) / PageSet.PAGE) : null;
    }

    @Override
    public PageSet collectWrites() {
        return log.take();
    }

    /** Whether the disk is being copied. */
    boolean isLogged() {
        return log != null;
    }

    /** After a write, even one that failed: what is read from now on may be another content than before. */
    private void changed(long offset, long length) {
        written = true;
        PageSet blocks = log;
        if (blocks != null && length > 0 && offset >= 0 && offset <= size - length) {
            blocks.add(offset, length);
        }
    }

    // --- the image ---------------------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        DiskImage opened = image;
        return opened == null ? size : opened.size();
    }

    @Override
    public boolean isReadOnly() {
        return disk.readOnly();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        inUse().read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        int length = from.remaining();
        try {
            inUse().write(offset, from);
        } finally {
            changed(offset, length);
        }
    }

    @Override
    public void flush() throws IOException {
        if (disk.cache() != DeviceSpec.Disk.Cache.UNSAFE) {
            inUse().flush();
        }
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        try {
            inUse().discard(offset, length);
        } finally {
            changed(offset, length);
        }
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        try {
            inUse().writeZeroes(offset, length, release);
        } finally {
            changed(offset, length);
        }
    }

    @Override
    public Extent extent(long offset, long length) throws IOException {
        return inUse().extent(offset, length);
    }

    @Override
    public void resize(long newSize) throws IOException {
        inUse().resize(newSize);
    }

    @Override
    public synchronized void close() throws IOException {
        closeLooked();
        DiskImage opened = image;
        image = null;
        if (opened != null) {
            opened.close();
        }
    }
}
