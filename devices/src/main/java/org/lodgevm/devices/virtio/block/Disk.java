package org.lodgevm.devices.virtio.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.storage.BlockImage;

/**
 * Moves data between an image and a guest's memory. Offsets have been checked.
 *
 * <p>Large pieces of memory are the image's to fill or to read. Small ones are joined in between: to copy a page costs less than a call of the host's
 * kernel, and an image that gets whole clusters need not find out what was around their parts.
 */
final class Disk {
    /** Unit of offsets and lengths in requests, whatever the block size. @virtio 5.2.4 */
    static final int SECTOR = 512;

    /** A piece of a buffer passes as one, up to what a byte buffer can be. */
    private static final int MOST_AT_ONCE = 1 << 30;

    /** Pieces that are smaller on average are joined. */
    private static final int LARGE_PIECE = 32 << 10;

    private static final int JOINED = 256 << 10;

    /** What an image that goes past the host's cache takes only from such addresses. */
    private static final int ALIGNMENT = 4096;

    private final BlockImage image;
    /** Room for joined pieces that nobody uses now. */
    private final Queue<ByteBuffer> rooms = new ConcurrentLinkedQueue<>();

    Disk(BlockImage image) {
        this.image = image;
    }

    long sectors() {
        return image.size() / SECTOR;
    }

    boolean readOnly() {
        return image.isReadOnly();
    }

    void read(long offset, long bytes, GuestBuffer into) throws IOException {
        if (isScattered(into)) {
            inJoined(offset, bytes, (at, joined) -> {
                image.read(at, joined);
                into.write(MemorySegment.ofBuffer(joined.flip()));
            });
        } else {
            inPieces(offset, bytes, into, image::read);
        }
    }

    void write(long offset, long bytes, GuestBuffer from) throws IOException {
        if (isScattered(from)) {
            inJoined(offset, bytes, (at, joined) -> {
                from.read(MemorySegment.ofBuffer(joined));
                image.write(at, joined);
            });
        } else {
            inPieces(offset, bytes, from, image::write);
        }
    }

    private static boolean isScattered(GuestBuffer buffer) {
        return buffer.pieces() > 1 && buffer.remaining() / buffer.pieces() < LARGE_PIECE;
    }

    /** Moves a part of a range of the disk. */
    @FunctionalInterface
    private interface Step {
        void move(long offset, ByteBuffer bytes) throws IOException;
    }

    private static void inPieces(long offset, long bytes, GuestBuffer buffer, Step step) throws IOException {
        long done = 0;
        while (done < bytes) {
            long part = Math.min(bytes - done, MOST_AT_ONCE);
            long start = offset + done;
            buffer.transfer(part, (piece, moved) -> step.move(start + moved, piece.asByteBuffer()));
            done += part;
        }
    }

    private void inJoined(long offset, long bytes, Step step) throws IOException {
        ByteBuffer unused = rooms.poll();
        ByteBuffer joined = unused == null ? ByteBuffer.allocateDirect(JOINED + ALIGNMENT).alignedSlice(ALIGNMENT) : unused;
        try {
            for (long done = 0; done < bytes; done += joined.limit()) {
                step.move(offset + done, joined.clear().limit((int) Math.min(JOINED, bytes - done)));
            }
        } finally {
            rooms.add(joined);
        }
    }

    void flush() throws IOException {
        image.flush();
    }

    void discard(long offset, long bytes) throws IOException {
        image.discard(offset, bytes);
    }

    void writeZeroes(long offset, long bytes, boolean release) throws IOException {
        image.writeZeroes(offset, bytes, release);
    }

    void close() throws IOException {
        image.close();
    }
}
