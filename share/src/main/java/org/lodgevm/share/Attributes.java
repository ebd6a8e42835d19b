package org.lodgevm.share;

/**
 * What is known of a file. Source: statx(2).
 *
 * @param device of the file system that the file is in
 * @param mode type and permissions
 * @param blocks of 512 bytes
 * @param special the device that a special file stands for, as Linux encodes it in 32 bits
 * @param birth when it was made; a moment of zeros where nobody knows
 */
public record Attributes(
        long device,
        long inode,
        int mode,
        int links,
        int uid,
        int gid,
        int special,
        long size,
        long blocks,
        int blockSize,
        Moment accessed,
        Moment modified,
        Moment changed,
        Moment birth) {
    private static final int S_IFMT = 0xf000;

    /** A time: seconds since 1970, and nanoseconds. */
    public record Moment(long seconds, int nanos) {
        /** A second's. */
        public static final int NANOS = 1_000_000_000;

        public static final Moment NONE = new Moment(0, 0);
        /** To be set: the host's clock knows. Source: utimensat(2), UTIME_NOW. */
        public static final Moment NOW = new Moment(0, (1 << 30) - 1);
        /** To be set: what it was. Source: utimensat(2), UTIME_OMIT. */
        public static final Moment UNCHANGED = new Moment(0, (1 << 30) - 2);
    }

    /** Types of files, as they stand in a mode. Source: inode(7). */
    public enum Type {
        FIFO(0x1000),
        CHARACTER_DEVICE(0x2000),
        FOLDER(0x4000),
        BLOCK_DEVICE(0x6000),
        FILE(0x8000),
        LINK(0xa000),
        SOCKET(0xc000),
        UNKNOWN(0);

        private static final int TO_ENTRY = 12;

        private final int bits;

        Type(int bits) {
            this.bits = bits;
        }

        public int bits() {
            return bits;
        }

        /** As in a folder's entry: DT_REG and its like. */
        public int ofEntry() {
            return bits >> TO_ENTRY;
        }

        /** The one that stands in a mode. */
        public static Type of(int mode) {
            for (Type type : values()) {
                if (type.bits == (mode & S_IFMT)) {
                    return type;
                }
            }
            return UNKNOWN;
        }
    }

    public Type type() {
        return Type.of(mode);
    }

    /** Whether this and another are of the same file, and not of one that got the number of another that is gone. */
    public boolean sameFile(Attributes other) {
        return device == other.device && inode == other.inode && birth.equals(other.birth);
    }
}
