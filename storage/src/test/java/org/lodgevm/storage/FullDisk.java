package org.lodgevm.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that cannot grow beyond a limit. */
public final class FullDisk implements ByteStore {
    private final MemoryStore store = new MemoryStore(new byte[0], false);
    private long limit;

    public FullDisk(long limit) {
        this.limit = limit;
    }

    public void allow(long newLimit) {
        limit = newLimit;
    }

    private void check(long end) throws IOException {
        if (end > limit) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public long size() {
        return store.size();
    }

    @Override
    public void resize(long size) throws IOException {
        check(size);
        store.resize(size);
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        store.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        check(offset + from.remaining());
        store.write(offset, from);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        check(offset + length);
        store.writeZeroes(offset, length, release);
    }

    @Override
    public void discard(long offset, long length) {
        store.discard(offset, length);
    }

    @Override
    public Run run(long offset, long length) {
        return store.run(offset, length);
    }

    @Override
    public long allocated() {
        return store.allocated();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
