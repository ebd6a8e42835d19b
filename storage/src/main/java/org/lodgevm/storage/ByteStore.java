package org.lodgevm.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes that an image is made of: a file, or what stands for one. Thread-safe as {@link BlockImage} is; a write that
 * returned is seen by every later read, and {@link #flush} makes it durable.
 */
public interface ByteStore extends AutoCloseable {
    /** The path or URI by which messages call it. */
    String name();

    boolean isReadOnly();

    long size() throws IOException;

    /** Makes it longer, by zeroes, or shorter. */
    void resize(long size) throws IOException;

    /** Fills the buffer; beyond the end there are zeroes. */
    void read(long offset, ByteBuffer into) throws IOException;

    /** Writes, and makes it longer where necessary. */
    void write(long offset, ByteBuffer from) throws IOException;

    /** Makes a range read as zeroes, and the store long enough for it. @param release whether the space may be given back */
    void writeZeroes(long offset, long length, boolean release) throws IOException;

    /** Gives a range back where that is possible. It may then read as zeroes or as before. */
    void discard(long offset, long length) throws IOException;

    /** How the bytes from {@code offset} on are kept. */
    Run run(long offset, long length) throws IOException;

    /** How much space it takes where it is. */
    long allocated() throws IOException;

    void flush() throws IOException;

    /** Gives up the right to write, for that of a reader among others. At no moment in between may somebody else write. */
    default void freeze() throws IOException {
        throw new UnsupportedImageException(name(), "it cannot be kept as it is while others read it");
    }

    @Override
    void close() throws IOException;

    /** So many bytes of the same kind. @param hole whether they take no space and read as zeroes */
    record Run(boolean hole, long length) {}
}
