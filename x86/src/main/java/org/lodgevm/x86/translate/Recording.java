package org.lodgevm.x86.translate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** Collects what all CPUs of a machine translate, for an {@link ArchiveFile}. */
final class Recording {
    private static final int FEWEST_CHAINS = 16;
    /** Of records; what comes after is not kept. */
    private static final long MOST_BYTES = 64L << 20;

    private record Entry(long rip, int context, ByteBuffer bytes) {}

    private final List<Entry> entries = new ArrayList<>();
    /** Begins of translations and what they were made from: the same is kept once. */
    private final Set<List<Object>> known = new HashSet<>();
    private long bytes;

    /**
     * @param offset of the code from the gate
     */
    synchronized void add(Region region, int context, byte[] code, long offset, Relocations relocations) {
        if (relocations.forbidden() || bytes > MOST_BYTES) {
            return;
        }
        long rip = region.blocks.getFirst().rip;
        BitSet covered = region.covered();
        int[] gates = relocations.gates();
        int[] numbers = relocations.numbers();
        List<int[]> runs = new ArrayList<>();
        for (int from = covered.nextSetBit(0); from >= 0;) {
            int to = covered.nextClearBit(from);
            runs.add(new int[] {from, to - from});
            from = covered.nextSetBit(to);
        }
        int guestBytes = covered.cardinality();
        int size = ArchiveFile.RUNS + 4 * (runs.size() + gates.length + numbers.length) + guestBytes + code.length;
        ByteBuffer record = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(ArchiveFile.RIP, rip).putInt(ArchiveFile.CONTEXT, context).putInt(ArchiveFile.SIZE, size);
        record.putShort(ArchiveFile.RUN_COUNT, (short) runs.size()).putShort(ArchiveFile.GATE_COUNT, (short) gates.length);
        record.putShort(ArchiveFile.NUMBER_COUNT, (short) numbers.length).putShort(ArchiveFile.INSTRUCTIONS, (short) region.instructions());
        record.putInt(ArchiveFile.GUEST_BYTES, guestBytes).putInt(ArchiveFile.HOST_BYTES, code.length).position(ArchiveFile.RUNS);
        runs.forEach(run -> record.putShort((short) run[0]).putShort((short) run[1]));
        for (int gate : gates) {
            record.putInt(gate);
        }
        for (int number : numbers) {
            record.putInt(number);
        }
        int guest = record.position();
        runs.forEach(run -> record.put(region.page(), run[0], run[1]));
        if (!known.add(List.of(rip, context, record.slice(guest, guestBytes)))) {
            return;
        }
        int host = record.position();
        record.put(code);
        for (int gate : gates) {
            record.putInt(host + gate, record.getInt(host + gate) + (int) offset); // as if the code were where the gate is
        }
        entries.add(new Entry(rip, context, record));
        bytes += size;
    }

    /** Fills an empty file; the header comes last, so that what is not whole is none. */
    synchronized void write(FileChannel channel, long fingerprint) throws IOException {
        int chains = Math.max(FEWEST_CHAINS, Integer.highestOneBit(entries.size()) * 2);
        int[] heads = new int[chains];
        long at = align(ArchiveFile.HEADER + 4L * chains);
        for (Entry entry : entries) {
            int chain = ArchiveFile.chain(entry.rip, entry.context, chains);
            ByteBuffer record = entry.bytes.clear();
            record.putInt(ArchiveFile.NEXT, heads[chain]).putInt(ArchiveFile.CRC, crc(record));
            heads[chain] = (int) (at >> ArchiveFile.UNIT_SHIFT);
            writeAll(channel, record, at);
            at = align(at + record.limit());
        }
        ByteBuffer header = ByteBuffer.allocate(ArchiveFile.HEADER + 4 * chains).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(ArchiveFile.MAGIC).putLong(fingerprint).putInt(chains).putInt((int) (at >> ArchiveFile.UNIT_SHIFT));
        header.asIntBuffer().put(heads);
        if (channel.size() < at) {
            writeAll(channel, ByteBuffer.allocate((int) (at - channel.size())), channel.size()); // up to a whole unit
        }
        writeAll(channel, header.clear(), 0);
    }

    private static long align(long at) {
        long unit = 1L << ArchiveFile.UNIT_SHIFT;
        return at + unit - 1 & -unit;
    }

    private static int crc(ByteBuffer record) {
        CRC32 crc = new CRC32();
        crc.update(record.slice(ArchiveFile.RIP, record.limit() - ArchiveFile.RIP));
        return (int) crc.getValue();
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long place = at;
        while (bytes.hasRemaining()) {
            place += channel.write(bytes, place);
        }
    }
}
