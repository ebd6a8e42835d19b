package org.lodgevm.storage;

import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/** The bytes of a file, to be read. Writing to it fails unless it may be written to. */
public final class MemoryStore implements ByteStore {
    private final WriteLog log = new WriteLog();
    private final boolean readOnly;
    private volatile Runnable flushing = () -> {};
    private volatile IntConsumer writing = length -> {};

    public MemoryStore(byte[] content, boolean readOnly) {
        this.readOnly = readOnly;
        log.write(0, ByteBuffer.wrap(content));
    }

    /** Has something done at each flush, before it returns. */
    public void onFlush(Runnable what) {
        flushing = what;
    }

    /** Has something done before each write, given its length. */
    public void onWrite(IntConsumer what) {
        writing = what;
    }

    public byte[] content() {
        return log.after(log.length());
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public long size() {
        return log.size();
    }

    @Override
    public void resize(long size) {
        log.resize(size);
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        log.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        writing.accept(from.remaining());
        log.write(offset, from);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) {
        log.writeZeroes(offset, length, release);
    }

    @Override
    public void discard(long offset, long length) {
        log.discard(offset, length);
    }

    @Override
    public Run run(long offset, long length) {
        return log.run(offset, length);
    }

    @Override
    public long allocated() {
        return log.size();
    }

    @Override
    public void flush() {
        flushing.run();
    }

    @Override
    public void close() {}
}
