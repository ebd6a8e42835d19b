package org.lodgevm.x86.translate;

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

/**
 * Translations that an earlier run has made, in a mapped file. One is of use wherever the guest has the very bytes that it was made from;
 * whatever is damaged, or was made by another Lodge or for another host, is not found.
 *
 * <p>The file: a header, an array of chains' heads, and {@link ArchiveRecord}s. A record's unit is its place in the file divided by 8.
 *
 * <pre>
 * header   0 magic, 8 fingerprint, 16 number of chains (a power of two, 4 bytes), 20 size of the file in units of 8 bytes (4)
 * </pre>
 */
final class ArchiveFile extends Records implements AutoCloseable {
    static final long MAGIC = 0x3330_7478_6567_6f4cL; // "Logext03"
    static final int FINGERPRINT = 8;
    static final int CHAINS = 16;
    static final int UNITS = 20;
    static final int HEADER = 24;
    static final int UNIT_SHIFT = 3;

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

    @Override
    int head(int hash) {
        return get32(start + HEADER + 4L * (hash & chains - 1));
    }

    @Override
    long record(int unit) {
        long record = start + (Integer.toUnsignedLong(unit) << UNIT_SHIFT);
        long left = start + file.byteSize() - record;
        if (left < ArchiveRecord.RUNS || record < start + HEADER) {
            return 0;
        }
        int size = get32(record + ArchiveRecord.SIZE);
        return size >= ArchiveRecord.RUNS && size <= left && get32(record + ArchiveRecord.CRC) == checksum(file.asSlice(record - start, size))
                ? record : 0;
    }

    /** Of all that follows it in a record. */
    static int checksum(MemorySegment record) {
        CRC32 crc = new CRC32();
        crc.update(record.asSlice(ArchiveRecord.PAGE).asByteBuffer());
        return (int) crc.getValue();
    }

    /** The host has its pages back until something is looked for; other threads may do so meanwhile. */
    void rest() {
        file.unload();
    }

    @Override
    public void close() {
        arena.close();
    }
}
