package org.lodgevm.storage.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CheckReport;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.ImageInfo;
import org.lodgevm.storage.Repair;
import org.lodgevm.storage.UnsupportedImageException;

/** A disk in several files, one after the other. */
final class JoinedImage implements DiskImage {
    private final ByteStore descriptor;
    private final List<DiskImage> parts;
    private final DiskImage backing;
    private final Map<String, Object> details;
    private final long size;

    /** @param backing or null */
    JoinedImage(ByteStore descriptor, List<DiskImage> parts, DiskImage backing, Map<String, Object> details) {
        this.descriptor = descriptor;
        this.parts = parts;
        this.backing = backing;
        this.details = details;
        this.size = parts.stream().mapToLong(DiskImage::size).sum();
    }

    /** Something to do with a piece of one part. */
    private interface Work {
        void on(DiskImage part, long offset, long length) throws IOException;
    }

    private void forEachPart(long offset, long length, Work work) throws IOException {
        long begin = 0;
        for (DiskImage part : parts) {
            long from = Math.max(offset, begin);
            long to = Math.min(offset + length, begin + part.size());
            if (from < to) {
                work.on(part, from - begin, to - from);
            }
            begin += part.size();
        }
    }

    @Override
    public String name() {
        return descriptor.name();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean isReadOnly() {
        return descriptor.isReadOnly();
    }

    @Override
    public Optional<DiskImage> backing() {
        return Optional.ofNullable(backing);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        BlockImage.checkRange(this, offset, into.remaining());
        int limit = into.limit();
        forEachPart(offset, into.remaining(), (part, at, length) -> {
            part.read(at, into.limit(into.position() + (int) length));
            into.limit(limit);
        });
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        BlockImage.checkChange(this, offset, from.remaining());
        int limit = from.limit();
        forEachPart(offset, from.remaining(), (part, at, length) -> {
            part.write(at, from.limit(from.position() + (int) length));
            from.limit(limit);
        });
    }

    @Override
    public void flush() throws IOException {
        for (DiskImage part : parts) {
            part.flush();
        }
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        BlockImage.checkChange(this, offset, length);
        forEachPart(offset, length, DiskImage::discard);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        BlockImage.checkChange(this, offset, length);
        forEachPart(offset, length, (part, at, count) -> part.writeZeroes(at, count, release));
    }

    @Override
    public Extent extent(long offset, long length) throws IOException {
        BlockImage.checkRange(this, offset, length);
        long begin = 0;
        for (DiskImage part : parts) {
            if (offset < begin + part.size()) {
                Extent extent = part.extent(offset - begin, Math.min(length, begin + part.size() - offset));
                return new Extent(offset, extent.length(), extent.depth(), extent.present(), extent.zero(), extent.compressed(), Extent.NOWHERE);
            }
            begin += part.size();
        }
        throw new IllegalArgumentException("nothing at " + offset);
    }

    @Override
    public void resize(long newSize) throws IOException {
        throw new UnsupportedImageException(name(), "images of the format vmdk keep their size; convert it");
    }

    @Override
    public CheckReport check(Repair repair) throws IOException {
        CheckReport all = new CheckReport(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
        for (DiskImage part : parts) {
            all = all.plus(part.check(repair));
        }
        return all;
    }

    @Override
    public ImageInfo info() throws IOException {
        long allocated = descriptor.allocated();
        for (DiskImage part : parts) {
            allocated += part.info().allocated();
        }
        return ImageInfo.of("vmdk", size, allocated, parts.isEmpty() ? 0 : parts.getFirst().info().clusterSize(), details);
    }

    @Override
    public void close() throws IOException {
        try (descriptor) {
            for (DiskImage part : parts) {
                part.close();
            }
        } finally {
            if (backing != null) {
                backing.close();
            }
        }
    }
}
