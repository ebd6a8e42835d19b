package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.StorageException;

/** A file that belongs to somebody else, to be read. */
record View(ByteStore store) implements ByteStore {
    @Override
    public String name() {
        return store.name();
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public long size() throws IOException {
        return store.size();
    }

    @Override
    public void resize(long size) throws IOException {
        throw readOnly();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        store.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        throw readOnly();
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        throw readOnly();
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        throw readOnly();
    }

    private StorageException readOnly() {
        return new StorageException(name(), "it is open for reading only");
    }

    @Override
    public Run run(long offset, long length) throws IOException {
        return store.run(offset, length);
    }

    @Override
    public long allocated() throws IOException {
        return store.allocated();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
