package org.lodgevm.storage.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;

/**
 * Copies what an image holds into another one.
 *
 * @param blank whether {@code to} is new, and reads as zeroes
 * @param sparse runs of zeroes at least so long are left out; 0 writes all
 * @param compress whether to compress
 * @param own whether to copy only what {@code from} itself keeps, without what is below it
 */
public record ImageCopy(DiskImage from, DiskImage to, boolean blank, int sparse, boolean compress, boolean own, Progress progress) {
    /** What QEMU leaves out as well. */
    public static final int SPARSE = 1 << 12;

    private static final int CHUNK = 2 << 20;

    /** Copies everything and makes it durable. */
    public void run() throws IOException {
        if (to.isAlwaysCompressed() && !compress) {
            new ImageCopy(from, to, blank, sparse, true, own, progress).run();
            return;
        }
        int unit = compress ? to.compressionUnit() : 0;
        if (compress && unit == 0) {
            to.writeCompressed(0, ByteBuffer.allocate(0)); // says why it cannot
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(CHUNK, unit));
        long total = Math.min(from.size(), to.size());
        long at = 0;
        while (at < total) {
            Extent extent = from.extent(at, total - at);
            if (extent.zero() || own && !extent.isOwn()) {
                long end = Math.min(total, extent.end());
                if (compress && end < total) {
                    end = Math.max(at, end / unit * unit);
                }
                if (end > at) {
                    skip(extent, at, end);
                    at = end;
                    progress.advance(at, total);
                    continue;
                }
            }
            long length = Math.min(buffer.capacity(), total - at);
            if (compress) {
                length = Math.min(unit, total - at);
            } else {
                length = Math.min(length, extent.end() - at);
            }
            from.read(at, buffer.clear().limit((int) length));
            write(at, buffer.flip());
            at += length;
            progress.advance(at, total);
        }
        to.flush();
    }

    private void skip(Extent extent, long at, long end) throws IOException {
        if ((sparse == 0 || !blank) && (!own || extent.isOwn())) {
            to.writeZeroes(at, end - at, sparse > 0);
        }
    }

    private void write(long offset, ByteBuffer content) throws IOException {
        if (compress) {
            if (!Zeroes.only(content, 0, content.limit())) {
                to.writeCompressed(offset, content);
            } else if (!blank) {
                to.writeZeroes(offset, content.limit(), true);
            }
            return;
        }
        int length = content.limit();
        int begin = 0;
        for (int at = 0; at < length;) {
            int count = zeroes(content, at, length);
            if (count > 0) {
                writePart(offset, content, begin, at);
                if (!blank) {
                    to.writeZeroes(offset + at, count, true);
                }
                at += count;
                begin = at;
            } else {
                at += sparse == 0 ? length : Math.min(sparse, length - at);
            }
        }
        writePart(offset, content, begin, length);
    }

    /** How many bytes from {@code at} on are to be left out. */
    private int zeroes(ByteBuffer content, int at, int length) {
        int count = 0;
        while (sparse > 0 && at + count < length) {
            int step = Math.min(sparse, length - at - count);
            if (!Zeroes.only(content, at + count, step)) {
                break;
            }
            count += step;
        }
        return count;
    }

    private void writePart(long offset, ByteBuffer content, int from, int end) throws IOException {
        if (from < end) {
            to.write(offset + from, content.slice(from, end - from));
        }
    }

    /** Moves what an image has over its backing image into that, and empties it. */
    public static void commit(DiskImage image, Progress progress) throws IOException {
        DiskImage below = image.backing().orElseThrow(() -> new IllegalArgumentException(image.name() + " has no backing file to commit to"));
        if (below.size() < image.size()) {
            below.resize(image.size());
        }
        new ImageCopy(image, below, false, SPARSE, false, true, progress).run();
        image.empty();
    }
}
