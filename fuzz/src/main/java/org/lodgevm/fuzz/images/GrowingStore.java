package org.lodgevm.fuzz.images;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.StorageException;

/** A file in memory, on a host that is full before long. */
final class GrowingStore implements ByteStore {
    static final String NAME = "the file";

    private static final int PAGE = 4096;
    private static final int FULL = 24 << 20;

    private final boolean readOnly;
    private byte[] bytes;
    private int size;

    GrowingStore(byte[] content, boolean readOnly) {
        this.bytes = content;
        this.size = content.length;
        this.readOnly = readOnly;
    }

    synchronized byte[] content() {
        return Arrays.copyOf(bytes, size);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public synchronized long size() {
        return size;
    }

    @Override
    public synchronized void resize(long newSize) throws StorageException {
        change(0, newSize);
        if (newSize < size) {
            Arrays.fill(bytes, (int) newSize, size, (byte) 0);
            size = (int) newSize;
        } else {
            reach(newSize);
        }
    }

    @Override
    public synchronized void read(long offset, ByteBuffer into) {
        if (offset < 0) {
            throw new AssertionError("a read at " + offset);
        }
        int there = (int) Math.clamp(size - offset, 0L, into.remaining());
        if (there > 0) {
            into.put(bytes, (int) offset, there);
        }
        into.put(new byte[into.remaining()]);
    }

    @Override
    public synchronized void write(long offset, ByteBuffer from) throws StorageException {
        change(offset, from.remaining());
        reach(offset + from.remaining());
        from.get(bytes, (int) offset, from.remaining());
    }

    @Override
    public synchronized void writeZeroes(long offset, long length, boolean release) throws StorageException {
        change(offset, length);
        reach(offset + length);
        Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
    }

    @Override
    public synchronized void discard(long offset, long length) throws StorageException {
        change(offset, length);
    }

    /** What nobody may do, however the image is damaged; and what the host cannot do any more. */
    private void change(long offset, long length) throws StorageException {
        if (readOnly) {
            throw new AssertionError("the file is open for reading only");
        }
        if (offset < 0 || length < 0) {
            throw new AssertionError("%d bytes at %d".formatted(length, offset));
        }
        if (length > FULL || offset > FULL - length) {
            throw new StorageException(NAME, offset, "No space left on device");
        }
    }

    private void reach(long end) {
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(FULL, end + end / 2));
        }
        size = (int) Math.max(size, end);
    }

    @Override
    public synchronized Run run(long offset, long length) {
        int end = (int) Math.min(size, offset + length);
        int at = (int) Math.min(offset, end);
        boolean hole = isHole(at, end);
        while (at < end && isHole(at, end) == hole) {
            at = Math.min(end, at / PAGE * PAGE + PAGE);
        }
        return at == end && (hole || end <= offset) ? new Run(true, length) : new Run(hole, at - offset);
    }

    /** Whether the rest of the page is zero. */
    private boolean isHole(int at, int end) {
        for (int i = at; i < Math.min(end, at / PAGE * PAGE + PAGE); i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public synchronized long allocated() {
        return size;
    }

    @Override
    public void flush() {}

    @Override
    public void freeze() {}

    @Override
    public void close() {}
}
