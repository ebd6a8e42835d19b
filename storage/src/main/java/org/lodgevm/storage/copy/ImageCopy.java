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
        if (compress || to.isAlwaysCompressed()) {
            runCompressed();
        } else {
            runPlain();
        }
        to.flush();
    }

    private void runPlain() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        long total = Math.min(from.size(), to.size());
        for (long at = 0; at < total;) {
            Extent extent = from.extent(at, total - at);
            long end = extent.end();
            if (isLeftOut(extent)) {
                skip(extent, at, end);
            } else {
                end = Math.min(end, at + buffer.capacity());
                from.read(at, buffer.clear().limit((int) (end - at)));
                write(at, buffer.flip());
            }
            at = end;
            progress.advance(at, total);
        }
    }

    private boolean isLeftOut(Extent extent) {
        return extent.zero() || own && !extent.isOwn();
    }

    private void runCompressed() throws IOException {
        int unit = to.compressionUnit();
        if (unit == 0) {
            to.pack(ByteBuffer.allocate(0)); // says why it cannot
        }
        long total = Math.min(from.size(), to.size());
        try (Packing packing = new Packing(to)) {
            for (long at = 0; at < total;) {
                Extent extent = from.extent(at, total - at);
                long end = extent.end() < total ? extent.end() / unit * unit : total;
                if (isLeftOut(extent) && end > at) {
                    skip(extent, at, end);
                } else {
                    end = Math.min(at + unit, total);
                    packOrSkip(packing, at, unit(at, end));
                }
                at = end;
                progress.advance(at, total);
            }
            packing.finish();
        }
    }

    /** What a unit of the target is to be: behind the end of {@code from}, which may be inside of it, what it is. */
    private ByteBuffer unit(long at, long end) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) Math.min(to.compressionUnit(), to.size() - at));
        from.read(at, content.limit((int) (end - at)));
        content.limit(content.capacity());
        if (content.hasRemaining() && !blank) {
            to.read(end, content);
        }
        return content.clear();
    }

    private void packOrSkip(Packing packing, long offset, ByteBuffer content) throws IOException {
        if (!Zeroes.only(content, 0, content.limit())) {
            packing.add(offset, content);
        } else if (!blank) {
            to.writeZeroes(offset, content.limit(), true);
        }
    }

    private void skip(Extent extent, long at, long end) throws IOException {
        if ((sparse == 0 || !blank) && (!own || extent.isOwn())) {
            to.writeZeroes(at, end - at, sparse > 0);
        }
    }

    private void write(long offset, ByteBuffer content) throws IOException {
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
