package org.lodgevm.storage.blocks;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the blocks of a disk are. Looking up is done by several threads at once; the image sees to it that changing is not. */
public interface BlockTable {
    /** Nobody has written this block: the backing image shows, or zeroes. */
    long ABSENT = -1;
    /** It reads as zeroes. */
    long ZERO = -2;
    /** It is packed: {@link #unpack} has it. */
    long PACKED = -3;

    /** In bytes, a power of two. */
    int blockSize();

    /** The offset of a block in the file, or one of the words above. */
    long place(long block) throws IOException;

    /** Takes a place that nothing refers to. */
    long allocate() throws IOException;

    /** The block is at this place from now on, where its content is already. */
    void refer(long block, long place) throws IOException;

    /** Makes a block read as zeroes by the table alone. @return whether the format can say so */
    default boolean makeZero(long block) throws IOException {
        return false;
    }

    /** The content of a packed block. */
    default ByteBuffer unpack(long block) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Whether anything waits to be written. */
    boolean hasChanges();

    /** Whether so much waits that it should be written soon. */
    boolean isCrowded();

    /** Writes what was referred to. The content is durable already. */
    void write() throws IOException;

    /** To be called before anything changes. */
    default void announce() throws IOException {}
}
