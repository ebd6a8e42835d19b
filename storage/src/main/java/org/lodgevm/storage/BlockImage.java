package org.lodgevm.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The content of a disk, in whatever form it is kept. Offsets and lengths are in bytes, of any alignment.
 *
 * <p><b>Threads.</b> All methods may be called from any number of threads at once, virtual ones included; {@link #close}
 * once, when none is inside another method. Operations on ranges that overlap, one of them not a read, take effect in
 * some order, each cluster or block of the image by itself; who needs a certain order awaits the end of one before beginning the
 * other. {@link #flush} makes durable whatever had returned before it was called.
 *
 * <p><b>Buffers.</b> Reads fill a buffer from its position to its limit, writes take it likewise, and leave the position at
 * the limit. Direct buffers, such as views of guest memory, pass without a copy where the format allows it.
 *
 * <p><b>Errors.</b> A {@link StorageException} names the file, the offset and what was wrong. What a failed
 * write has left in its range is undefined; the rest of the image is as before, and trying again is sound.
 */
public interface BlockImage extends AutoCloseable {
    /** The path or URI by which messages call it. */
    String name();

    /** Of the disk as its user sees it. */
    long size();

    boolean isReadOnly();

    void read(long offset, ByteBuffer into) throws IOException;

    void write(long offset, ByteBuffer from) throws IOException;

    /** Returns when everything written so far would survive a loss of power. */
    void flush() throws IOException;

    /** Says that this content is of no more use. It may then read as zeroes or as before. */
    void discard(long offset, long length) throws IOException;

    /**
     * Makes a range read as zeroes.
     *
     * @param release whether the space may be given back; otherwise a later write should find it there where possible
     */
    void writeZeroes(long offset, long length, boolean release) throws IOException;

    /**
     * What is known of the content from {@code offset} on without reading it: never longer than {@code length}, and not
     * necessarily all of its kind.
     *
     * @param length at least 1
     */
    Extent extent(long offset, long length) throws IOException;

    /** Makes the disk larger, by zeroes, or smaller, by what is at its end. */
    void resize(long size) throws IOException;

    @Override
    void close() throws IOException;

    /** Fails unless the range is inside of the disk. */
    static void checkRange(BlockImage image, long offset, long length) throws StorageException {
        if (offset < 0 || length < 0 || offset > image.size() - length) {
            throw new StorageException(
                    image.name(), offset, "%d bytes are beyond the disk's end at %d".formatted(length, image.size()));
        }
    }

    /** Fails unless the range is inside of the disk and may be changed. */
    static void checkChange(BlockImage image, long offset, long length) throws StorageException {
        if (image.isReadOnly()) {
            throw new StorageException(image.name(), offset, "the image is open for reading only");
        }
        checkRange(image, offset, length);
    }
}
