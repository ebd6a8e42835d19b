package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.ImageFormat;
import org.lodgevm.storage.Surroundings;
import org.lodgevm.storage.UnsupportedImageException;

/** The format {@code qcow2}. */
public final class Qcow2Format implements ImageFormat {
    private static final int SECTOR = 512;

    @Override
    public String name() {
        return "qcow2";
    }

    @Override
    public boolean recognises(ByteBuffer head, ByteStore store) {
        return head.remaining() >= Long.BYTES && head.getInt(0) == Qcow2Header.MAGIC && head.getInt(4) > 1;
    }

    @Override
    public DiskImage open(ByteStore store, Surroundings surroundings) throws IOException {
        Qcow2Header header = Qcow2Header.read(store);
        if (!store.isReadOnly()) {
            checkWritable(store, header);
            if (!surroundings.isRepair()) {
                checkSound(store, header);
                Checker.recover(store, header);
                header = Qcow2Header.read(store);
            }
        }
        DiskImage backing = null;
        if (header.backingFile != null && !surroundings.skipsBacking()) {
            backing = surroundings.openBacking(store, header.backingFile, header.extensions.backingFormat());
        }
        try {
            return new Qcow2Image(store, header, backing);
        } catch (IOException | RuntimeException e) {
            if (backing != null) {
                backing.close();
            }
            throw e;
        }
    }

    private static void checkWritable(ByteStore store, Qcow2Header header) throws IOException {
        if (header.geometry.subclusters()) {
            throw new UnsupportedImageException(store.name(), "it has extended L2 entries, which Lodge only reads; convert it first");
        }
    }

    private static void checkSound(ByteStore store, Qcow2Header header) throws CorruptImageException {
        if (header.has(Qcow2Header.CORRUPT)) {
            throw new CorruptImageException(store.name(), "it is marked as corrupt; mend it by lodge image check --repair all, or open it for reading only");
        }
    }

    @Override
    public void create(ByteStore store, long size, CreateOptions options, Surroundings surroundings) throws IOException {
        options.allow(name(), "compat", "cluster_size", "refcount_bits", "lazy_refcounts", "compression_type", "preallocation",
                "backing_file", "backing_fmt");
        int version = switch (options.word("compat", "1.1", "v3", "0.10", "v2")) {
            case "0.10", "v2" -> 2;
            default -> 3;
        };
        Codec codec = options.word("compression_type", "zlib", "zstd").equals("zstd") ? Codec.ZSTD : Codec.ZLIB;
        boolean lazy = options.flag("lazy_refcounts", false);
        Geometry geometry = new Geometry(
                powerOfTwo("cluster_size", options.size("cluster_size", 1 << 16), Qcow2Header.MIN_CLUSTER_BITS, Qcow2Header.MAX_CLUSTER_BITS),
                powerOfTwo("refcount_bits", options.size("refcount_bits", 16), 0, 6),
                false);
        if (version == 2 && (codec != Codec.ZLIB || lazy || geometry.refcountBits() != 16)) {
            throw new IllegalArgumentException("zstd, lazy_refcounts and other refcount_bits than 16 need compat=1.1");
        }
        String backing = options.text("backing_file").orElse(null);
        HeaderExtensions extensions = HeaderExtensions.of(backing == null ? null : options.text("backing_fmt").orElse(null));
        Qcow2Header header = new Qcow2Header(version, geometry, codec, backing, extensions);
        header.compatible = lazy ? Qcow2Header.LAZY_REFCOUNTS : 0;
        header.size = roundUp(size);
        NewImage.write(store, header);
        preallocate(store, options.word("preallocation", "off", "metadata", "falloc", "full"), backing != null);
    }

    private static void preallocate(ByteStore store, String how, boolean hasBacking) throws IOException {
        if (how.equals("off")) {
            return;
        }
        if (hasBacking) {
            throw new IllegalArgumentException("an image with a backing file cannot be preallocated");
        }
        Qcow2Image image = new Qcow2Image(store, Qcow2Header.read(store), null);
        image.preallocate(!how.equals("metadata"));
    }

    private static int powerOfTwo(String option, long value, int least, int most) {
        int bits = Long.numberOfTrailingZeros(value);
        if (Long.bitCount(value) != 1 || bits < least || bits > most) {
            throw new IllegalArgumentException("the option %s is a power of two from %d to %d, not %d".formatted(option, 1L << least, 1L << most, value));
        }
        return bits;
    }

    private static long roundUp(long size) {
        if (size < 0 || size > Long.MAX_VALUE - SECTOR) {
            throw new IllegalArgumentException("a disk cannot have %d bytes".formatted(size));
        }
        return size + SECTOR - 1 & -SECTOR;
    }
}
