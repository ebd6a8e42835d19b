package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a machine does to the outside, held back until others know what led to it: text, frames, writes to disks. */
public interface HeldOutput {
    /** Told of what is in a part. */
    interface Reader {
        /** @param output of the machine, by number */
        void text(int output, byte[] bytes) throws IOException;

        /** @param disk of the machine, by number */
        void write(int disk, long offset, ByteBuffer bytes) throws IOException;
    }

    /** All from one moment to another. */
    interface Part {
        /** Tells what the other side needs of it: what it may have to do itself. */
        void read(Reader reader) throws IOException;
    }

    /** Everything since the last part, or since it has been held back. The machine stands still. */
    Part cut();

    /** Lets a part happen, the oldest one. On return its writes are durable. */
    void commit(Part part) throws IOException;

    /** Bytes of writes that are held back. */
    long bytes();

    /** Lets everything happen, and holds nothing back any more. The machine stands still. */
    void release() throws IOException;

    /** Whatever is held back never happens, nor does what comes: the machine runs elsewhere. */
    void drop();
}
