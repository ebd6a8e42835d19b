package org.lodgevm.x86.translate;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.lodgevm.machine.HostMemory;

/**
 * Translations that an earlier run has {@linkplain Recording recorded}, in a mapped file. One is of use wherever the guest has the very
 * bytes that it was made from; whatever is damaged, or was made by another Lodge or for another host, is not found.
 *
 * <p>The file: a header, an array of chains' heads, and records. All numbers are little-endian, and places of records are counted in units
 * of 8 bytes, 0 being none.
 *
 * <pre>
 * header   0 magic, 8 fingerprint, 16 number of chains (a power of two, 4 bytes), 20 size of the file in units of 8 bytes (4)
 * record   0 next of the chain (4), 4 CRC-32 of all that follows (4), 8 rIP, 16 context (4), 20 size of the record in bytes (4),
 *          24 runs of guest code (2), 26 fields that lead to the gate (2), 28 numbers of instructions (2), 30 guest instructions (2),
 *          32 bytes of guest code (4), 36 bytes of host code (4),
 *          40 the runs, each offset in the page (2) and length (2); the fields' offsets in the host code (4 each); those of the numbers
 *          (4 each); guest code; host code
 * </pre>
 */
final class ArchiveFile implements AutoCloseable {
    static final long MAGIC = 0x3130_7478_6567_6f4cL; // "Logext01"
    static final int FINGERPRINT = 8;
    static final int CHAINS = 16;
    static final int UNITS = 20;
    static final int HEADER = 24;
    static final int UNIT_SHIFT = 3;

    static final int NEXT = 0;
    static final int CRC = 4;
    static final int RIP = 8;
    static final int CONTEXT = 16;
    static final int SIZE = 20;
    static final int RUN_COUNT = 24;
    static final int GATE_COUNT = 26;
    static final int NUMBER_COUNT = 28;
    static final int INSTRUCTIONS = 30;
    static final int GUEST_BYTES = 32;
    static final int HOST_BYTES = 36;
    static final int RUNS = 40;
    private static final int PAGE_MASK = 0xfff;

    private final Arena arena;
    private final MemorySegment file;
    private final long start;
    private final int chains;

    private ArchiveFile(Arena arena, MemorySegment file) {
        this.arena = arena;
        this.file = file;
        start = file.address();
        chains = get32(start + CHAINS);
    }

    /**
     * @param fingerprint of who may use it
     * @return null if there is none, or none for us
     * @throws IOException naming the file, if it cannot be read
     */
    static ArchiveFile open(Path path, long fingerprint) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            Arena arena = Arena.ofShared();
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (isOurs(file, fingerprint)) {
                return new ArchiveFile(arena, file);
            }
            arena.close();
            return null;
        } catch (NoSuchFileException missing) {
            return null;
        }
    }

    private static boolean isOurs(MemorySegment file, long fingerprint) {
        long start = file.address();
        if (file.byteSize() < HEADER || get64(start) != MAGIC || get64(start + FINGERPRINT) != fingerprint) {
            return false;
        }
        int chains = get32(start + CHAINS);
        return Integer.bitCount(chains) == 1 && chains > 0 && HEADER + 4L * chains <= file.byteSize()
                && (long) get32(start + UNITS) << UNIT_SHIFT == file.byteSize();
    }

    static int chain(long rip, int context, int chains) {
        return (int) ((rip * 31 + context) * 0x9e37_79b9_7f4a_7c15L >>> 40) & chains - 1;
    }

    /**
     * The address of the record of a translation that begins there, made from what the page holds now; 0 if there is none.
     *
     * @param page host address of the guest's page
     */
    long find(long rip, int context, long page) {
        int unit = get32(start + HEADER + 4L * chain(rip, context, chains));
        for (int looked = 0; unit != 0 && looked < chains; looked++) {
            long record = start + Integer.toUnsignedLong(unit) * (1 << UNIT_SHIFT);
            if (!isWhole(record)) {
                return 0;
            }
            if (get64(record + RIP) == rip && get32(record + CONTEXT) == context && isMadeFrom(record, page)) {
                return record;
            }
            unit = get32(record + NEXT);
        }
        return 0;
    }

    private boolean isWhole(long record) {
        long left = start + file.byteSize() - record;
        if (left < RUNS || record < start + HEADER) {
            return false;
        }
        int size = get32(record + SIZE);
        if (size < RUNS || size > left) {
            return false;
        }
        CRC32 crc = new CRC32();
        crc.update(file.asSlice(record - start + RIP, size - RIP).asByteBuffer());
        return (int) crc.getValue() == get32(record + CRC);
    }

    private static boolean isMadeFrom(long record, long page) {
        long guest = guest(record);
        for (long run = record + RUNS, end = gates(record); run < end; run += 4) {
            long now = page + (get16(run) & PAGE_MASK);
            int length = get16(run + 2);
            if (HostMemory.segment(now, length).mismatch(HostMemory.segment(guest, length)) >= 0) {
                return false;
            }
            guest += length;
        }
        return true;
    }

    static void use(long record, Source source) {
        long page = get64(record + RIP) & ~PAGE_MASK;
        for (long run = record + RUNS, end = gates(record); run < end; run += 4) {
            source.use(page + get16(run), get16(run + 2));
        }
    }

    static int instructions(long record) {
        return get16(record + INSTRUCTIONS);
    }

    /** Where the offsets are of fields that lead to the gate; they end where {@link #numbers} are. */
    static long gates(long record) {
        return record + RUNS + 4L * get16(record + RUN_COUNT);
    }

    /** Where the offsets are of numbers of instructions; they end where {@link #guest} code is. */
    static long numbers(long record) {
        return gates(record) + 4L * get16(record + GATE_COUNT);
    }

    static long guest(long record) {
        return numbers(record) + 4L * get16(record + NUMBER_COUNT);
    }

    static long host(long record) {
        return guest(record) + get32(record + GUEST_BYTES);
    }

    static int hostBytes(long record) {
        return get32(record + HOST_BYTES);
    }

    @Override
    public void close() {
        arena.close();
    }
}
