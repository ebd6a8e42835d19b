package org.lodgevm.storage.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;

/**
 * The directory of bitmaps: read, so that one can list them and count their clusters.
 *
 * @qcow2 "Bitmaps"
 */
final class Bitmaps {
    /** One bitmap. @param table where its table of clusters is @param entries how many entries that has */
    record Entry(String name, long table, int entries, int flags, int granularityBits) {}

    private static final int EXTENSION_LENGTH = 24;
    private static final int ENTRY_LENGTH = 24;
    private static final int ALIGNMENT = 8;
    private static final long MOST_BYTES = 64 << 20;
    private static final int IN_USE = 1;
    private static final int AUTO = 2;

    private Bitmaps() {}

    /** Empty unless the bitmaps are valid. */
    static List<Entry> entries(ByteStore store, Qcow2Header header) throws IOException {
        ByteBuffer extension = header.extensions.bitmaps();
        if (extension == null || (header.autoclear & Qcow2Header.BITMAPS) == 0) {
            return List.of();
        }
        if (extension.capacity() < EXTENSION_LENGTH) {
            throw new CorruptImageException(store.name(), "its header extension for bitmaps is too short");
        }
        int count = extension.getInt(0);
        long length = extension.getLong(8);
        long offset = extension.getLong(16);
        if (length < 0 || length > MOST_BYTES || offset < 0 || offset > store.size() - length) {
            throw new CorruptImageException(store.name(), offset, "the directory of bitmaps is not inside of the file");
        }
        ByteBuffer directory = ByteBuffer.allocate((int) length);
        store.read(offset, directory);
        directory.flip();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (directory.remaining() < ENTRY_LENGTH) {
                throw new CorruptImageException(store.name(), offset + directory.position(), "the directory of bitmaps is cut off");
            }
            entries.add(entry(store, offset, directory));
        }
        return entries;
    }

    private static Entry entry(ByteStore store, long offset, ByteBuffer directory) throws CorruptImageException {
        int begin = directory.position();
        long table = directory.getLong();
        int tableEntries = directory.getInt();
        int flags = directory.getInt();
        directory.get(); // the type: there is one
        int granularity = directory.get() & 0xff;
        int nameLength = directory.getShort() & 0xffff;
        int extra = directory.getInt();
        if (extra < 0 || extra > directory.remaining() || nameLength > directory.remaining() - extra) {
            throw new CorruptImageException(store.name(), offset + begin, "an entry of the directory of bitmaps is cut off");
        }
        byte[] name = new byte[nameLength];
        directory.get(directory.position() + extra, name);
        int end = begin + ENTRY_LENGTH + extra + nameLength + ALIGNMENT - 1 & -ALIGNMENT;
        directory.position(Math.min(end, directory.limit()));
        return new Entry(new String(name, UTF_8), table, tableEntries, flags, granularity);
    }

    static List<Map<String, Object>> list(ByteStore store, Qcow2Header header) throws IOException {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Entry entry : entries(store, header)) {
            List<String> flags = new ArrayList<>();
            if ((entry.flags & IN_USE) != 0) {
                flags.add("in-use");
            }
            if ((entry.flags & AUTO) != 0) {
                flags.add("auto");
            }
            Map<String, Object> bitmap = new LinkedHashMap<>();
            bitmap.put("flags", flags);
            bitmap.put("name", entry.name);
            bitmap.put("granularity", entry.granularityBits < Long.SIZE - 1 ? 1L << entry.granularityBits : 0);
            list.add(bitmap);
        }
        return list;
    }
}
