package org.lodgevm.storage.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.StorageException;
import org.lodgevm.storage.UnsupportedImageException;
import org.lodgevm.storage.blocks.BlockTable;
import org.lodgevm.storage.blocks.StoredTable;

/**
 * The two levels of tables of a sparse extent. All words of the file are taken for one table, of which directory and grain
 * tables are parts.
 *
 * @vmdk "Grain Directory", "Grain Table", "Compressed Grain"
 */
final class GrainTable implements BlockTable {
    private static final int SECTOR = SparseHeader.SECTOR;
    private static final int WORDS_PER_SECTOR = SECTOR / Integer.BYTES;
    private static final int ZEROED = 1;
    private static final int MARKER_LENGTH = 12;
    private static final int UNPACKED = 32;

    private final ByteStore store;
    private final SparseHeader header;
    private final VmdkDescriptor descriptor;
    private final StoredTable words;
    private long end;
    private final Map<Long, byte[]> unpacked = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > UNPACKED;
        }
    };

    /** @param descriptor of the disk, to be told of changes */
    GrainTable(ByteStore store, SparseHeader header, VmdkDescriptor descriptor) throws IOException {
        this.store = store;
        this.header = header;
        this.descriptor = descriptor;
        this.words = new StoredTable(store, 0, store.size() / Integer.BYTES, Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
        long last = header.directory() * WORDS_PER_SECTOR + header.tables();
        if (header.directory() < 0 || header.directory() > store.size() / SECTOR || last > words.entries()) {
            throw new CorruptImageException(store.name(), header.directory() * SECTOR, "the grain directory is not inside of the file");
        }
    }

    @Override
    public int blockSize() {
        return header.grainLength();
    }

    /** Which word has a grain's place, or -1 if there is no table for it. */
    private long word(long directory, long grain) throws IOException {
        long table = words.get(directory * WORDS_PER_SECTOR + grain / header.entriesPerTable());
        return table == 0 ? -1 : table * WORDS_PER_SECTOR + grain % header.entriesPerTable();
    }

    @Override
    public long place(long grain) throws IOException {
        long word = word(header.directory(), grain);
        long sector = word < 0 ? 0 : words.get(word);
        if (sector == 0) {
            return ABSENT;
        }
        if (sector == ZEROED && header.hasZeroedGrains()) {
            return ZERO;
        }
        return header.isCompressed() ? PACKED : sector * SECTOR;
    }

    @Override
    public ByteBuffer unpack(long grain) throws IOException {
        synchronized (unpacked) {
            byte[] known = unpacked.get(grain);
            if (known != null) {
                return ByteBuffer.wrap(known);
            }
        }
        long place = words.get(word(header.directory(), grain)) * SECTOR;
        byte[] content = inflate(grain, place);
        synchronized (unpacked) {
            unpacked.put(grain, content);
        }
        return ByteBuffer.wrap(content);
    }

    private byte[] inflate(long grain, long place) throws IOException {
        int length = 2 * header.grainLength();
        long at = place;
        if (header.hasMarkers()) {
            ByteBuffer marker = ByteBuffer.allocate(MARKER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            store.read(place, marker);
            int size = marker.getInt(Long.BYTES);
            if (size <= 0 || size > length + SECTOR || marker.getLong(0) != grain * header.grain()) {
                throw new CorruptImageException(store.name(), place, "the marker of grain %d is of another one, or of %d bytes".formatted(grain, Integer.toUnsignedLong(size)));
            }
            length = size;
            at += MARKER_LENGTH;
        }
        byte[] packed = new byte[length];
        store.read(at, ByteBuffer.wrap(packed));
        byte[] content = new byte[header.grainLength()];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(packed);
            int done = 0;
            for (int count = 1; count > 0 && done < content.length; done += count) {
                count = inflater.inflate(content, done, content.length - done);
            }
            long inDisk = Math.min(content.length, (header.capacity() - grain * header.grain()) * SECTOR);
            if (done < inDisk) {
                throw new CorruptImageException(store.name(), at, "a compressed grain ends early");
            }
            return content;
        } catch (DataFormatException e) {
            throw new CorruptImageException(store.name(), at, "a compressed grain is damaged: " + e.getMessage());
        }
    }

    @Override
    public void announce() throws IOException {
        end = store.size() + header.grainLength() - 1 & -(long) header.grainLength();
        if (descriptor != null) {
            descriptor.renew();
        }
    }

    @Override
    public long allocate() throws IOException {
        if (end / SECTOR > 0xffff_ffffL) {
            throw new StorageException(store.name(), end, "a table of 32 bits cannot refer to what is so far behind");
        }
        long place = end;
        end += header.grainLength();
        return place;
    }

    @Override
    public void refer(long grain, long place) throws IOException {
        put(grain, place / SECTOR);
    }

    @Override
    public boolean makeZero(long grain) throws IOException {
        if (header.hasZeroedGrains()) {
            put(grain, ZEROED);
        }
        return header.hasZeroedGrains();
    }

    private void put(long grain, long sector) throws IOException {
        long word = word(header.directory(), grain);
        if (word < 0) {
            throw new UnsupportedImageException(store.name(), "it has no table for grain %d; convert it before writing to it".formatted(grain));
        }
        if (header.hasRedundantTable()) {
            long second = word(header.redundantDirectory(), grain);
            if (second >= 0 && second < words.entries()) {
                words.put(second, sector);
            }
        }
        words.put(word, sector);
    }

    @Override
    public boolean hasChanges() {
        return words.hasChanges();
    }

    @Override
    public boolean isCrowded() {
        return words.isCrowded();
    }

    @Override
    public void write() throws IOException {
        words.write();
    }
}
