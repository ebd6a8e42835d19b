package org.lodgevm.storage.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CheckReport;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.Repair;

/** Compares counts and flags with what they should be, and mends them. Nobody else may use the file meanwhile. */
final class Checker {
    private static final int MOST_PROBLEMS = 100;

    private final ByteStore store;
    private final Qcow2Header header;
    private final Geometry geometry;
    private final List<String> problems = new ArrayList<>();
    private final long[] l1;
    private final long[] reftable;
    private final SnapshotTable snapshots;
    private final RefcountBits bits;
    private long corruptions;
    private long leaks;
    /** Corruptions that a new generation of bookkeeping does not have. */
    private long mendable;

    private Checker(ByteStore store, Qcow2Header header) throws IOException {
        this.store = store;
        this.header = header;
        this.geometry = header.geometry;
        this.l1 = ClusterMap.readL1(store, header.l1Offset, header.l1Size);
        this.reftable = Allocator.readTable(store, header);
        this.snapshots = header.snapshots == 0 ? new SnapshotTable(List.of(), 0) : SnapshotTable.read(store, header);
        this.bits = new RefcountBits(geometry.refcountOrder());
    }

    static Checker of(ByteStore store, Qcow2Header header) throws IOException {
        return new Checker(store, header);
    }

    /**
     * Sets right what was left behind by somebody who did not close the file: clusters that nothing refers to are counted, and with lazy counts some
     * that are in use are not. Version 3 says whether that is so; version 2 does not, so that one has to look.
     *
     * @qcow2 "Header", incompatible_features, bit 0
     * @throws CorruptImageException if there is more amiss
     */
    static void recover(ByteStore store, Qcow2Header header) throws IOException {
        if (header.version == 2 || header.has(Qcow2Header.DIRTY)) {
            new Checker(store, header).recover();
        }
    }

    private void recover() throws IOException {
        References references = count();
        if (header.version > 2 && corruptions > mendable) {
            throw new CorruptImageException(store.name(), "it was not closed, and %s. Mend it by lodge image check --repair all, or open it for reading only".formatted(
                    problems.getFirst()));
        } else if (header.version > 2 || corruptions == 0) {
            mend(Repair.ALL, references);
        }
    }

    CheckReport check(Repair repair) throws IOException {
        return mend(repair, count());
    }

    private References count() throws IOException {
        References references = new References(store, header, (at, problem) -> {
            corruptions++;
            tell(at, problem);
        });
        references.countContent(l1, snapshots.rows());
        references.countRange(header.l1Offset, (long) header.l1Size * Long.BYTES);
        references.countRange(header.snapshotsOffset, snapshots.bytes());
        references.countCounts(reftable);
        compareCounts(references.counts, false);
        checkFlags(references.counts);
        return references;
    }

    private CheckReport mend(Repair repair, References references) throws IOException {
        long fixedLeaks = 0;
        long fixedCorruptions = 0;
        if (repair == Repair.ALL && (mendable > 0 || header.has(Qcow2Header.CORRUPT))) {
            new Generation(store, header).replace(l1, snapshots.rows(), header.size);
            fixedCorruptions = mendable;
            fixedLeaks = leaks;
        } else if (repair.mendsLeaks() && leaks > 0) {
            fixedLeaks = leaks;
            compareCounts(references.counts, true);
            store.flush();
        }
        if (repair != Repair.NONE && corruptions == fixedCorruptions && header.has(Qcow2Header.DIRTY)) {
            header.incompatible &= ~Qcow2Header.DIRTY;
            header.write(store);
            store.flush();
        }
        return new CheckReport(
                corruptions - fixedCorruptions,
                fixedLeaks > 0 ? 0 : leaks,
                fixedCorruptions,
                fixedLeaks,
                geometry.clusters(header.size),
                references.dataClusters,
                references.compressedClusters,
                references.fragmented,
                references.counts.end() << geometry.clusterBits(),
                List.copyOf(problems));
    }

    private void tell(long offset, String problem) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add("at offset %#x: %s".formatted(offset, problem));
        }
    }

    /** @param mend write lower counts where there are leaks, instead of counting these */
    private void compareCounts(ClusterCounts counts, boolean mend) throws IOException {
        int perBlock = geometry.refcountsPerBlock();
        long end = counts.end();
        for (int slot = 0; slot < reftable.length; slot++) {
            long first = (long) slot * perBlock;
            boolean readable = reftable[slot] > 0 && geometry.isAligned(reftable[slot]) && reftable[slot] < store.size();
            if (readable || first < end && counts.anyIn(first, first + perBlock)) {
                ByteBuffer block = ByteBuffer.allocate(geometry.clusterSize());
                if (readable) {
                    store.read(reftable[slot], block);
                }
                boolean changed = compareBlock(block, first, counts, mend);
                if (changed) {
                    store.write(reftable[slot], block.clear());
                }
            }
        }
        long covered = (long) reftable.length * perBlock;
        if (!mend && end > covered && counts.anyIn(covered, end)) {
            corruptions++;
            mendable++;
            tell(header.reftableOffset, "clusters from %#x on are in use, but the refcount table does not reach so far".formatted(covered << geometry.clusterBits()));
        }
    }

    private boolean compareBlock(ByteBuffer block, long first, ClusterCounts counts, boolean mend) {
        boolean changed = false;
        for (int i = 0; i < geometry.refcountsPerBlock(); i++) {
            long counted = bits.get(block, i);
            int referred = counts.get(first + i);
            if (counted == referred) {
                continue;
            }
            boolean leak = Long.compareUnsigned(counted, referred) > 0;
            if (mend && leak) {
                bits.set(block, i, referred);
                changed = true;
            } else if (!mend) {
                leaks += leak ? 1 : 0;
                corruptions += leak ? 0 : 1;
                mendable += leak ? 0 : 1;
                tell(first + i << geometry.clusterBits(), "%s: counted %s times, referred to %d times".formatted(
                        leak ? "leaked" : "in danger", Long.toUnsignedString(counted), referred));
            }
        }
        return changed;
    }

    /** Of the active tables: whoever refers alone says so, by the counts that are in the file. */
    private void checkFlags(ClusterCounts counts) throws IOException {
        for (int i = 0; i < l1.length; i++) {
            long place = L2Entry.offset(l1[i]);
            if (place == 0 || !geometry.isAligned(place) || place >= store.size()) {
                continue;
            }
            checkFlag(l1[i], place, header.l1Offset + (long) i * Long.BYTES, counts);
            ByteBuffer entries = ByteBuffer.allocate(geometry.clusterSize());
            store.read(place, entries);
            for (int at = 0; at < entries.capacity(); at += geometry.l2EntryLength()) {
                long entry = entries.getLong(at);
                if (L2Entry.isCompressed(entry) ? L2Entry.isCopied(entry) : L2Entry.offset(entry) != 0) {
                    checkFlag(entry, L2Entry.offset(entry), place + at, counts);
                }
            }
        }
    }

    private void checkFlag(long entry, long place, long at, ClusterCounts counts) {
        boolean alone = !L2Entry.isCompressed(entry) && counts.get(place >>> geometry.clusterBits()) == 1;
        if (alone != L2Entry.isCopied(entry)) {
            corruptions++;
            mendable++;
            tell(at, "%#x %s to be alone in referring to a cluster".formatted(entry, alone ? "does not claim" : "claims wrongly"));
        }
    }
}
