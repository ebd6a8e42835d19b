package org.lodgevm.fuzz.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.fuzz.Dice;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.Snapshots;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.copy.ImageCopy;
import org.lodgevm.storage.copy.Progress;

/** Does with a disk whatever can be done with one, in any order; what is refused does not keep the next from being tried. */
final class Use {
    private static final int ACTS = 24;
    /** In bytes: what takes time by the size of the disk is tried with smaller ones. */
    private static final long LARGE = 1L << 36;

    private static final int PIECE = 3000;

    private final DiskImage disk;
    private final Dice dice;
    private int refusals;

    Use(DiskImage disk, Dice dice) {
        this.disk = disk;
        this.dice = dice;
    }

    /** @return how often it was refused */
    int all() throws IOException {
        for (int i = 0; i < ACTS; i++) {
            try {
                act();
            } catch (StorageException e) {
                requireName(e);
                refusals++;
            }
        }
        return refusals;
    }

    static void requireName(StorageException e) {
        if (!e.getMessage().startsWith(GrowingStore.NAME + ": ")) {
            throw new AssertionError("it does not say which file: " + e.getMessage(), e);
        }
    }

    private void act() throws IOException {
        switch (dice.below(12)) {
            case 0, 1, 2 -> disk.read(offset(), ByteBuffer.allocate(dice.below(PIECE)));
            case 3, 4 -> disk.write(offset(), ByteBuffer.wrap(dice.bytes(dice.below(PIECE))));
            case 5 -> disk.discard(offset(), dice.below(10 * PIECE));
            case 6 -> disk.writeZeroes(offset(), dice.below(10 * PIECE), dice.oneIn(2));
            case 7 -> extents();
            case 8 -> disk.flush();
            case 9 -> check();
            case 10 -> bookkeeping();
            default -> compress();
        }
    }

    private long offset() {
        return dice.oneIn(32) ? dice.number() : disk.size() <= 0 ? 0 : dice.below(dice.oneIn(4) ? disk.size() : Math.min(disk.size(), 1 << 19));
    }

    private void extents() throws IOException {
        for (long at = 0, i = 0; at < disk.size() && i < 100; i++) {
            long end = disk.extent(at, disk.size() - at).end();
            if (end <= at || end > disk.size()) {
                throw new AssertionError("of the disk's %d bytes, those at %d end at %d".formatted(disk.size(), at, end));
            }
            at = end;
        }
    }

    private void check() throws IOException {
        if (disk.size() < LARGE) {
            disk.check(disk.isReadOnly() ? Repair.NONE : Repair.values()[dice.below(3)]);
        }
    }

    private void bookkeeping() throws IOException {
        switch (dice.below(8)) {
            case 0 -> disk.info();
            case 1 -> disk.snapshots().create("x");
            case 2 -> disk.resize(dice.oneIn(2) ? Math.max(0, disk.size() + dice.between(-100_000, 100_000)) : dice.number() & Long.MAX_VALUE >> 8);
            case 3 -> disk.empty();
            case 4 -> copy();
            default -> snapshot();
        }
    }

    private void snapshot() throws IOException {
        for (Snapshots.Entry entry : disk.snapshots().list()) {
            switch (dice.below(4)) {
                case 0 -> disk.snapshots().apply(entry.id());
                case 1 -> disk.snapshots().delete(entry.id());
                case 2 -> {
                    try (DiskImage earlier = disk.snapshots().open(entry.id())) {
                        earlier.read(0, ByteBuffer.allocate((int) Math.min(PIECE, earlier.size())));
                    }
                }
                default -> {}
            }
        }
    }

    private void copy() throws IOException {
        if (disk.size() <= 1 << 20) {
            GrowingStore store = new GrowingStore(new byte[0], false);
            ImageFormat format = Images.format("qcow2");
            format.create(store, disk.size(), CreateOptions.none(), Samples.ANYTHING);
            try (DiskImage other = format.open(store, Samples.ANYTHING)) {
                new ImageCopy(disk, other, true, ImageCopy.SPARSE, dice.oneIn(2), dice.oneIn(2), Progress.SILENT).run();
            }
        }
    }

    private void compress() throws IOException {
        int unit = disk.compressionUnit();
        if (unit > 0 && disk.size() >= unit) {
            disk.writeCompressed(dice.below(Math.min(disk.size() / unit, 64)) * unit, ByteBuffer.allocate(unit).put(0, (byte) dice.bits()));
        }
    }
}
