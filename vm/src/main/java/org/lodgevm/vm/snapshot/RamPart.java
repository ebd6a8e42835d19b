package org.lodgevm.vm.snapshot;

import java.util.List;
import org.lodgevm.machine.PageSet;

/**
 * A range of RAM and where its content is.
 *
 * @param gpa guest-physical address
 * @param file that has it, or null for the snapshot itself
 * @param offset in the file
 * @param checks CRC-32C of each {@link #CHUNK} in the snapshot itself, the last one maybe shorter; none of another file
 * @param lengths how many bytes each chunk takes as a frame of Zstandard, 0 for one of zeros, one after the other; none if they are as they are
 */
public record RamPart(long gpa, long size, String file, long offset, List<Integer> checks, List<Integer> lengths) {
    /** Bytes that have one checksum. */
    public static final int CHUNK = 1 << 20;

    public RamPart {
        checks = List.copyOf(checks);
        lengths = List.copyOf(lengths);
        boolean whole = gpa % PageSet.PAGE == 0 && size % PageSet.PAGE == 0 && offset % PageSet.PAGE == 0;
        if (!whole || gpa < 0 || size <= 0 || offset < 0 || offset > Long.MAX_VALUE - size) {
            throw new IllegalArgumentException("a part of RAM is 0x%x bytes at 0x%x, from 0x%x of a file".formatted(size, gpa, offset));
        }
        if (file == null && checks.size() != Math.ceilDiv(size, CHUNK)) {
            throw new IllegalArgumentException("a part of RAM of %d bytes has %d checksums".formatted(size, checks.size()));
        }
        if (!lengths.isEmpty() && (file != null || lengths.size() != checks.size()) || lengths.stream().anyMatch(length -> length < 0 || length > 2 * CHUNK)) {
            throw new IllegalArgumentException("a part of RAM of %d bytes cannot be compressed like this".formatted(size));
        }
    }

    public boolean isInside() {
        return file == null;
    }

    public boolean isCompressed() {
        return !lengths.isEmpty();
    }

    int chunkSize(int chunk) {
        return (int) Math.min(CHUNK, size - (long) chunk * CHUNK);
    }

    /** A compressed part ends with a whole page, too. */
    long end() {
        long stored = lengths.stream().mapToLong(length -> length).sum();
        return offset + (isCompressed() ? Math.ceilDiv(stored, PageSet.PAGE) * PageSet.PAGE : size);
    }
}
