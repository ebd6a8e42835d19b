package org.lodgevm.devices.virtio.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.StorageException;

/** An image in memory that tells what was asked of it, and can fail. */
final class MemoryImage implements BlockImage {
    final ByteBuffer bytes;
    final List<String> operations = new ArrayList<>();
    boolean readOnly;
    boolean broken;
    /** Whether all data that was written came from whole pages of memory, as a file takes it that goes past its host's cache. */
    boolean wholePages = true;
    /** Called with the offset before data is moved, without a lock; what it throws, the image throws. */
    Entrance entrance = offset -> {};

    interface Entrance {
        void enter(long offset) throws IOException;
    }

    MemoryImage(int size) {
        bytes = ByteBuffer.allocate(size);
    }

    private synchronized void note(String operation) throws IOException {
        operations.add(operation);
        if (broken) {
            throw new StorageException(name(), 0, "the disk is on fire");
        }
    }

    synchronized List<String> operations() {
        return List.copyOf(operations);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public long size() {
        return bytes.capacity();
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        note("read");
        entrance.enter(offset);
        into.put(bytes.slice((int) offset, into.remaining()));
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        note("write");
        entrance.enter(offset);
        wholePages &= from.isDirect() && from.alignmentOffset(from.position(), 4096) == 0;
        bytes.slice((int) offset, from.remaining()).put(from);
    }

    @Override
    public void flush() throws IOException {
        note("flush");
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        note("discard %d+%d".formatted(offset, length));
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        note("zero %d+%d %b".formatted(offset, length, release));
        bytes.slice((int) offset, (int) length).put(new byte[(int) length]);
    }

    @Override
    public Extent extent(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resize(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws IOException {
        note("close");
    }
}
