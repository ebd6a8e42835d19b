package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Snapshots;
import org.lodgevm.storage.StorageException;

/** Snapshots inside of the image. */
final class Qcow2Snapshots implements Snapshots {
    /** Runs while nobody else uses the image, with all bookkeeping in the file; the image reads it again afterwards. */
    interface Change<T> {
        T apply(Qcow2Header header) throws IOException;
    }

    /** Lends the file. */
    interface File {
        <T> T change(Change<T> change) throws IOException;

        /** An image of the same file, to be read by another header. */
        DiskImage view(Qcow2Header header) throws IOException;

        Qcow2Header header();
    }

    private static final int MOST_NAME = 255;

    private final ByteStore store;
    private final File file;
    private final Clock clock;

    Qcow2Snapshots(ByteStore store, File file, Clock clock) {
        this.store = store;
        this.file = file;
        this.clock = clock;
    }

    @Override
    public List<Entry> list() throws IOException {
        return rows(file.header()).stream().map(SnapshotTable.Row::entry).toList();
    }

    private List<SnapshotTable.Row> rows(Qcow2Header header) throws IOException {
        return header.snapshots == 0 ? List.of() : SnapshotTable.read(store, header).rows();
    }

    @Override
    public Entry create(String name) throws IOException {
        if (name.length() > MOST_NAME) {
            throw new IllegalArgumentException("the name of a snapshot has at most %d characters".formatted(MOST_NAME));
        }
        return file.change(header -> {
            List<SnapshotTable.Row> rows = new ArrayList<>(rows(header));
            if (rows.size() >= Qcow2Header.MAX_SNAPSHOTS) {
                throw new StorageException(store.name(), "it has %d snapshots already; delete some first".formatted(rows.size()));
            }
            long id = rows.stream().mapToLong(row -> number(row.entry().id())).max().orElse(0) + 1;
            Instant now = clock.instant();
            Entry entry = new Entry(Long.toString(id), name, now, 0, 0, header.size);
            rows.add(new SnapshotTable.Row(header.l1Offset, header.l1Size, entry, SnapshotTable.extra(header.size)));
            new Generation(store, header).replace(ClusterMap.readL1(store, header.l1Offset, header.l1Size), rows, header.size);
            return entry;
        });
    }

    private static long number(String id) {
        return id.matches("\\d{1,18}") ? Long.parseLong(id) : 0;
    }

    @Override
    public void apply(String nameOrId) throws IOException {
        file.change(header -> {
            List<SnapshotTable.Row> rows = rows(header);
            SnapshotTable.Row row = find(rows, nameOrId);
            long[] l1 = ClusterMap.readL1(store, row.l1Offset(), row.l1Size());
            checkSize(row, header);
            new Generation(store, header).replace(l1, rows, row.entry().diskSize());
            return null;
        });
    }

    @Override
    public void delete(String nameOrId) throws IOException {
        file.change(header -> {
            List<SnapshotTable.Row> rows = new ArrayList<>(rows(header));
            rows.remove(find(rows, nameOrId));
            new Generation(store, header).replace(ClusterMap.readL1(store, header.l1Offset, header.l1Size), rows, header.size);
            return null;
        });
    }

    @Override
    public DiskImage open(String nameOrId) throws IOException {
        Qcow2Header header = Qcow2Header.read(store);
        SnapshotTable.Row row = find(rows(header), nameOrId);
        checkSize(row, header);
        header.l1Offset = row.l1Offset();
        header.l1Size = row.l1Size();
        header.size = row.entry().diskSize();
        return file.view(header);
    }

    private void checkSize(SnapshotTable.Row row, Qcow2Header header) throws StorageException {
        long size = row.entry().diskSize();
        if (size < 0 || header.geometry.l1Entries(size) > row.l1Size()) {
            throw new StorageException(store.name(), "the L1 table of snapshot '%s' is too small for its disk".formatted(row.entry().name()));
        }
    }

    private SnapshotTable.Row find(List<SnapshotTable.Row> rows, String nameOrId) throws StorageException {
        return rows.stream().filter(row -> row.entry().id().equals(nameOrId)).findFirst()
                .or(() -> rows.stream().filter(row -> row.entry().name().equals(nameOrId)).findFirst())
                .orElseThrow(() -> new StorageException(store.name(), "it has no snapshot '%s'".formatted(nameOrId)));
    }
}
