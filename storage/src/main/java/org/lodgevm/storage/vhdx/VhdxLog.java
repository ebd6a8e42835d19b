package org.lodgevm.storage.vhdx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.UnsupportedImageException;

/**
 * The log: a ring of entries, each a set of sectors to be written.
 *
 * @vhdx 2.3
 */
final class VhdxLog {
    private static final int SECTOR = 4096;
    private static final int ENTRY_HEADER = 64;
    private static final int DESCRIPTOR = 32;
    private static final int LARGEST = 16 << 20;
    private static final int ALIGNMENT = 1 << 20;
    private static final int ENTRY_LENGTH = 8;
    private static final int TAIL = 12;
    private static final int SEQUENCE = 16;
    private static final int DESCRIPTORS = 24;
    private static final int GUID = 32;
    private static final int FLUSHED_SIZE = 48;
    private static final int LAST_SIZE = 56;

    /** What a descriptor says, by its own offsets. */
    private static final int TRAILING = 4;
    private static final int LEADING = 8;
    private static final int ZERO_LENGTH = 8;
    private static final int PLACE = 16;
    private static final int DESCRIPTOR_SEQUENCE = 24;
    /** Of a data sector. */
    private static final int DATA = 8;
    private static final int DATA_LENGTH = SECTOR - DATA - Integer.BYTES;

    /** An entry, unrolled out of the ring. */
    private record Entry(int offset, ByteBuffer bytes) {
        long sequence() {
            return bytes.getLong(SEQUENCE);
        }
    }

    private final ByteStore store;
    private final VhdxHeader header;
    private final ByteBuffer ring;

    private VhdxLog(ByteStore store, VhdxHeader header) throws IOException {
        this.store = store;
        this.header = header;
        if (header.logLength() < 0 || header.logLength() > LARGEST) {
            throw new UnsupportedImageException(store.name(), "its log has %d bytes; Lodge plays back up to 16 MiB".formatted(Integer.toUnsignedLong(header.logLength())));
        }
        if (header.logLength() % ALIGNMENT != 0 || header.logLength() == 0 || header.logOffset() % ALIGNMENT != 0 || header.logOffset() < ALIGNMENT
                || header.logOffset() > store.size() - header.logLength()) {
            throw new CorruptImageException(store.name(), header.logOffset(), "the log is not inside of the file");
        }
        this.ring = Structures.read(store, header.logOffset(), header.logLength());
    }

    /** Plays back what has not reached its place, and says so in the header. @return the header then in force */
    static VhdxHeader replay(ByteStore store, VhdxHeader header) throws IOException {
        if (header.log().equals(Guid.NONE)) {
            return header;
        }
        if (store.isReadOnly()) {
            throw new UnsupportedImageException(store.name(), "it was not closed, and has a log to be played back; open it for writing once: check -r all");
        }
        VhdxLog log = new VhdxLog(store, header);
        for (Entry entry : log.active()) {
            log.apply(entry);
        }
        store.flush();
        return header.withoutLog().write(store);
    }

    /** Entries from the tail that the newest one names to that one. @vhdx 2.3.3 */
    private List<Entry> active() throws IOException {
        Map<Integer, Entry> sound = new HashMap<>();
        for (int offset = 0; offset < ring.capacity();) {
            Entry entry = entry(offset);
            if (entry != null) {
                sound.put(offset, entry);
            }
            offset += entry == null ? SECTOR : entry.bytes.capacity(); // one inside of it would have broken its checksum, and so was not written later
        }
        List<Entry> best = List.of();
        for (Entry head : sound.values()) {
            List<Entry> chain = chain(sound, head);
            if (!chain.isEmpty() && (best.isEmpty() || Long.compareUnsigned(head.sequence(), best.getLast().sequence()) > 0)) {
                best = chain;
            }
        }
        if (best.isEmpty()) {
            throw new CorruptImageException(store.name(), header.logOffset(), "the log has to be played back, but holds no sound entries");
        }
        checkSize(best.getLast());
        return best;
    }

    /** From the head's tail to the head, or nothing if there is a gap. */
    private List<Entry> chain(Map<Integer, Entry> sound, Entry head) {
        List<Entry> chain = new ArrayList<>();
        Entry entry = sound.get(head.bytes.getInt(TAIL));
        while (entry != null && chain.size() < sound.size()) {
            chain.add(entry);
            if (entry.offset == head.offset) {
                return chain;
            }
            Entry next = sound.get((entry.offset + entry.bytes.capacity()) % ring.capacity());
            entry = next != null && next.sequence() == entry.sequence() + 1 ? next : null;
        }
        return List.of();
    }

