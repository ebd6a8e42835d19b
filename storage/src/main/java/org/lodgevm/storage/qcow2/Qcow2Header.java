package org.lodgevm.storage.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.UnsupportedImageException;

/**
 * The first bytes of the file. Mutable: whoever changes a field writes the header when the rest of the file allows it.
 *
 * @qcow2 "Header"
 */
final class Qcow2Header {
    static final int MAGIC = 'Q' << 24 | 'F' << 16 | 'I' << 8 | 0xfb;
    static final int V2_LENGTH = 72;
    static final int V3_LENGTH = 112;
    private static final int V3_SHORTEST = 104;

    static final int MIN_CLUSTER_BITS = 9;
    static final int MAX_CLUSTER_BITS = 21;
    private static final int MAX_REFCOUNT_ORDER = 6;
    private static final int DEFAULT_REFCOUNT_ORDER = 4;
    private static final int MAX_NAME = 1023;
    static final int MAX_SNAPSHOTS = 65536;

    /** QEMU's limits, so that both take the same images. */
    static final long MAX_L1_BYTES = 32L << 20;
    static final long MAX_REFTABLE_BYTES = 8L << 20;

    /** Incompatible features: who does not know one must not open the image. */
    static final long DIRTY = 1;
    static final long CORRUPT = 1 << 1;
    static final long DATA_FILE = 1 << 2;
    static final long COMPRESSION = 1 << 3;
    static final long EXTENDED_L2 = 1 << 4;
    private static final long KNOWN = DIRTY | CORRUPT | COMPRESSION | EXTENDED_L2;

    /** A compatible feature. */
    static final long LAZY_REFCOUNTS = 1;

    /** An autoclear feature: bitmaps tell the truth. */
    static final long BITMAPS = 1;

    /** Offsets of the fields. */
    private static final int VERSION = 4;
    private static final int BACKING_OFFSET = 8;
    private static final int BACKING_LENGTH = 16;
    private static final int CLUSTER_BITS = 20;
    private static final int SIZE = 24;
    private static final int CRYPT_METHOD = 32;
    private static final int L1_SIZE = 36;
    private static final int L1_OFFSET = 40;
    private static final int REFTABLE_OFFSET = 48;
    private static final int REFTABLE_CLUSTERS = 56;
    private static final int SNAPSHOTS = 60;
    private static final int SNAPSHOTS_OFFSET = 64;
    private static final int INCOMPATIBLE = 72;
    private static final int COMPATIBLE = 80;
    private static final int AUTOCLEAR = 88;
    private static final int REFCOUNT_ORDER = 96;
    private static final int HEADER_LENGTH = 100;
    private static final int COMPRESSION_TYPE = 104;

    final int version;
    final Geometry geometry;
    final Codec codec;
    final int length;
    final String backingFile;
    final HeaderExtensions extensions;

    long size;
    int l1Size;
    long l1Offset;
    long reftableOffset;
    int reftableClusters;
    int snapshots;
    long snapshotsOffset;
    long incompatible;
    long compatible;
    long autoclear;
    private final long backingOffset;
    private final int backingLength;

