package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;

/**
 * The tables that were used last, a cluster each. Those that have changed stay until they are written. Thread-safe; that nobody
 * reads a table while it changes is the image's lock's care.
 */
final class TableCache {
    /** A table and where it belongs. */
    static final class Table {
        final long place;
        final ByteBuffer entries;
        private int dirtyFrom;
        private int dirtyTo;

        private Table(long place, ByteBuffer entries) {
            this.place = place;
            this.entries = entries;
            this.dirtyFrom = entries.capacity();
        }

        long entry(int index) {
            return entries.getLong(index * Long.BYTES);
        }

        private boolean isDirty() {
            return dirtyFrom < dirtyTo;
        }
    }

    /** What is written of a table goes in whole units of these, which disks write at once. */
    private static final int UNIT = 512;

    private static final int FEWEST_TABLES = 4;

    private final ByteStore store;
    private final int tableLength;
    private final int capacity;
    private final Map<Long, Table> tables = new LinkedHashMap<>(16, 0.75f, true);
    private int dirty;

    /** @param bytes how much to keep, about */
    TableCache(ByteStore store, int tableLength, int bytes) {
        this.store = store;
        this.tableLength = tableLength;
        this.capacity = Math.max(FEWEST_TABLES, bytes / tableLength);
    }

    synchronized Table at(long place) throws IOException {
        Table table = tables.get(place);
        if (table == null) {
            if (place >= store.size()) {
                throw new CorruptImageException(store.name(), place, "a table is said to be beyond the end of the file");
            }
            ByteBuffer entries = ByteBuffer.allocate(tableLength);
            store.read(place, entries);
            table = new Table(place, entries);
            tables.put(place, table);
            evict();
        }
        return table;
    }

    /** A new table, to be written as a whole. */
    synchronized Table create(long place, ByteBuffer content) {
        Table table = new Table(place, content);
        Table old = tables.put(place, table);
        if (old != null && old.isDirty()) {
            dirty--;
        }
        changed(table, 0, tableLength);
        evict();
        return table;
    }

    synchronized void changed(Table table, int at, int length) {
        if (!table.isDirty()) {
            dirty++;
            tables.put(table.place, table); // it may have had to give way meanwhile
        }
        table.dirtyFrom = Math.min(table.dirtyFrom, at & -UNIT);
        table.dirtyTo = Math.max(table.dirtyTo, Math.min(at + length + UNIT - 1 & -UNIT, tableLength));
    }

    /** The cluster is used for something else now, or will be. */
    synchronized void forget(long place) {
        Table table = tables.remove(place);
        if (table != null && table.isDirty()) {
            dirty--;
        }
    }

    synchronized void forgetAll() {
        tables.clear();
        dirty = 0;
    }

    synchronized boolean hasChanges() {
        return dirty > 0;
    }

    /** Whether so many tables have changed that there is hardly room for others. */
    synchronized boolean isCrowded() {
        return dirty > capacity / 2;
    }

    /** Writes all that changed, as it is in the file from now on. */
    void write() throws IOException {
        List<Table> changed = new ArrayList<>();
        synchronized (this) {
            for (Table table : tables.values()) {
                if (table.isDirty()) {
                    changed.add(table);
                }
            }
        }
        for (Table table : changed) {
            store.write(table.place + table.dirtyFrom, table.entries.slice(table.dirtyFrom, table.dirtyTo - table.dirtyFrom));
            synchronized (this) {
                table.dirtyFrom = tableLength;
                table.dirtyTo = 0;
                dirty--;
            }
        }
    }

    private void evict() {
        Iterator<Table> oldest = tables.values().iterator();
        for (int excess = tables.size() - capacity; excess > 0 && oldest.hasNext();) {
            if (!oldest.next().isDirty()) {
                oldest.remove();
                excess--;
            }
        }
    }
}
