package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.lodgevm.machine.PageSet;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.StorageException;

/** A disk in memory, most of which was never written to, with room for so much. */
final class FakeDisk implements MovingDisk {
    static final int BLOCKS = 700;
    /** The disk ends within a block. */
    static final int SIZE = BLOCKS * PageSet.PAGE - 100;

    private static final int BUSY_BLOCKS = 8;

    private final byte[] content = new byte[SIZE];
    private final boolean[] present = new boolean[BLOCKS];
    private PageSet log;
    /** Written to since the last flush. */
    private boolean volatileContent;
    /** Blocks that there is room for. */
    int room = BLOCKS;

    /** The guest writes a number somewhere, and now and then takes some back. */
    synchronized void step(long number) {
        int block = (int) (number * 7 % BUSY_BLOCKS);
        ByteBuffer.wrap(content, block * PageSet.PAGE, Long.BYTES).putLong(number);
        changed(block * PageSet.PAGE, Long.BYTES);
        if (number % 5 == 0) {
            clear((block + 1) * PageSet.PAGE, 2 * PageSet.PAGE);
        }
    }

    synchronized byte[] content() {
        return content.clone();
    }

    /** Whether what was written would survive a loss of power. */
    synchronized boolean isDurable() {
        return !volatileContent;
    }

    private void changed(long offset, long length) {
        volatileContent = true;
        for (long block = offset / PageSet.PAGE; block * PageSet.PAGE < offset + length; block++) {
            present[(int) block] = true;
        }
        if (log != null) {
            log.add(offset, length);
        }
    }

    @Override
    public String format() {
        return "raw";
    }

    @Override
    public synchronized void logWrites(boolean on) {
        log = on ? new PageSet(BLOCKS) : null;
    }

    synchronized boolean isLogged() {
        return log != null;
    }

    @Override
    public synchronized PageSet collectWrites() {
        return log.take();
    }

    @Override
    public synchronized void read(long offset, ByteBuffer into) throws IOException {
        BlockImage.checkRange(this, offset, into.remaining());
        into.put(content, (int) offset, into.remaining());
    }

    @Override
    public synchronized void write(long offset, ByteBuffer from) throws IOException {
        BlockImage.checkRange(this, offset, from.remaining());
        if (offset / PageSet.PAGE >= room) {
            throw new StorageException(name(), offset, "no space is left on the device");
        }
        int length = from.remaining();
        from.get(content, (int) offset, length);
        changed(offset, length);
    }

    @Override
    public synchronized void writeZeroes(long offset, long length, boolean release) throws IOException {
        BlockImage.checkRange(this, offset, length);
        clear(offset, length);
    }

    synchronized void clear(long offset, long length) {
        Arrays.fill(content, (int) offset, (int) (offset + length), (byte) 0);
        changed(offset, length);
        for (long block = offset / PageSet.PAGE; block * PageSet.PAGE < offset + length; block++) {
            present[(int) block] = false;
        }
    }

    @Override
    public synchronized void flush() {
        volatileContent = false;
    }

    @Override
    public synchronized Extent extent(long offset, long length) {
        int first = (int) (offset / PageSet.PAGE);
        int end = first;
        while (end < BLOCKS && present[end] == present[first]) {
            end++;
        }
        long bytes = Math.min(length, (long) end * PageSet.PAGE - offset);
        return present[first] ? Extent.data(offset, bytes, Extent.NOWHERE) : Extent.zero(offset, bytes);
    }

    @Override
    public String name() {
        return "the disk";
    }

    @Override
    public long size() {
        return SIZE;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public void discard(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resize(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
