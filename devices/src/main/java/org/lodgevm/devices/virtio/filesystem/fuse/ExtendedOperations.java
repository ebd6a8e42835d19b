package org.lodgevm.devices.virtio.filesystem.fuse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;

/**
 * Extended attributes: those of users. The others mean something to the host's kernel, and are none of a guest's business. A host whose
 * file system has none says ENOSYS once, and is not asked again.
 */
final class ExtendedOperations {
    private static final String OF_USERS = "user.";
    private static final int LONGEST_NAME = 255;
    private static final int LARGEST_VALUE = 1 << 16;
    private static final int SET = 8;
    private static final int GET = 8;
    private static final int SIZE_ANSWER = 8;

    private final Session session;
    private final boolean supported;

    ExtendedOperations(Session session) {
        this.session = session;
        this.supported = isSupported();
    }

    private boolean isSupported() {
        try {
            session.root().extendedAttribute(OF_USERS + "lodge");
            return true;
        } catch (FileFault fault) {
            return fault.errno() != Errno.EOPNOTSUPP;
        }
    }

    Map<Opcode, Operation> all() {
        return Map.of(
                Opcode.SETXATTR, this::set,
                Opcode.GETXATTR, this::get,
                Opcode.LISTXATTR, this::list,
                Opcode.REMOVEXATTR, this::remove);
    }

    private void require() throws FileFault {
        if (!supported) {
            throw new FileFault(Errno.ENOSYS);
        }
    }

    private String name(ByteBuffer from) throws FileFault {
        require();
        byte[] name = Request.text(from);
        if (name.length > LONGEST_NAME) {
            throw new FileFault(Errno.ERANGE);
        }
        String text = new String(name, ISO_8859_1);
        if (!text.startsWith(OF_USERS)) {
            throw new FileFault(Errno.EOPNOTSUPP);
        }
        return text;
    }

    private MemorySegment set(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(SET);
        int size = arguments.getInt();
        int flags = arguments.getInt();
        ByteBuffer rest = request.rest();
        String name = name(rest);
        if (size < 0 || size > LARGEST_VALUE || size > rest.remaining()) {
            throw new FileFault(Errno.EINVAL);
        }
        byte[] value = new byte[size];
        rest.get(value);
        session.nodes().place(request.node()).extendedAttribute(name, value, flags);
        return Answer.NOTHING;
    }

    private MemorySegment get(Request request) throws FileFault {
        int room = request.structure(GET).getInt();
        String name = name(request.rest());
        return fitting(session.nodes().place(request.node()).extendedAttribute(name), room);
    }

    private MemorySegment list(Request request) throws FileFault {
        require();
        int room = request.structure(GET).getInt();
        byte[] all = session.nodes().place(request.node()).extendedAttributes();
        ByteArrayOutputStream ofUsers = new ByteArrayOutputStream();
        int start = 0;
        for (int end = 0; end < all.length; end++) {
            if (all[end] == 0) {
                byte[] name = Arrays.copyOfRange(all, start, end + 1);
                if (new String(name, ISO_8859_1).startsWith(OF_USERS)) {
                    ofUsers.writeBytes(name);
                }
                start = end + 1;
            }
        }
        return fitting(ofUsers.toByteArray(), room);
    }

    private MemorySegment remove(Request request) throws FileFault {
        String name = name(request.rest());
        session.nodes().place(request.node()).removeExtendedAttribute(name);
        return Answer.NOTHING;
    }

    /** Without room it is the size that the guest wants: struct fuse_getxattr_out. */
    private static MemorySegment fitting(byte[] value, int room) throws FileFault {
        if (room == 0) {
            return Answer.of(Answer.structure(SIZE_ANSWER).putInt(value.length));
        }
        if (value.length > Integer.toUnsignedLong(room)) {
            throw new FileFault(Errno.ERANGE);
        }
        return MemorySegment.ofArray(value);
    }
}
