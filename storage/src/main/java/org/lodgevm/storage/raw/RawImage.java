package org.lodgevm.storage.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.ImageInfo;

/** A disk kept as it is. A file that ends inside of a sector is taken as if the sector were filled up with zeroes. */
public final class RawImage implements DiskImage {
    private static final int SECTOR = 512;

    private final ByteStore store;
    private volatile long size;

    public RawImage(ByteStore store) throws IOException {
        this.store = store;
        this.size = store.size() + SECTOR - 1 & -SECTOR;
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
    public void read(long offset, ByteBuffer into) throws IOException {
        BlockImage.checkRange(this, offset, into.remaining());
        store.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        BlockImage.checkChange(this, offset, from.remaining());
        store.write(offset, from);
    }

    @Override
    public void flush() throws IOException {
        if (!isReadOnly()) {
            store.flush();
        }
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        BlockImage.checkChange(this, offset, length);
        store.discard(offset, length);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        BlockImage.checkChange(this, offset, length);
        store.writeZeroes(offset, length, release);
    }

    @Override
    public Extent extent(long offset, long length) throws IOException {
        BlockImage.checkRange(this, offset, length);
        ByteStore.Run run = store.run(offset, length);
        return new Extent(offset, run.length(), 0, true, run.hole(), false, offset);
    }

    @Override
    public void resize(long newSize) throws IOException {
        BlockImage.checkChange(this, 0, 0);
        store.resize(newSize);
        size = newSize + SECTOR - 1 & -SECTOR;
    }

    @Override
    public void freeze() throws IOException {
        flush();
        store.freeze();
    }

    @Override
    public ImageInfo info() throws IOException {
        return ImageInfo.of("raw", size, store.allocated(), 0, Map.of());
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
