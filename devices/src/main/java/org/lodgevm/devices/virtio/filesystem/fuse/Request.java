package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.lodgevm.devices.virtio.queue.GuestBuffer;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;

/**
 * A request: struct fuse_in_header, and what follows it.
 *
 * @param node that it is about; 0 where it is about none
 * @param uid of the guest's process that asks, as the guest numbers users
 * @param input what follows the header
 * @param room for the answer after its header, in bytes
 * @param data to read and write files through
 */
record Request(int opcode, long unique, long node, int uid, int gid, GuestBuffer input, long room, DataBuffer data) {
    private static final int HEADER = 40;
    private static final int OPCODE = 4;
    private static final int UNIQUE = 8;
    private static final int NODE = 16;
    private static final int UID = 24;
    private static final int GID = 28;

    private static final int LONGEST_NAME = 255;
    /** What a request without data has at most: an extended attribute and its name, or what 4096 nodes are forgotten with. */
    private static final int LONGEST = 1 << 17;

    /** @throws org.lodgevm.devices.virtio.queue.QueueFault if there is none */
    static Request read(GuestBuffer input, long room, DataBuffer data) {
        ByteBuffer header = ByteBuffer.wrap(input.read(HEADER)).order(ByteOrder.LITTLE_ENDIAN);
        return new Request(
                header.getInt(OPCODE), header.getLong(UNIQUE), header.getLong(NODE), header.getInt(UID), header.getInt(GID), input, room, data);
    }

    private static FileFault malformed() {
        return new FileFault(Errno.EINVAL);
    }

    /** The next bytes, as a structure. */
    ByteBuffer structure(int size) throws FileFault {
        if (input.remaining() < size) {
            throw malformed();
        }
        return ByteBuffer.wrap(input.read(size)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All bytes that are left. */
    ByteBuffer rest() throws FileFault {
        if (input.remaining() > LONGEST) {
            throw malformed();
        }
        return structure((int) input.remaining());
    }

    /** The bytes up to the next NUL, which is skipped. */
    static byte[] text(ByteBuffer from) throws FileFault {
        int start = from.position();
        while (from.hasRemaining()) {
            if (from.get() == 0) {
                return Arrays.copyOfRange(from.array(), start, from.position() - 1);
            }
        }
        throw malformed();
    }

    /** The name that is all that is left. */
    byte[] name() throws FileFault {
        return name(rest());
    }

    /** The next name in a folder: nothing that leads elsewhere. */
    static byte[] name(ByteBuffer from) throws FileFault {
        byte[] name = text(from);
        if (name.length > LONGEST_NAME) {
            throw new FileFault(Errno.ENAMETOOLONG);
        }
        if (name.length == 0 || isFolderItself(name)) {
            throw malformed();
        }
        for (byte letter : name) {
            if (letter == '/') {
                throw malformed();
            }
        }
        return name;
    }

    /** Whether a name is {@code .} or {@code ..}. */
    static boolean isFolderItself(byte[] name) {
        return name.length == 1 && name[0] == '.' || name.length == 2 && name[0] == '.' && name[1] == '.';
    }

    /** Data that the guest sends, at most as many bytes as fit {@link #data}. */
    MemorySegment sent(int bytes) throws FileFault {
        if (bytes < 0 || bytes > DataBuffer.SIZE || bytes > input.remaining()) {
            throw malformed();
        }
        MemorySegment sent = data.first(bytes);
        input.read(sent);
        return sent;
    }

    /** Where data for the guest is put: as many bytes as it has room for. @param wanted unsigned */
    MemorySegment receiving(int wanted) {
        return data.first((int) Math.min(Math.min(Integer.toUnsignedLong(wanted), room), DataBuffer.SIZE));
    }
}
