package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import org.lodgevm.devices.virtio.filesystem.fuse.Session.Told;
import org.lodgevm.share.Attributes;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Flags;
import org.lodgevm.share.OpenFile;
import org.lodgevm.share.Place;

/** What is done to open a regular file: with the session locked. */
final class FileOperations {
    /** struct fuse_open_in, fuse_create_in, fuse_release_in. */
    private static final class Size {
        static final int OPEN = 8;
        static final int CREATE = 16;
        static final int RELEASE = 8;
    }

    private static final int OPEN_ANSWER = 16;
    /** FUSE_OPEN_KILL_SUIDGID */
    private static final int KILL_SUIDGID = 1;
    /** FOPEN_KEEP_CACHE: what the guest has of the file's content is still right. */
    private static final int KEEP_CACHE = 1 << 1;
    /** FOPEN_NOFLUSH: closing it is nothing that the host needs to know of. */
    private static final int NO_FLUSH = 1 << 5;

    /** What concerns the host's file: all else is the guest's. */
    private static final int OF_HOST = Flags.O_ACCMODE | Flags.O_TRUNC | Flags.O_APPEND | Flags.O_SYNC;

    private final Session session;

    FileOperations(Session session) {
        this.session = session;
    }

    Map<Opcode, Operation> all() {
        return Map.of(
                Opcode.OPEN, this::open,
                Opcode.CREATE, this::create,
                Opcode.RELEASE, this::release);
    }

    /** Only regular files are opened: a FIFO would make us wait, a device would do who knows what. */
    private static void requireFile(Attributes attributes) throws FileFault {
        switch (attributes.type()) {
            case FILE -> {}
            case FOLDER -> throw new FileFault(Errno.EISDIR);
            case LINK -> throw new FileFault(Errno.ELOOP);
            default -> throw new FileFault(Errno.EACCES);
        }
    }

    private MemorySegment open(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.OPEN);
        int flags = arguments.getInt() & OF_HOST;
        boolean dropRights = (arguments.getInt() & KILL_SUIDGID) != 0;
        return Answer.of(open(Answer.structure(OPEN_ANSWER), request.node(), flags, dropRights));
    }

    /** Opens what is there. @return {@code answer} with struct fuse_open_out added */
    private ByteBuffer open(ByteBuffer answer, long node, int flags, boolean dropRights) throws FileFault {
        if (session.readOnly() && ((flags & Flags.O_ACCMODE) != Flags.O_RDONLY || (flags & Flags.O_TRUNC) != 0)) {
            throw new FileFault(Errno.EROFS);
        }
        Place place = session.nodes().place(node);
        requireFile(place.attributes());
        if (dropRights && (flags & Flags.O_TRUNC) != 0) {
            AttributeOperations.dropRights(place);
        }
        return put(answer, node, session.handles().open(node, flags));
    }

    private ByteBuffer put(ByteBuffer answer, long node, long handle) throws FileFault {
        boolean same = session.nodes().open(node, session.nodes().place(node).attributes());
        return answer.putLong(handle).putInt(NO_FLUSH | (same ? KEEP_CACHE : 0)).putInt(0);
    }

    private MemorySegment create(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.CREATE);
        int asked = arguments.getInt();
        int mode = NameOperations.permissions(arguments.getInt());
        byte[] name = request.name();
        session.handles().requireRoom();
        session.nodes().requireRoom();
        OpenFile made = createUnlessPresent(request.node(), name, asked, mode);
        ByteBuffer answer = Answer.structure(Session.ENTRY + OPEN_ANSWER);
        if (made == null) {
            Told present = session.tell(request.node(), name, session.nodes().place(request.node()).attributes(name));
            return Answer.of(open(session.put(answer, present), present.node(), asked & OF_HOST, false));
        }
        try {
            Told told = session.tellMade(request, name, made.attributes());
            return Answer.of(put(session.put(answer, told), told.node(), session.handles().add(told.node(), asked & OF_HOST, made)));
        } catch (FileFault fault) {
            made.close();
            throw fault;
        }
    }

    /** @return null if there is something of this name already, and that is all right */
    private OpenFile createUnlessPresent(long folder, byte[] name, int asked, int mode) throws FileFault {
        try {
            return session.nodes().place(folder).create(name, asked & OF_HOST, mode);
        } catch (FileFault fault) {
            if (fault.errno() != Errno.EEXIST || (asked & Flags.O_EXCL) != 0) {
                throw fault;
            }
            return null;
        }
    }

    private MemorySegment release(Request request) throws FileFault {
        session.handles().release(request.structure(Size.RELEASE).getLong());
        return Answer.NOTHING;
    }
}
