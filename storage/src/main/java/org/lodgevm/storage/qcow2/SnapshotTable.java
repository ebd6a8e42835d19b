package org.lodgevm.storage.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.Snapshots;

/**
 * The table of snapshots, as it is in the file.
 *
 * @qcow2 "Snapshots"
 */
record SnapshotTable(List<Row> rows, long bytes) {
    /** One snapshot. @param entry what users see of it @param extra bytes that we keep as they are */
    record Row(long l1Offset, int l1Size, Snapshots.Entry entry, byte[] extra) {}

    private static final int FIXED = 40;
    private static final int MOST_EXTRA = 1024;
    private static final int MOST_BYTES = 64 << 20;
    private static final int ALIGNMENT = 8;
    private static final long UNSIGNED = 0xffff_ffffL;

    static SnapshotTable read(ByteStore store, Qcow2Header header) throws IOException {
        List<Row> rows = new ArrayList<>();
        long at = header.snapshotsOffset;
        for (int i = 0; i < header.snapshots; i++) {
            ByteBuffer fixed = ByteBuffer.allocate(FIXED);
            check(at <= store.size() - FIXED && at - header.snapshotsOffset < MOST_BYTES, store, at, "the snapshot table goes beyond the end of the file");
            store.read(at, fixed);
            int idLength = fixed.getShort(12) & 0xffff;
            int nameLength = fixed.getShort(14) & 0xffff;
            int extraLength = fixed.getInt(36);
            check(extraLength >= 0 && extraLength <= MOST_EXTRA, store, at, "a snapshot with %d bytes of extra data".formatted(extraLength & UNSIGNED));
            ByteBuffer rest = ByteBuffer.allocate(extraLength + idLength + nameLength);
            store.read(at + FIXED, rest);
            rows.add(row(header, fixed, rest.array(), extraLength, idLength));
            at += FIXED + rest.capacity() + ALIGNMENT - 1 & -ALIGNMENT;
        }
        SnapshotTable table = new SnapshotTable(List.copyOf(rows), at - header.snapshotsOffset);
        table.checkL1s(store, header);
        return table;
    }

    private static Row row(Qcow2Header header, ByteBuffer fixed, byte[] rest, int extraLength, int idLength) {
        ByteBuffer extra = ByteBuffer.wrap(rest, 0, extraLength).slice();
        long vmState = extraLength >= Long.BYTES ? extra.getLong(0) : fixed.getInt(32) & UNSIGNED;
        long diskSize = extraLength >= 2 * Long.BYTES ? extra.getLong(Long.BYTES) : header.size;
        Snapshots.Entry entry = new Snapshots.Entry(
                new String(rest, extraLength, idLength, UTF_8),
                new String(rest, extraLength + idLength, rest.length - extraLength - idLength, UTF_8),
                Instant.ofEpochSecond(fixed.getInt(16) & UNSIGNED, fixed.getInt(20) & UNSIGNED),
                fixed.getLong(24),
                vmState,
                diskSize);
        byte[] kept = new byte[extraLength];
        extra.get(0, kept);
        return new Row(fixed.getLong(0), fixed.getInt(8), entry, kept);
    }

    private void checkL1s(ByteStore store, Qcow2Header header) throws IOException {
        long total = 0;
        for (Row row : rows) {
            long bytes = (row.l1Size & UNSIGNED) * Long.BYTES;
            check(bytes <= Qcow2Header.MAX_L1_BYTES && header.geometry.isAligned(row.l1Offset) && row.l1Offset >= 0 && row.l1Offset <= store.size() - bytes,
                    store, header.snapshotsOffset, "the L1 table of snapshot '%s' at %#x is not inside of the file".formatted(row.entry.name(), row.l1Offset));
            total += bytes;
        }
        check(total <= store.size(), store, header.snapshotsOffset, "the L1 tables of the snapshots are larger than the file");
    }

    private static void check(boolean sound, ByteStore store, long at, String problem) throws CorruptImageException {
        if (!sound) {
            throw new CorruptImageException(store.name(), at, problem);
        }
    }

    static ByteBuffer encode(List<Row> rows) {
        ByteBuffer bytes = ByteBuffer.allocate(rows.stream().mapToInt(SnapshotTable::length).sum());
        for (Row row : rows) {
            byte[] id = row.entry.id().getBytes(UTF_8);
            byte[] name = row.entry.name().getBytes(UTF_8);
            Instant date = row.entry.date();
            boolean large = row.entry.vmStateSize() > UNSIGNED;
            bytes.putLong(row.l1Offset).putInt(row.l1Size).putShort((short) id.length).putShort((short) name.length);
            bytes.putInt((int) date.getEpochSecond()).putInt(date.getNano()).putLong(row.entry.vmClockNanos());
            bytes.putInt(large ? 0 : (int) row.entry.vmStateSize()).putInt(row.extra.length);
            bytes.put(row.extra).put(id).put(name);
            bytes.position(bytes.position() + ALIGNMENT - 1 & -ALIGNMENT);
        }
        return bytes.flip();
    }

    private static int length(Row row) {
        int length = FIXED + row.extra.length + row.entry.id().getBytes(UTF_8).length + row.entry.name().getBytes(UTF_8).length;
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** The extra data of a new snapshot without a machine's state. */
    static byte[] extra(long diskSize) {
        return ByteBuffer.allocate(3 * Long.BYTES).putLong(0).putLong(diskSize).putLong(-1).array();
    }
}