    private Qcow2Header(ByteBuffer bytes, ByteStore store) throws IOException {
        String name = store.name();
        check(bytes.remaining() >= V2_LENGTH && bytes.getInt(0) == MAGIC, name, 0, "it has no qcow2 header");
        version = bytes.getInt(VERSION);
        if (version != 2 && version != 3) {
            throw new UnsupportedImageException(name, "it is qcow2 of version %d; there are 2 and 3".formatted(Integer.toUnsignedLong(version)));
        }
        boolean v3 = version == 3;
        check(!v3 || bytes.remaining() >= V3_SHORTEST, name, 0, "the header is cut off");
        length = v3 ? bytes.getInt(HEADER_LENGTH) : V2_LENGTH;
        int clusterBits = bytes.getInt(CLUSTER_BITS);
        check(clusterBits >= MIN_CLUSTER_BITS && clusterBits <= MAX_CLUSTER_BITS, name, CLUSTER_BITS,
                "clusters of 2^%d bytes; there are those of 512 bytes to 2 MiB".formatted(Integer.toUnsignedLong(clusterBits)));
        check(length >= (v3 ? V3_SHORTEST : V2_LENGTH) && length <= 1 << clusterBits, name, HEADER_LENGTH,
                "a header of %d bytes".formatted(Integer.toUnsignedLong(length)));
        if (v3) {
            incompatible = bytes.getLong(INCOMPATIBLE);
            compatible = bytes.getLong(COMPATIBLE);
            autoclear = bytes.getLong(AUTOCLEAR);
        }
        ByteBuffer cluster = ByteBuffer.allocate(1 << clusterBits);
        store.read(0, cluster.slice());
        backingOffset = bytes.getLong(BACKING_OFFSET);
        backingLength = bytes.getInt(BACKING_LENGTH);
        long extensionsEnd = backingOffset != 0 && backingOffset < cluster.capacity() ? backingOffset : cluster.capacity();
        extensions = HeaderExtensions.parse(name, cluster.slice(0, Math.clamp(extensionsEnd, length, cluster.capacity())), length);
        refuseUnknown(name);
        int order = v3 ? bytes.getInt(REFCOUNT_ORDER) : DEFAULT_REFCOUNT_ORDER;
        check(order >= 0 && order <= MAX_REFCOUNT_ORDER, name, REFCOUNT_ORDER, "reference counts of 2^%d bits".formatted(Integer.toUnsignedLong(order)));
        geometry = new Geometry(clusterBits, order, has(EXTENDED_L2));
        check(!has(EXTENDED_L2) || clusterBits >= 14, name, CLUSTER_BITS, "extended L2 entries need clusters of 16 KiB or more");
        int encryption = bytes.getInt(CRYPT_METHOD);
        if (encryption != 0) {
            throw new UnsupportedImageException(name, "it is encrypted, which Lodge does not do");
        }
        int compression = has(COMPRESSION) && length > COMPRESSION_TYPE ? bytes.get(COMPRESSION_TYPE) & 0xff : 0;
        codec = Codec.of(compression, name);
        size = bytes.getLong(SIZE);
        l1Size = bytes.getInt(L1_SIZE);
        l1Offset = bytes.getLong(L1_OFFSET);
        reftableOffset = bytes.getLong(REFTABLE_OFFSET);
        reftableClusters = bytes.getInt(REFTABLE_CLUSTERS);
        snapshots = bytes.getInt(SNAPSHOTS);
        snapshotsOffset = bytes.getLong(SNAPSHOTS_OFFSET);
        checkTables(name, store.size());
        backingFile = backingOffset == 0 ? null : readName(cluster, name);
    }

    /** A new image's. */
    Qcow2Header(int version, Geometry geometry, Codec codec, String backingFile, HeaderExtensions extensions) {
        this.version = version;
        this.geometry = geometry;
        this.codec = codec;
        this.length = version == 3 ? V3_LENGTH : V2_LENGTH;
        this.backingFile = backingFile;
        this.extensions = extensions;
        this.backingOffset = backingFile == null ? 0 : length + extensions.encode().remaining();
        this.backingLength = backingFile == null ? 0 : backingFile.getBytes(UTF_8).length;
        this.incompatible = (codec == Codec.ZLIB ? 0 : COMPRESSION) | (geometry.subclusters() ? EXTENDED_L2 : 0);
    }

