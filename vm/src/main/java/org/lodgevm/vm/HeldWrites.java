package org.lodgevm.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.StorageException;

/**
 * An image that is not written to before a part of its writes is committed. Reads see all of them. Who stands still, so that neither reads nor
 * writes, is the machine whose disk it is: when a part is cut off, and at the end.
 */
final class HeldWrites implements BlockImage {
    /** In which writes are kept. */
    static final int BLOCK = 4096;

    private static final byte[] ZEROS = new byte[BLOCK];
    /** Of blocks that are written in one go. */
    private static final int MOST_TOGETHER = 64;

    /** Blocks by their number; a block's bytes are never changed. */
    record Part(NavigableMap<Long, byte[]> blocks) {
        private Part() {
            this(new ConcurrentSkipListMap<>());
        }
    }

    /** Told of pieces of a part, each some blocks together. */
    @FunctionalInterface
    interface Pieces {
        void piece(long offset, ByteBuffer bytes) throws IOException;
    }

    private final BlockImage image;
    private final Runnable written;
    /** Not yet committed, the one that is being written to first. */
    private final List<Part> parts = new CopyOnWriteArrayList<>(List.of(new Part()));
    private final AtomicLong held = new AtomicLong();

    /**
     * @param image closed with this
     * @param written called after each write
     */
    HeldWrites(BlockImage image, Runnable written) {
        this.image = image;
        this.written = written;
    }

    /** Blocks' bytes that are not committed. */
    long bytes() {
        return held.get();
    }

    // ---- parts ------------------------------------------------------------------------------------------------------

    /** What was written since the last one. */
    Part cut() {
        Part done = parts.getFirst();
        parts.addFirst(new Part());
        return done;
    }

    /** Passes a part on in pieces, from the lowest offset up. */
    void forEachPiece(Part part, Pieces pieces) throws IOException {
        List<byte[]> together = new ArrayList<>();
        long first = 0;
        for (Map.Entry<Long, byte[]> block : part.blocks.entrySet()) {
            if (!together.isEmpty() && (block.getKey() != first + together.size() || together.size() == MOST_TOGETHER)) {
                pieces.piece(first * BLOCK, join(first, together));
                together.clear();
            }
            if (together.isEmpty()) {
                first = block.getKey();
            }
            together.add(block.getValue());
        }
        if (!together.isEmpty()) {
            pieces.piece(first * BLOCK, join(first, together));
        }
    }

    /** The disk may end within the last block. */
    private ByteBuffer join(long first, List<byte[]> blocks) {
        byte[] joined = new byte[blocks.size() * BLOCK];
        for (int i = 0; i < blocks.size(); i++) {
            System.arraycopy(blocks.get(i), 0, joined, i * BLOCK, BLOCK);
        }
        return ByteBuffer.wrap(joined, 0, (int) Math.min(joined.length, image.size() - first * BLOCK));
    }

    /** Writes the oldest part that was cut off to the image, for good. */
    void commit() throws IOException {
        Part part = parts.getLast();
        if (!part.blocks.isEmpty()) {
            forEachPiece(part, image::write);
            image.flush();
        }
        parts.removeLast();
        held.addAndGet(-(long) part.blocks.size() * BLOCK);
    }

    /** Writes all to the image. */
    void commitAll() throws IOException {
        cut();
        while (parts.size() > 1) {
            commit();
        }
    }

    // ---- the image --------------------------------------------------------------------------------------------------

    private byte[] block(long number) {
        for (Part part : parts) {
            byte[] block = part.blocks.get(number);
            if (block != null) {
                return block;
            }
        }
        return null;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        BlockImage.checkRange(image, offset, into.remaining());
        long at = offset;
        while (into.hasRemaining()) {
            byte[] block = block(at / BLOCK);
            int within = (int) (at % BLOCK);
            int length;
            if (block != null) {
                length = Math.min(into.remaining(), BLOCK - within);
                into.put(block, within, length);
            } else {
                length = absent(at, into.remaining());
                image.read(at, into.slice(into.position(), length));
                into.position(into.position() + length);
            }
            at += length;
        }
    }

    /** How many bytes from an offset on, at whose block there is none, are in no block. */
    private int absent(long offset, int most) {
        long end = (offset / BLOCK + 1) * BLOCK;
        while (end < offset + most && block(end / BLOCK) == null) {
            end += BLOCK;
        }
        return (int) Math.min(most, end - offset);
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        BlockImage.checkChange(image, offset, from.remaining());
        long at = offset;
        synchronized (this) { // two writes may be to the same block
            while (from.hasRemaining()) {
                int within = (int) (at % BLOCK);
                int length = Math.min(from.remaining(), BLOCK - within);
                byte[] block = length == BLOCK ? new byte[BLOCK] : copy(at / BLOCK);
                from.get(block, within, length);
                put(at / BLOCK, block);
                at += length;
            }
        }
        written.run();
    }

    private byte[] copy(long number) throws IOException {
        byte[] known = block(number);
        if (known != null) {
            return known.clone();
        }
        byte[] block = new byte[BLOCK];
        image.read(number * BLOCK, ByteBuffer.wrap(block, 0, (int) Math.min(BLOCK, image.size() - number * BLOCK)));
        return block;
    }

    private void put(long number, byte[] block) {
        if (parts.getFirst().blocks.put(number, block) == null) {
            held.addAndGet(BLOCK);
        }
    }

    /** What is committed is flushed, and nobody outside sees an effect of a write before: there is nothing to wait for. */
    @Override
    public void flush() {}

    /** A wish that need not be granted. */
    @Override
    public void discard(long offset, long length) throws IOException {
        BlockImage.checkChange(image, offset, length);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        BlockImage.checkChange(image, offset, length);
        long at = offset;
        while (at < offset + length) {
            int part = (int) Math.min(offset + length - at, BLOCK - at % BLOCK);
            if (part == BLOCK) {
                put(at / BLOCK, ZEROS);
            } else {
                write(at, ByteBuffer.wrap(ZEROS, 0, part));
            }
            at += part;
        }
        written.run();
    }

    /** Where nothing is held back it is the image's; otherwise nothing is said but that there is something. */
    @Override
    public Extent extent(long offset, long length) throws IOException {
        boolean untouched = block(offset / BLOCK) == null;
        int most = (int) Math.min(length, Integer.MAX_VALUE);
        return untouched ? image.extent(offset, absent(offset, most)) : Extent.compressed(offset, Math.min(length, BLOCK - offset % BLOCK));
    }

    @Override
    public void resize(long size) throws IOException {
        throw new StorageException(image.name(), "its writes are held back, so it cannot be resized");
    }

    @Override
    public String name() {
        return image.name();
    }

    @Override
    public long size() {
        return image.size();
    }

    @Override
    public boolean isReadOnly() {
        return image.isReadOnly();
    }

    /** What is not committed never is. */
    @Override
    public void close() throws IOException {
        image.close();
    }
}
