package org.lodgevm.x86.translate;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.lodgevm.machine.HostMemory;

/**
 * What all CPUs of a machine translate: each finds here what another has made, or what was made where the same page is mapped at another
 * address, or before the code memory was full. At the end it may become an {@link ArchiveFile}. To be locked as long as a record found is used.
 */
final class Recording extends Records implements AutoCloseable {
    /** Of records; beyond, all are dropped. */
    private static final int MOST_CHUNKS = 96;
    private static final int CHUNK_BITS = 20;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int UNIT = 1 << ArchiveFile.UNIT_SHIFT;
    private static final int UNITS_SHIFT = CHUNK_BITS - ArchiveFile.UNIT_SHIFT;
    private static final int FEWEST_CHAINS = 16;
    /** Of each record that there is: then most chains are empty, and to find out that there is no record touches no other. */
    private static final int RECORD_CHAINS = 4;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> chunks = new ArrayList<>();
    /** Bytes used of each. */
    private final int[] used = new int[MOST_CHUNKS];
    /** Of the chains, a power of two: of each record {@link #RECORD_CHAINS} or more. */
    private int[] heads = new int[FEWEST_CHAINS];
    /** The chunk that is being filled. */
    private int last;
    private int count;

    @Override
    int head(int hash) {
        return heads[hash & heads.length - 1];
    }

    @Override
    long record(int unit) {
        return chunks.get(unit >>> UNITS_SHIFT).address() + ((long) (unit & (1 << UNITS_SHIFT) - 1) << ArchiveFile.UNIT_SHIFT);
    }

    /**
     * @param offset of the code from where the gate is
     * @return whether it can be kept
     */
    synchronized boolean add(Region region, int context, BackEnd.Code made, long offset) {
        Relocations relocations = made.relocations();
        byte[] code = made.bytes();
        if (relocations.forbidden()) {
            return false;
        }
        BitSet covered = region.covered();
        int[] runs = runs(covered);
        int[] gates = relocations.gates();
        int[] numbers = relocations.numbers();
        int[] addresses = relocations.addresses();
        int guestBytes = covered.cardinality();
        int size = ArchiveRecord.RUNS + 2 * (runs.length + gates.length + numbers.length) + 4 * addresses.length + guestBytes + code.length;
        int at = room(size);
        long record = chunks.get(last).address() + at;
        int entry = region.entryOffset();
        put64(record + ArchiveRecord.PAGE, region.pageAddress());
        put32(record + ArchiveRecord.CONTEXT, context);
        put32(record + ArchiveRecord.SIZE, size);
        int hash = ArchiveRecord.hash(entry, context, code(region.page(), entry));
        put32(record + ArchiveRecord.HASH, hash);
        put16(record + ArchiveRecord.ENTRY, entry);
        put16(record + ArchiveRecord.FIXED, relocations.fixed() ? 1 : 0);
        put16(record + ArchiveRecord.RUN_COUNT, runs.length / 2);
        put16(record + ArchiveRecord.GATE_COUNT, gates.length);
        put16(record + ArchiveRecord.NUMBER_COUNT, numbers.length);
        put16(record + ArchiveRecord.ADDRESS_COUNT, addresses.length / 2);
        put32(record + ArchiveRecord.GUEST_BYTES, guestBytes);
        put32(record + ArchiveRecord.HOST_BYTES, code.length);
        long to = record + ArchiveRecord.RUNS;
        to = put16s(put16s(put16s(to, runs), gates), numbers);
        for (int value : addresses) {
            put32(to, value);
            to += 4;
        }
        for (int i = 0; i < runs.length; i += 2) {
            copy(region.page(), runs[i], to, runs[i + 1]);
            to += runs[i + 1];
        }
        copy(code, 0, to, code.length);
        for (int gate : gates) {
            put32(to + gate, get32(to + gate) + (int) offset); // as if the code were where the gate is
        }
        if (!has(record)) {
            put32(record + ArchiveRecord.NEXT, head(hash));
            heads[hash & heads.length - 1] = last << UNITS_SHIFT | at >> ArchiveFile.UNIT_SHIFT;
            used[last] = (int) align(at + size);
            if (++count > heads.length / RECORD_CHAINS) {
                widen();
            }
        }
        return true;
    }

    /** Whether something is {@link #find found}. */
    synchronized boolean has(long rip, int context, long page) {
        return find(rip, context, page) != 0;
    }

