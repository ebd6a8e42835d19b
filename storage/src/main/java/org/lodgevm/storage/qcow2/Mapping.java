package org.lodgevm.storage.qcow2;

/**
 * Where a piece of the disk is.
 *
 * @param host the offset in the file of its first byte, if the kind has one
 * @param length in bytes; all of it is of the same kind, and together in the file
 * @param own whether nobody else refers to it, so that it may be written to
 * @param entry the entry of the first cluster
 */
record Mapping(Kind kind, long host, long length, boolean own, long entry) {
    /** Whether content may be written where it is. */
    boolean isOwnData() {
        return kind == Kind.DATA && own;
    }

    /** Ways in which a cluster is kept. */
    enum Kind {
        /** The backing image has it. */
        UNALLOCATED,
        ZERO,
        /** Reads as zeroes, and has a place. */
        ZERO_PLACED,
        DATA,
        COMPRESSED;

        static Kind of(long entry) {
            if (L2Entry.isCompressed(entry)) {
                return COMPRESSED;
            }
            boolean placed = L2Entry.offset(entry) != 0;
            if ((entry & L2Entry.ZERO) != 0) {
                return placed ? ZERO_PLACED : ZERO;
            }
            return placed ? DATA : UNALLOCATED;
        }

        boolean isZero() {
            return this == ZERO || this == ZERO_PLACED;
        }

        boolean hasPlace() {
            return this == DATA || this == ZERO_PLACED;
        }
    }
}
