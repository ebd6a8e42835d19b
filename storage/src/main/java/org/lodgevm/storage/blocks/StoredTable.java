package org.lodgevm.storage.blocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;

/** A table of numbers in a file, of which the pages used last are kept. Changes stay in memory until they are written. Thread-safe. */
public final class StoredTable {
    private static final int PAGE = 1 << 16;
    private static final int PAGES = 64;
    private static final int MANY = 4096;

    private final ByteStore store;
    private final long offset;
    private final long entries;
    private final int entryLength;
    private final ByteOrder order;
    /** By their index, what the file does not have yet. */
    private final TreeMap<Long, Long> changed = new TreeMap<>();
    private final Map<Long, ByteBuffer> pages = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ByteBuffer> eldest) {
            return size() > PAGES;
        }
    };

    /** @param entryLength 4 or 8 bytes */
    public StoredTable(ByteStore store, long offset, long entries, int entryLength, ByteOrder order) throws IOException {
        this.store = store;
        this.offset = offset;
        this.entries = entries;
        this.entryLength = entryLength;
        this.order = order;
        if (offset < 0 || entries < 0 || entries > (store.size() - offset) / entryLength) {
            throw new CorruptImageException(store.name(), offset, "a table of %d entries is not inside of the file".formatted(entries));
        }
    }

    public long entries() {
        return entries;
    }

    /** The entry, four bytes taken as unsigned. */
    public synchronized long get(long index) throws IOException {
        Long fresh = changed.get(index);
        if (fresh != null) {
            return fresh;
        }
        ByteBuffer page = page(index);
        int at = position(index);
        return entryLength == Integer.BYTES ? page.getInt(at) & 0xffff_ffffL : page.getLong(at);
    }

    public synchronized void put(long index, long value) throws IOException {
        page(index); // fails if there is no such entry
        changed.put(index, entryLength == Integer.BYTES ? value & 0xffff_ffffL : value);
    }

    public synchronized boolean hasChanges() {
        return !changed.isEmpty();
    }

    /** Whether so many changes wait that they should be written. */
    public synchronized boolean isCrowded() {
        return changed.size() > MANY;
    }

    /** Writes what has changed. */
    public synchronized void write() throws IOException {
        while (!changed.isEmpty()) {
            Map.Entry<Long, Long> first = changed.firstEntry();
            ByteBuffer page = page(first.getKey());
            long begin = first.getKey() * entryLength / PAGE * PAGE / entryLength;
            Map<Long, Long> here = changed.subMap(begin, begin + PAGE / entryLength);
            here.forEach((index, value) -> set(page, position(index), value));
            int from = position(first.getKey());
            int to = position(changed.lowerKey(begin + PAGE / entryLength)) + entryLength;
            store.write(offset + begin * entryLength + from, page.slice(from, to - from));
            here.clear();
        }
    }

    private void set(ByteBuffer page, int at, long value) {
        if (entryLength == Integer.BYTES) {
            page.putInt(at, (int) value);
        } else {
            page.putLong(at, value);
        }
    }

    /** In which offset of the file the entry is. */
    public long offsetOf(long index) {
        return offset + index * entryLength;
    }

    private int position(long index) {
        return (int) (index * entryLength % PAGE);
    }

    private ByteBuffer page(long index) throws IOException {
        if (index < 0 || index >= entries) {
            throw new CorruptImageException(store.name(), offset, "the table has %d entries; number %d is needed".formatted(entries, index));
        }
        long number = index * entryLength / PAGE;
        ByteBuffer page = pages.get(number);
        if (page == null) {
            page = ByteBuffer.allocate(PAGE).order(order);
            store.read(offset + number * PAGE, page);
            pages.put(number, page);
        }
        return page;
    }
}