    static Qcow2Header read(ByteStore store) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(V3_LENGTH, store.size()));
        store.read(0, bytes);
        return new Qcow2Header(bytes.flip(), store);
    }

    boolean has(long incompatibleFeature) {
        return (incompatible & incompatibleFeature) != 0;
    }

    boolean isLazy() {
        return (compatible & LAZY_REFCOUNTS) != 0;
    }

    private void refuseUnknown(String name) throws IOException {
        if (has(DATA_FILE)) {
            throw new UnsupportedImageException(name, "its content is in an external data file, which Lodge does not do");
        }
        long unknown = incompatible & ~KNOWN;
        if (unknown != 0) {
            List<String> names = extensions.featureNames(unknown);
            throw new UnsupportedImageException(name, "it needs features that Lodge does not know: " + String.join(", ", names));
        }
    }

    private void checkTables(String name, long fileSize) throws IOException {
        check(size >= 0, name, SIZE, "a disk of %s bytes".formatted(Long.toUnsignedString(size)));
        long l1Bytes = Integer.toUnsignedLong(l1Size) * Long.BYTES;
        check(l1Bytes <= MAX_L1_BYTES, name, L1_SIZE, "an L1 table of %d bytes".formatted(l1Bytes));
        check(l1Size >= geometry.l1Entries(size), name, L1_SIZE,
                "an L1 table of %d entries is too small for a disk of %d bytes".formatted(l1Size, size));
        checkPlace(name, "the L1 table", L1_OFFSET, l1Offset, l1Bytes, fileSize);
        long reftableBytes = Integer.toUnsignedLong(reftableClusters) << geometry.clusterBits();
        check(reftableClusters != 0, name, REFTABLE_CLUSTERS, "there is no refcount table");
        check(reftableBytes <= MAX_REFTABLE_BYTES, name, REFTABLE_CLUSTERS, "a refcount table of %d bytes".formatted(reftableBytes));
        checkPlace(name, "the refcount table", REFTABLE_OFFSET, reftableOffset, 0, fileSize);
        check(Integer.toUnsignedLong(snapshots) <= MAX_SNAPSHOTS, name, SNAPSHOTS, "%d snapshots".formatted(Integer.toUnsignedLong(snapshots)));
        if (snapshots > 0) {
            checkPlace(name, "the snapshot table", SNAPSHOTS_OFFSET, snapshotsOffset, 0, fileSize);
        }
    }

    private void checkPlace(String name, String what, int field, long offset, long bytes, long fileSize) throws IOException {
        if (bytes == 0 && offset == 0) {
            return;
        }
        check(geometry.isAligned(offset), name, field, "%s is at %#x, which is inside of a cluster".formatted(what, offset));
        check(offset >= geometry.clusterSize() && offset <= fileSize && bytes <= fileSize - offset, name, field,
                "%s at %#x is not inside of the file".formatted(what, offset));
    }

    private String readName(ByteBuffer cluster, String name) throws IOException {
        check(backingLength >= 0 && backingLength <= MAX_NAME && backingOffset >= 0 && backingOffset <= cluster.capacity() - backingLength,
                name, BACKING_OFFSET, "the backing file's name is not inside of the first cluster");
        byte[] text = new byte[backingLength];
        cluster.get((int) backingOffset, text);
        return new String(text, UTF_8);
    }

    static void check(boolean sound, String name, long offset, String problem) throws CorruptImageException {
        if (!sound) {
            throw new CorruptImageException(name, offset, problem);
        }
    }

    /** Writes all fields that can change, in one piece that no sector boundary divides. */
    void write(ByteStore store) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(length, V3_LENGTH));
        bytes.putInt(0, MAGIC).putInt(VERSION, version);
        bytes.putLong(BACKING_OFFSET, backingOffset).putInt(BACKING_LENGTH, backingLength);
        bytes.putInt(CLUSTER_BITS, geometry.clusterBits()).putLong(SIZE, size);
        bytes.putInt(L1_SIZE, l1Size).putLong(L1_OFFSET, l1Offset);
        bytes.putLong(REFTABLE_OFFSET, reftableOffset).putInt(REFTABLE_CLUSTERS, reftableClusters);
        bytes.putInt(SNAPSHOTS, snapshots).putLong(SNAPSHOTS_OFFSET, snapshotsOffset);
        if (version == 3) {
            bytes.putLong(INCOMPATIBLE, incompatible).putLong(COMPATIBLE, compatible).putLong(AUTOCLEAR, autoclear);
            bytes.putInt(REFCOUNT_ORDER, geometry.refcountOrder()).putInt(HEADER_LENGTH, length);
            if (length > COMPRESSION_TYPE) {
                bytes.put(COMPRESSION_TYPE, (byte) codec.ordinal());
            }
        }
        store.write(0, bytes);
    }

    /** Writes the whole first cluster of a new image. */
    void writeNew(ByteStore store) throws IOException {
        ByteBuffer cluster = ByteBuffer.allocate(geometry.clusterSize());
        ByteBuffer encoded = extensions.encode();
        int needed = length + encoded.remaining() + backingLength;
        if (needed > cluster.capacity() || backingLength > MAX_NAME) {
            throw new UnsupportedImageException(store.name(), "the backing file's name is too long for clusters of %d bytes".formatted(cluster.capacity()));
        }
        cluster.put(length, encoded, 0, encoded.remaining());
        if (backingFile != null) {
            cluster.put((int) backingOffset, backingFile.getBytes(UTF_8));
        }
        store.write(0, cluster);
        write(store);
    }
}
