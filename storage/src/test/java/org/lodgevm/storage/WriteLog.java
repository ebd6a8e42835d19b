package org.lodgevm.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** A file in memory that remembers every write, so that one can have it as it was after any of them. */
public final class WriteLog implements ByteStore {
    /** What was done. A flush has no bytes; a new size no bytes either, and is where the file ends. */
    private record Step(Kind kind, long offset, byte[] bytes) {}

    private enum Kind {
        WRITE,
        RESIZE,
        FLUSH
    }

    private final List<Step> steps = new ArrayList<>();
    private byte[] content = new byte[0];
    private int size;

    /** How many steps there are by now. */
    public synchronized int length() {
        return steps.size();
    }

    /** The file as a killed process leaves it: everything that was written, in order. */
    public synchronized byte[] after(int count) {
        WriteLog replay = new WriteLog();
        steps.subList(0, count).forEach(replay::apply);
        return Arrays.copyOf(replay.content, replay.size);
    }

    /** The file as a loss of power leaves it: what was flushed, and of what came later any part. */
    public synchronized byte[] afterPowerLoss(int count, Random random) {
        int flushed = count;
        while (flushed > 0 && steps.get(flushed - 1).kind != Kind.FLUSH) {
            flushed--;
        }
        WriteLog replay = new WriteLog();
        steps.subList(0, flushed).forEach(replay::apply);
        BitSet lost = new BitSet();
        for (int i = flushed; i < count; i++) {
            lost.set(i, random.nextBoolean());
            if (!lost.get(i)) {
                replay.apply(steps.get(i));
            }
        }
        return Arrays.copyOf(replay.content, replay.size);
    }

    private void apply(Step step) {
        switch (step.kind) {
            case WRITE -> {
                ensure(step.offset + step.bytes.length);
                System.arraycopy(step.bytes, 0, content, (int) step.offset, step.bytes.length);
            }
            case RESIZE -> {
                if (step.offset < size) {
                    Arrays.fill(content, (int) step.offset, size, (byte) 0);
                }
                ensure(step.offset);
                size = (int) step.offset;
            }
            case FLUSH -> {}
        }
    }

    private void ensure(long end) {
        if (end > content.length) {
            content = Arrays.copyOf(content, (int) Math.max(end, 2L * content.length));
        }
        size = (int) Math.max(size, end);
    }

    private void perform(Step step) {
        steps.add(step);
        apply(step);
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public synchronized long size() {
        return size;
    }

    @Override
    public synchronized void resize(long newSize) {
        perform(new Step(Kind.RESIZE, newSize, null));
    }

    @Override
    public synchronized void read(long offset, ByteBuffer into) {
        int available = Math.clamp(size - offset, 0, into.remaining());
        if (available > 0) {
            into.put(content, (int) offset, available);
        }
        into.put(new byte[into.remaining()]);
    }

    @Override
    public synchronized void write(long offset, ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        perform(new Step(Kind.WRITE, offset, bytes));
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) {
        write(offset, ByteBuffer.allocate((int) length));
    }

    /** The most that a discard can do. */
    @Override
    public synchronized void discard(long offset, long length) {
        int inside = (int) Math.clamp(size - offset, 0, length);
        byte[] rubbish = new byte[inside];
        Arrays.fill(rubbish, (byte) 0xdd);
        write(offset, ByteBuffer.wrap(rubbish));
    }

    @Override
    public Run run(long offset, long length) {
        return new Run(false, length);
    }

    @Override
    public long allocated() {
        return size;
    }

    @Override
    public synchronized void flush() {
        perform(new Step(Kind.FLUSH, 0, null));
    }

    @Override
    public void close() {}
}
