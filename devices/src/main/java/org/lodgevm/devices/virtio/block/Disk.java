package org.lodgevm.devices.virtio.block;

import java.io.IOException;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.storage.BlockImage;

/** Moves data between an image and a guest's memory. Offsets have been checked. */
final class Disk {
    /** Unit of offsets and lengths in requests, whatever the block size. @virtio 5.2.4 */
    static final int SECTOR = 512;

    /** A piece of a buffer passes as one, up to what a byte buffer can be. */
    private static final int MOST_AT_ONCE = 1 << 30;

    private final BlockImage image;

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
        long done = 0;
        while (done < bytes) {
            long part = Math.min(bytes - done, MOST_AT_ONCE);
            long start = offset + done;
            into.transfer(part, (piece, moved) -> image.read(start + moved, piece.asByteBuffer()));
            done += part;
        }
    }

    void write(long offset, long bytes, GuestBuffer from) throws IOException {
        long done = 0;
        while (done < bytes) {
            long part = Math.min(bytes - done, MOST_AT_ONCE);
            long start = offset + done;
            from.transfer(part, (piece, moved) -> image.write(start + moved, piece.asByteBuffer()));
            done += part;
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
