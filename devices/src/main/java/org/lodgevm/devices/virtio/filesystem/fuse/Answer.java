package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.share.Errno;

/** What follows an answer's header, and the header: struct fuse_out_header. */
final class Answer {
    static final int HEADER = 16;
    static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private Answer() {}

    /** A structure to be filled from its beginning; all of it is zeros. */
    static ByteBuffer structure(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All of a structure. */
    static MemorySegment of(ByteBuffer structure) {
        return MemorySegment.ofArray(structure.array());
    }

    /** The part of a structure that was filled. */
    static MemorySegment filled(ByteBuffer structure) {
        return of(structure).asSlice(0, structure.position());
    }

    static void write(long unique, MemorySegment payload, GuestBuffer into) {
        if (payload.byteSize() > into.remaining() - HEADER) {
            refuse(unique, Errno.EIO, into);
            return;
        }
        into.write(header(HEADER + payload.byteSize(), 0, unique));
        into.write(payload);
    }

    static void refuse(long unique, int errno, GuestBuffer into) {
        into.write(header(HEADER, -errno, unique));
    }

    private static byte[] header(long length, int error, long unique) {
        return structure(HEADER).putInt((int) length).putInt(error).putLong(unique).array();
    }
}
