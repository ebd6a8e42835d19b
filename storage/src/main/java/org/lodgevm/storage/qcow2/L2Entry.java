package org.lodgevm.storage.qcow2;

/**
 * The bits of table entries.
 *
 * @qcow2 "Cluster mapping"
 */
final class L2Entry {
    /** The reference count is exactly one, so that what is there may be written to. */
    static final long COPIED = 1L << 63;
    static final long COMPRESSED = 1L << 62;
    /** Reads as zeroes, whether or not there is a place. */
    static final long ZERO = 1;
    static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
    private static final long RESERVED = 0x3f00_0000_0000_01feL;
    private static final long L1_RESERVED = 0x7f00_0000_0000_01ffL;
    private static final long DESCRIPTOR = (1L << 62) - 1;
    private static final int SECTOR = 512;

    private L2Entry() {}

    static boolean isCopied(long entry) {
        return (entry & COPIED) != 0;
    }

    /** Whether there is a place that may be written to. */
    static boolean isOwnPlace(long entry) {
        return isCopied(entry) && Mapping.Kind.of(entry).hasPlace();
    }

    static boolean isCompressed(long entry) {
        return (entry & COMPRESSED) != 0;
    }

    static long offset(long entry) {
        return entry & OFFSET;
    }

    static boolean hasReservedBits(long entry) {
        return !isCompressed(entry) && (entry & RESERVED) != 0;
    }

    static boolean hasReservedL1Bits(long entry) {
        return (entry & L1_RESERVED) != 0;
    }

    /** Where a compressed cluster begins, at any byte. @qcow2 "Compressed Clusters Descriptor" */
    static long compressedOffset(Geometry geometry, long entry) {
        return entry & (1L << geometry.sectorCountShift()) - 1;
    }

    /** How many bytes may belong to it: up to the end of its last sector. */
    static int compressedLength(Geometry geometry, long entry) {
        int moreSectors = (int) ((entry & DESCRIPTOR) >>> geometry.sectorCountShift());
        return (moreSectors + 1) * SECTOR - (int) (compressedOffset(geometry, entry) & SECTOR - 1);
    }

    static long compressed(Geometry geometry, long offset, int length) {
        long moreSectors = (offset + length - 1) / SECTOR - offset / SECTOR;
        return COMPRESSED | moreSectors << geometry.sectorCountShift() | offset;
    }
}
