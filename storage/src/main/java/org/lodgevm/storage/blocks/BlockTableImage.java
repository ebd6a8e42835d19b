package org.lodgevm.storage.blocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CheckReport;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.ImageInfo;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.UnsupportedImageException;

/** A disk whose blocks are where a table says. */
public final class BlockTableImage implements DiskImage {
    private static final int ZEROES = 1 << 20;

    private final String format;
    private final ByteStore store;
    private final BlockTable table;
    private final long size;
    private final DiskImage backing;
    private final Map<String, Object> details;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile boolean announced;

    /** @param backing or null @param details as {@link ImageInfo} has them */
    public BlockTableImage(String format, ByteStore store, BlockTable table, long size, DiskImage backing, Map<String, Object> details) {
        this.format = format;
        this.store = store;
        this.table = table;
        this.size = size;
        this.backing = backing;
        this.details = details;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean isReadOnly() {
        return store.isReadOnly();
    }

    @Override
    public Optional<DiskImage> backing() {
        return Optional.ofNullable(backing);
    }

    /** A part of one block. */
    private interface Part {
        void handle(long block, int inBlock, int length) throws IOException;
    }

    private void forEachBlock(long offset, long length, Part part) throws IOException {
        int blockSize = table.blockSize();
        long end = offset + length;
        for (long at = offset; at < end;) {
            int inBlock = (int) (at % blockSize);
            int count = (int) Math.min(blockSize - inBlock, end - at);
            part.handle(at / blockSize, inBlock, count);
            at += count;
        }
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        BlockImage.checkRange(this, offset, into.remaining());
        int limit = into.limit();
        lock.readLock().lock();
        try {
            forEachBlock(offset, into.remaining(), (block, inBlock, length) -> {
                into.limit(into.position() + length);
                readPart(block, inBlock, into);
                into.limit(limit);
            });
        } finally {
            lock.readLock().unlock();
        }
    }

    private void readPart(long block, int inBlock, ByteBuffer into) throws IOException {
        long place = table.place(block);
        if (place >= 0) {
            store.read(inside(block, place) + inBlock, into);
        } else if (place == BlockTable.PACKED) {
            into.put(table.unpack(block).slice(inBlock, into.remaining()));
        } else if (place == BlockTable.ABSENT && backing != null) {
            readBacking(block * table.blockSize() + inBlock, into);
        } else {
            into.put(ByteBuffer.allocate(into.remaining()));
        }
    }

    private void readBacking(long offset, ByteBuffer into) throws IOException {
        int limit = into.limit();
        long available = Math.clamp(backing.size() - offset, 0, into.remaining());
        if (available > 0) {
            into.limit(into.position() + (int) available);
            backing.read(offset, into);
            into.limit(limit);
        }
        into.put(ByteBuffer.allocate(into.remaining()));
    }

    /** A block begins inside of the file; what of the last one is missing are zeroes. */
    private long inside(long block, long place) throws IOException {
        if (place >= store.size()) { // a new block was filled before anything refers to it
            throw new CorruptImageException(name(), place, "block %d of the disk is beyond the end of the file".formatted(block));
        }
        return place;
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        BlockImage.checkChange(this, offset, from.remaining());
        announce();
        int limit = from.limit();
        forEachBlock(offset, from.remaining(), (block, inBlock, length) -> {
            from.limit(from.position() + length);
            if (!writeInPlace(block, inBlock, from)) {
                writeNew(block, inBlock, from);
            }
            from.limit(limit);
        });
    }

    private void announce() throws IOException {
        if (announced) {
            return;
        }
        lock.writeLock().lock();
        try {
            if (!announced) {
                table.announce();
                announced = true;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private boolean writeInPlace(long block, int inBlock, ByteBuffer from) throws IOException {
        lock.readLock().lock();
        try {
            long place = table.place(block);
            if (place >= 0) {
                store.write(inside(block, place) + inBlock, from);
            }
            return place >= 0;
        } finally {
            lock.readLock().unlock();
        }
    }

    private void writeNew(long block, int inBlock, ByteBuffer from) throws IOException {
        lock.writeLock().lock();
        try {
            long place = table.place(block);
            if (place >= 0) {
                store.write(inside(block, place) + inBlock, from);
                return;
            }
            long fresh = table.allocate();
            if (place == BlockTable.ZERO || place == BlockTable.ABSENT && backing == null) {
                store.writeZeroes(fresh, table.blockSize(), false);
            } else {
                ByteBuffer content = ByteBuffer.allocateDirect(table.blockSize());
                readPart(block, 0, content);
                store.write(fresh, content.flip());
            }
            store.write(fresh + inBlock, from);
            table.refer(block, fresh);
            relieve();
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        BlockImage.checkChange(this, offset, length);
        announce();
        forEachBlock(offset, length, (block, inBlock, count) -> {
            if (isWhole(block, inBlock, count)) {
                zeroByTable(block);
            }
        });
    }

    private boolean isWhole(long block, int inBlock, int count) {
        return inBlock == 0 && (count == table.blockSize() || block * table.blockSize() + count == size);
    }

    private boolean zeroByTable(long block) throws IOException {
        lock.writeLock().lock();
        try {
            long place = table.place(block);
            boolean zero = place == BlockTable.ZERO || place == BlockTable.ABSENT && backing == null || table.makeZero(block);
            relieve();
            return zero;
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        BlockImage.checkChange(this, offset, length);
        announce();
        forEachBlock(offset, length, (block, inBlock, count) -> {
            Extent extent = extent(block * table.blockSize() + inBlock, count);
            boolean done = extent.zero() || release && isWhole(block, inBlock, count) && zeroByTable(block);
            for (int at = 0; !done && at < count; at += ZEROES) {
                write(block * table.blockSize() + inBlock + at, ByteBuffer.allocateDirect(Math.min(ZEROES, count - at)));
            }
        });
    }

    @Override
    public Extent extent(long offset, long length) throws IOException {
        BlockImage.checkRange(this, offset, length);
        lock.readLock().lock();
        try {
            long block = offset / table.blockSize();
            int inBlock = (int) (offset % table.blockSize());
            long count = Math.min(length, table.blockSize() - inBlock);
            long place = table.place(block);
            if (place >= 0) {
                return Extent.data(offset, count, place + inBlock);
            }
            if (place == BlockTable.PACKED) {
                return Extent.compressed(offset, count);
            }
            if (place == BlockTable.ABSENT && backing != null && offset < backing.size()) {
                return backing.extent(offset, Math.min(count, backing.size() - offset)).below();
            }
            return place == BlockTable.ZERO ? Extent.zero(offset, count) : Extent.absent(offset, count);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public CheckReport check(Repair repair) throws IOException {
        return BlockTableCheck.of(store, table, size);
    }

    private void relieve() throws IOException {
        if (table.isCrowded()) {
            commit();
        }
    }

    /** Content first, then what refers to it. Needs the lock exclusively. */
    private void commit() throws IOException {
        store.flush();
        if (table.hasChanges()) {
            table.write();
            store.flush();
        }
    }

    @Override
    public void flush() throws IOException {
        if (isReadOnly()) {
            return;
        }
        store.flush(); // most of it, while others go on
        if (table.hasChanges()) {
            lock.writeLock().lock();
            try {
                commit();
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    @Override
    public void resize(long newSize) throws IOException {
        throw new UnsupportedImageException(name(), "images of the format %s keep their size; convert it".formatted(format));
    }

    @Override
    public ImageInfo info() throws IOException {
        return ImageInfo.of(format, size, store.allocated(), table.blockSize(), details);
    }

    @Override
    public void close() throws IOException {
        try {
            if (announced) {
                commit();
            }
        } finally {
            try {
                store.close();
            } finally {
                if (backing != null) {
                    backing.close();
                }
            }
        }
    }
}
