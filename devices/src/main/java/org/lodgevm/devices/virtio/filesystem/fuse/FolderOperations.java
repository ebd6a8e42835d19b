package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import org.lodgevm.devices.virtio.filesystem.fuse.Session.Told;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.OpenFolder;
import org.lodgevm.share.Place;

/** The listing of folders. With each entry comes all that is known of the file, unless the guest wants names only. */
final class FolderOperations {
    /** struct fuse_open_in, fuse_read_in, fuse_release_in, fuse_fsync_in. */
    private static final class Size {
        static final int OPEN = 8;
        static final int READ = 40;
        static final int RELEASE = 24;
        static final int FSYNC = 16;
    }

    /** Of struct fuse_read_in. */
    private static final int READ_SIZE = 16;

    private static final int OPEN_ANSWER = 16;
    /** struct fuse_dirent before its name, and what its length is a multiple of. */
    private static final int ENTRY = 24;

    private static final int ALIGNMENT = 8;
    /** FUSE_FSYNC_FDATASYNC */
    private static final int DATA_ONLY = 1;

    private final Session session;

    FolderOperations(Session session) {
        this.session = session;
    }

    Map<Opcode, Operation> all() {
        return Map.of(
                Opcode.OPENDIR, this::open,
                Opcode.READDIR, request -> read(request, false),
                Opcode.READDIRPLUS, request -> read(request, true),
                Opcode.FSYNCDIR, this::synchronize,
                Opcode.RELEASEDIR, this::release);
    }

    private MemorySegment open(Request request) throws FileFault {
        request.structure(Size.OPEN);
        return Answer.of(Answer.structure(OPEN_ANSWER).putLong(session.handles().openFolder(request.node())));
    }

    private MemorySegment read(Request request, boolean withAttributes) throws FileFault {
        ByteBuffer arguments = request.structure(Size.READ);
        long handle = arguments.getLong();
        long position = arguments.getLong();
        ByteBuffer entries = Answer.structure((int) request.receiving(arguments.getInt(READ_SIZE)).byteSize());
        long folder = session.handles().handle(handle).node();
        try (Opened opened = session.handles().useFolder(handle)) {
            OpenFolder.Visitor visitor = (name, inode, type, next) -> {
                int length = ENTRY + name.length + ALIGNMENT - 1 & -ALIGNMENT;
                if (entries.remaining() < length + (withAttributes ? Session.ENTRY : 0)) {
                    return false;
                }
                if (withAttributes) {
                    putAttributes(entries, folder, name);
                }
                int end = entries.position() + length;
                entries.putLong(inode).putLong(next).putInt(name.length).putInt(type).put(name).position(end);
                return true;
            };
            opened.folder().visit(position, visitor);
        }
        return Answer.filled(entries);
    }

    /** Zeros stand for a file that is gone already, or that the guest is not told of: it looks it up when it needs it. */
    private void putAttributes(ByteBuffer into, long folder, byte[] name) {
        int end = into.position() + Session.ENTRY;
        try {
            if (!Request.isFolderItself(name) && session.nodes().hasRoom()) {
                Place place = session.nodes().place(folder);
                Told told = session.tell(folder, name, place.attributes(name));
                session.put(into, told);
            }
        } catch (FileFault fault) {
            // zeros
        }
        into.position(end);
    }

    private MemorySegment synchronize(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.FSYNC);
        try (Opened opened = session.handles().useFolder(arguments.getLong())) {
            opened.folder().synchronize((arguments.getInt() & DATA_ONLY) != 0);
            return Answer.NOTHING;
        }
    }

    private MemorySegment release(Request request) throws FileFault {
        session.handles().release(request.structure(Size.RELEASE).getLong());
        return Answer.NOTHING;
    }
}
