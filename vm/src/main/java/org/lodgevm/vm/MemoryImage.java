package org.lodgevm.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Extent;

/** A disk whose content is in memory, and stays as it is. */
final class MemoryImage implements BlockImage {
    private static final int SECTOR = 512;

    private final ByteBuffer content;
    private final int size;

    /** @param content is followed by zeroes, up to a whole sector */
    MemoryImage(byte[] content) {
        this.content = ByteBuffer.wrap(content);
        this.size = Math.addExact(content.length, -content.length & SECTOR - 1);
    }

    @Override
    public String name() {
        return "a disk in memory";
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        BlockImage.checkRange(this, offset, into.remaining());
        int available = Math.clamp(content.limit() - offset, 0, into.remaining());
        if (available > 0) {
            into.put(content.slice((int) offset, available));
        }
        into.put(new byte[into.remaining()]);
    }

    @Override
    public Extent extent(long offset, long length) {
        return Extent.data(offset, length, Extent.NOWHERE);
    }

    @Override
    public void flush() {
        // nothing was written
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        BlockImage.checkChange(this, offset, from.remaining());
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        BlockImage.checkChange(this, offset, length);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        BlockImage.checkChange(this, offset, length);
    }

    @Override
    public void resize(long newSize) throws IOException {
        BlockImage.checkChange(this, 0, newSize);
    }

    @Override
    public void close() {
        // nothing is open
    }
}
