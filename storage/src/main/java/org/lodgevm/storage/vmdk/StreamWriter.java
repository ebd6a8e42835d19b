package org.lodgevm.storage.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.ImageInfo;
import org.lodgevm.storage.UnsupportedImageException;

/**
 * A stream-optimised extent that is being written, grain after grain. Closing it writes the tables, which are at the end.
 *
 * @vmdk "Stream-Optimized Compressed Sparse Extents"
 */
final class StreamWriter implements DiskImage {
    private static final int SECTOR = SparseHeader.SECTOR;
    private static final int MARKER_LENGTH = 12;
    /** Takes half the time of the usual level, and a few percent more space. */
    private static final int LEVEL = 4;

    /** In bytes: that of a disk of 128 TiB. */
    private static final long LARGEST_DIRECTORY = 16 << 20;

    private static final int TABLE_MARKER = 1;
    private static final int DIRECTORY_MARKER = 2;
    private static final int FOOTER_MARKER = 3;

    private final ByteStore store;
    private final SparseHeader header;
    private final Map<Long, int[]> tables = new TreeMap<>();
    private long end;
    private long nextGrain;

    StreamWriter(ByteStore store, SparseHeader header) throws UnsupportedImageException {
        if (header.tables() > LARGEST_DIRECTORY / Integer.BYTES) {
            throw new UnsupportedImageException(store.name(), "a stream-optimised disk of %d bytes would need %d tables, and Lodge writes up to %d; use qcow2".formatted(
                    header.capacity() * SECTOR, header.tables(), LARGEST_DIRECTORY / Integer.BYTES));
        }
        this.store = store;
        this.header = header;
        this.end = header.overhead() * SECTOR;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public long size() {
        return header.capacity() * SECTOR;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public int compressionUnit() {
        return header.grainLength();
    }

    @Override
    public boolean isAlwaysCompressed() {
        return true;
    }

    @Override
    public Packed pack(ByteBuffer unit) {
        byte[] content = new byte[header.grainLength()];
        unit.slice().get(content, 0, unit.remaining());
        ByteBuffer packed = ByteBuffer.allocate(MARKER_LENGTH + 2 * content.length + SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        try (Deflater deflater = new Deflater(LEVEL)) {
            deflater.setInput(content);
            deflater.finish();
            int length = deflater.deflate(packed.array(), MARKER_LENGTH, packed.capacity() - MARKER_LENGTH);
            packed.putInt(Long.BYTES, length).limit(MARKER_LENGTH + length + SECTOR - 1 & -SECTOR);
        }
        return new Packed(unit, packed);
    }

    @Override
    public synchronized void writePacked(long offset, Packed unit) throws IOException {
        long grain = offset / header.grainLength();
        if (offset % header.grainLength() != 0 || grain < nextGrain) {
            throw onlyOnce();
        }
        tables.computeIfAbsent(grain / header.entriesPerTable(), table -> new int[header.entriesPerTable()])[(int) (grain % header.entriesPerTable())] =
                (int) (end / SECTOR);
        append(unit.packed().putLong(0, grain * header.grain()));
        nextGrain = grain + 1;
    }

    private void append(ByteBuffer sectors) throws IOException {
        int length = sectors.remaining();
        store.write(end, sectors);
        end += length;
    }

    private void appendMarked(int type, ByteBuffer sectors) throws IOException {
        ByteBuffer marker = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        marker.putLong(0, sectors.remaining() / SECTOR).putInt(MARKER_LENGTH, type);
        append(marker);
        append(sectors);
    }

    private static ByteBuffer sectors(long words) {
        return ByteBuffer.allocate((int) (words * Integer.BYTES + SECTOR - 1 & -SECTOR)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        try (store) {
            ByteBuffer directory = sectors(header.tables());
            for (Map.Entry<Long, int[]> table : tables.entrySet()) {
                ByteBuffer entries = sectors(header.entriesPerTable());
                entries.asIntBuffer().put(table.getValue());
                directory.putInt((int) (table.getKey() * Integer.BYTES), (int) (end / SECTOR) + 1);
                appendMarked(TABLE_MARKER, entries);
            }
            long directoryAt = end / SECTOR + 1;
            appendMarked(DIRECTORY_MARKER, directory);
            appendMarked(FOOTER_MARKER, header.withDirectory(directoryAt).encode());
            append(ByteBuffer.allocate(SECTOR));
            store.flush();
        }
    }

    private UnsupportedImageException onlyOnce() {
        return new UnsupportedImageException(name(), "what is stream-optimised is written once, from the beginning to the end");
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        throw onlyOnce();
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        throw onlyOnce();
    }

    @Override
    public void writeZeroes(long offset, long length, boolean release) throws IOException {
        throw onlyOnce();
    }

    @Override
    public void discard(long offset, long length) {}

    @Override
    public Extent extent(long offset, long length) throws IOException {
        throw onlyOnce();
    }

    @Override
    public void resize(long size) throws IOException {
        throw onlyOnce();
    }

    @Override
    public void flush() throws IOException {
        store.flush();
    }

    @Override
    public ImageInfo info() throws IOException {
        return ImageInfo.of("vmdk", size(), store.allocated(), header.grainLength(), Map.of("create-type", "streamOptimized"));
    }
}
