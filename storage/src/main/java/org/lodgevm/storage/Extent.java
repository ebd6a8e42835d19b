package org.lodgevm.storage;

/**
 * A piece of a disk of which every byte is kept in the same way.
 *
 * @param depth which image of a backing chain it comes from, 0 being the one that was asked
 * @param present whether that image says what is here; if not, it is past the end of the chain and reads as zeroes
 * @param zero whether it reads as zeroes
 * @param compressed whether it is kept compressed
 * @param hostOffset where its first byte is in the image's file, or {@link #NOWHERE}
 */
public record Extent(long offset, long length, int depth, boolean present, boolean zero, boolean compressed, long hostOffset) {
    public static final long NOWHERE = -1;

    public static Extent data(long offset, long length, long hostOffset) {
        return new Extent(offset, length, 0, true, false, false, hostOffset);
    }

    public static Extent zero(long offset, long length) {
        return new Extent(offset, length, 0, true, true, false, NOWHERE);
    }

    public static Extent compressed(long offset, long length) {
        return new Extent(offset, length, 0, true, false, true, NOWHERE);
    }

    /** Nobody says what is here: zeroes. */
    public static Extent absent(long offset, long length) {
        return new Extent(offset, length, 0, false, true, false, NOWHERE);
    }

    /** The same, seen from an image above that leaves it to this one. */
    public Extent below() {
        return new Extent(offset, length, depth + 1, present, zero, compressed, hostOffset);
    }

    public long end() {
        return offset + length;
    }

    /** Whether the image that was asked keeps this itself. */
    public boolean isOwn() {
        return present && depth == 0;
    }

    /** Whether {@code next} goes on where this ends, in the same way. */
    public boolean continuesIn(Extent next) {
        return next.offset == end()
                && next.depth == depth
                && next.present == present
                && next.zero == zero
                && next.compressed == compressed
                && (hostOffset == NOWHERE ? next.hostOffset == NOWHERE : next.hostOffset == hostOffset + length);
    }

    public Extent joined(Extent next) {
        return new Extent(offset, length + next.length, depth, present, zero, compressed, hostOffset);
    }
}