    /** Offset and length of each run of bytes. */
    private static int[] runs(BitSet covered) {
        int[] runs = new int[8];
        int filled = 0;
        for (int from = covered.nextSetBit(0); from >= 0; filled += 2) {
            int to = covered.nextClearBit(from);
            if (filled == runs.length) {
                runs = Arrays.copyOf(runs, 2 * filled);
            }
            runs[filled] = from;
            runs[filled + 1] = to - from;
            from = covered.nextSetBit(to);
        }
        return Arrays.copyOf(runs, filled);
    }

    private static long code(byte[] page, int offset) {
        int from = ArchiveRecord.firstOf(offset);
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getLong(from) >>> 8 * (offset - from);
    }

    private static long put16s(long to, int[] values) {
        for (int i = 0; i < values.length; i++) {
            put16(to + 2L * i, values[i]);
        }
        return to + 2L * values.length;
    }

    private static void copy(byte[] from, int offset, long to, int bytes) {
        MemorySegment.copy(from, offset, HostMemory.segment(to, bytes), ValueLayout.JAVA_BYTE, 0, bytes);
    }

    /** The offset in the last chunk where a record of that size fits. */
    private int room(int size) {
        if (chunks.isEmpty() || used[last] + size > CHUNK) {
            last = chunks.isEmpty() ? 0 : last + 1;
            if (last == MOST_CHUNKS) {
                heads = new int[FEWEST_CHAINS];
                last = 0;
                count = 0;
            }
            if (last == chunks.size()) {
                chunks.add(arena.allocate(CHUNK, UNIT));
            }
            used[last] = last == 0 ? UNIT : 0; // unit 0 is none
        }
        return used[last];
    }

    /** Makes twice as many chains of the same records, in which they stay in their order: the latest come first. */
    private void widen() {
        int[] wider = new int[2 * heads.length];
        long[] ends = new long[wider.length];
        for (int head : heads) {
            for (int unit = head; unit != 0; unit = get32(record(unit) + ArchiveRecord.NEXT)) {
                long record = record(unit);
                int chain = get32(record + ArchiveRecord.HASH) & wider.length - 1;
                if (ends[chain] == 0) {
                    wider[chain] = unit;
                } else {
                    put32(ends[chain] + ArchiveRecord.NEXT, unit);
                }
                ends[chain] = record;
            }
        }
        for (long end : ends) {
            if (end != 0) {
                put32(end + ArchiveRecord.NEXT, 0);
            }
        }
        heads = wider;
    }

    /** Fills an empty file; the header comes last, so that what is not whole is none. Nothing is found here after it. */
    synchronized void write(FileChannel channel, long fingerprint) throws IOException {
        int chains = Math.max(FEWEST_CHAINS, Integer.highestOneBit(Math.max(count, 1)) * 2);
        int[] firsts = new int[chains];
        long at = align(ArchiveFile.HEADER + 4L * chains);
        for (int chunk = 0; chunk <= last && chunk < chunks.size(); chunk++) {
            MemorySegment records = chunks.get(chunk);
            for (int from = chunk == 0 ? UNIT : 0; from < used[chunk]; ) {
                int size = get32(records.address() + from + ArchiveRecord.SIZE);
                MemorySegment record = records.asSlice(from, size);
                int chain = get32(record.address() + ArchiveRecord.HASH) & chains - 1;
                put32(record.address() + ArchiveRecord.NEXT, firsts[chain]);
                put32(record.address() + ArchiveRecord.CRC, ArchiveFile.checksum(record));
                firsts[chain] = (int) (at >> ArchiveFile.UNIT_SHIFT);
                writeAll(channel, record.asByteBuffer(), at);
                at = align(at + size);
                from = (int) align(from + size);
            }
        }
        ByteBuffer header = ByteBuffer.allocate(ArchiveFile.HEADER + 4 * chains).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(ArchiveFile.MAGIC).putLong(fingerprint).putInt(chains).putInt((int) (at >> ArchiveFile.UNIT_SHIFT));
        header.asIntBuffer().put(firsts);
        if (channel.size() < at) {
            writeAll(channel, ByteBuffer.allocate((int) (at - channel.size())), channel.size()); // up to a whole unit
        }
        writeAll(channel, header.clear(), 0);
    }

    private static long align(long at) {
        return at + UNIT - 1 & -UNIT;
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long place = at;
        while (bytes.hasRemaining()) {
            place += channel.write(bytes, place);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
