package org.lodgevm.storage.blocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;

/** A table of numbers in a file, of which the pages used last are kept. Changes are written at once. Thread-safe. */
public final class StoredTable {
    private static final int PAGE = 1 << 16;
    private static final int PAGES = 64;

    private final ByteStore store;
    private final long offset;
    private final long entries;
    private final int entryLength;
    private final ByteOrder order;
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
        ByteBuffer page = page(index);
        int at = position(index);
        return entryLength == Integer.BYTES ? page.getInt(at) & 0xffff_ffffL : page.getLong(at);
    }

    /** Writes the entry to the file, and then to what is kept. */
    public synchronized void put(long index, long value) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(entryLength).order(order);
        if (entryLength == Integer.BYTES) {
            entry.putInt(0, (int) value);
        } else {
            entry.putLong(0, value);
        }
        ByteBuffer page = page(index);
        store.write(offset + index * entryLength, entry.slice());
        page.put(position(index), entry.array());
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