    private void checkSize(Entry head) throws IOException {
        if (head.bytes.getLong(FLUSHED_SIZE) > store.size()) {
            throw new CorruptImageException(store.name(), header.logOffset() + head.offset, "the file is shorter than its log knew it");
        }
    }

    private Entry entry(int offset) {
        if (!Structures.hasSignature(ring.slice(offset, SECTOR), "loge")) {
            return null;
        }
        int length = ring.getInt(offset + ENTRY_LENGTH);
        if (length < SECTOR || length % SECTOR != 0 || length > ring.capacity()) {
            return null;
        }
        ByteBuffer bytes = Structures.empty(length);
        int first = Math.min(length, ring.capacity() - offset);
        bytes.put(0, ring, offset, first).put(first, ring, 0, length - first);
        boolean ours = Structures.isSound(bytes, "loge") && Guid.get(bytes, GUID).equals(header.log());
        return ours && isWhole(bytes) ? new Entry(offset, bytes) : null;
    }

    /** Whether all descriptors and data belong to this entry. */
    private static boolean isWhole(ByteBuffer bytes) {
        long descriptors = bytes.getInt(DESCRIPTORS) & 0xffff_ffffL;
        long data = (ENTRY_HEADER + descriptors * DESCRIPTOR + SECTOR - 1) / SECTOR * SECTOR;
        long sequence = bytes.getLong(SEQUENCE);
        if (data > bytes.capacity()) {
            return false;
        }
        for (int i = 0; i < descriptors; i++) {
            ByteBuffer descriptor = descriptor(bytes, i);
            boolean hasData = Structures.hasSignature(descriptor, "desc");
            if (!hasData && !Structures.hasSignature(descriptor, "zero") || descriptor.getLong(DESCRIPTOR_SEQUENCE) != sequence) {
                return false;
            }
            if (hasData) {
                if (data > bytes.capacity() - SECTOR
                        || !Structures.hasSignature(bytes.slice((int) data, SECTOR), "data")
                        || bytes.getInt((int) data + Integer.BYTES) != (int) (sequence >>> Integer.SIZE)
                        || bytes.getInt((int) data + SECTOR - Integer.BYTES) != (int) sequence) {
                    return false;
                }
                data += SECTOR;
            }
        }
        return true;
    }

    private static ByteBuffer descriptor(ByteBuffer bytes, int number) {
        return bytes.slice(ENTRY_HEADER + number * DESCRIPTOR, DESCRIPTOR).order(bytes.order());
    }

    private void apply(Entry entry) throws IOException {
        ByteBuffer bytes = entry.bytes;
        int descriptors = bytes.getInt(DESCRIPTORS);
        int data = (ENTRY_HEADER + descriptors * DESCRIPTOR + SECTOR - 1) / SECTOR * SECTOR;
        for (int i = 0; i < descriptors; i++) {
            ByteBuffer descriptor = descriptor(bytes, i);
            boolean zero = Structures.hasSignature(descriptor, "zero");
            long place = descriptor.getLong(PLACE);
            long length = zero ? descriptor.getLong(ZERO_LENGTH) : SECTOR;
            long limit = Math.max(store.size(), bytes.getLong(LAST_SIZE));
            if (place < 0 || length < 0 || place % SECTOR != 0 || place > limit - length || limit > store.size() + (1L << 40)) {
                throw new CorruptImageException(store.name(), header.logOffset() + entry.offset, "the log would write to %#x".formatted(place));
            }
            if (zero) {
                store.writeZeroes(place, length, true);
            } else {
                ByteBuffer sector = Structures.empty(SECTOR);
                sector.put(0, descriptor, LEADING, Long.BYTES).put(DATA, bytes, data + DATA, DATA_LENGTH).put(SECTOR - Integer.BYTES, descriptor, TRAILING, Integer.BYTES);
                store.write(place, sector);
                data += SECTOR;
            }
        }
        if (bytes.getLong(LAST_SIZE) > store.size()) {
            store.resize(bytes.getLong(LAST_SIZE));
        }
    }
}
