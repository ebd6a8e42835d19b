package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import org.lodgevm.share.Attributes.Type;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Flags;
import org.lodgevm.share.Place;

/** What is done with names in folders. */
final class NameOperations {
    /** struct fuse_mknod_in, fuse_mkdir_in, fuse_rename_in, fuse_rename2_in, fuse_link_in. */
    private static final class Size {
        static final int MKNOD = 16;
        static final int MKDIR = 8;
        static final int RENAME = 8;
        static final int RENAME2 = 16;
        static final int LINK = 8;
    }

    static final int PERMISSIONS = 07777;
    private static final int S_ISUID = 04000;
    private static final int S_ISGID = 02000;
    private static final int LONGEST_TARGET = 4095;

    private final Session session;

    NameOperations(Session session) {
        this.session = session;
    }

    Map<Opcode, Operation> all() {
        return Map.of(
                Opcode.LOOKUP, this::lookup,
                Opcode.MKNOD, this::makeNode,
                Opcode.MKDIR, this::makeFolder,
                Opcode.SYMLINK, this::makeLink,
                Opcode.LINK, this::link,
                Opcode.UNLINK, request -> remove(request, false),
                Opcode.RMDIR, request -> remove(request, true),
                Opcode.RENAME, this::rename,
                Opcode.RENAME2, this::renameByFlags);
    }

    private MemorySegment lookup(Request request) throws FileFault {
        byte[] name = request.name();
        return session.entry(session.tell(request.node(), name, session.nodes().place(request.node()).attributes(name)));
    }

    // ---- making -----------------------------------------------------------------------------------------------------

    /** What a guest may leave on the host: no file that has its owner's rights in somebody else's hands. */
    static int permissions(int mode) {
        return mode & PERMISSIONS & ~(S_ISUID | S_ISGID);
    }

    private MemorySegment makeNode(Request request) throws FileFault {
        int mode = request.structure(Size.MKNOD).getInt();
        byte[] name = request.name();
        Type type = Type.of(mode);
        if (type == Type.CHARACTER_DEVICE || type == Type.BLOCK_DEVICE) {
            throw new FileFault(Errno.EPERM);
        }
        if (type != Type.FILE && type != Type.FIFO && type != Type.SOCKET) {
            throw new FileFault(Errno.EINVAL);
        }
        session.nodes().requireRoom();
        session.nodes().place(request.node()).makeNode(name, type.bits() | permissions(mode));
        return made(request, name);
    }

    private MemorySegment makeFolder(Request request) throws FileFault {
        int mode = request.structure(Size.MKDIR).getInt();
        byte[] name = request.name();
        session.nodes().requireRoom();
        session.nodes().place(request.node()).makeFolder(name, mode & PERMISSIONS & ~S_ISUID);
        return made(request, name);
    }

    private MemorySegment makeLink(Request request) throws FileFault {
        ByteBuffer texts = request.rest();
        byte[] name = Request.name(texts);
        byte[] target = Request.text(texts);
        if (target.length == 0 || target.length > LONGEST_TARGET) {
            throw new FileFault(target.length == 0 ? Errno.ENOENT : Errno.ENAMETOOLONG);
        }
        session.nodes().requireRoom();
        session.nodes().place(request.node()).makeLink(name, target);
        return made(request, name);
    }

    private MemorySegment made(Request request, byte[] name) throws FileFault {
        return session.entry(session.tellMade(request, name, session.nodes().place(request.node()).attributes(name)));
    }

    // ---- other names ------------------------------------------------------------------------------------------------

    private MemorySegment link(Request request) throws FileFault {
        long file = request.structure(Size.LINK).getLong();
        byte[] name = request.name();
        Place folder = session.nodes().pin(request.node());
        try {
            folder.link(session.nodes().place(file), name);
            return session.entry(session.tell(request.node(), name, folder.attributes(name)));
        } finally {
            session.nodes().unpin(request.node());
        }
    }

    private MemorySegment remove(Request request, boolean folder) throws FileFault {
        byte[] name = request.name();
        session.nodes().place(request.node()).remove(name, folder);
        return Answer.NOTHING;
    }

    private MemorySegment rename(Request request) throws FileFault {
        return rename(request, request.structure(Size.RENAME).getLong(), 0);
    }

    private MemorySegment renameByFlags(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.RENAME2);
        long to = arguments.getLong();
        int flags = arguments.getInt();
        if ((flags & ~(Flags.RENAME_NOREPLACE | Flags.RENAME_EXCHANGE)) != 0) {
            throw new FileFault(Errno.EINVAL);
        }
        return rename(request, to, flags);
    }

    private MemorySegment rename(Request request, long newParent, int flags) throws FileFault {
        ByteBuffer names = request.rest();
        byte[] name = Request.name(names);
        byte[] newName = Request.name(names);
        Nodes nodes = session.nodes();
        Place from = nodes.pin(request.node());
        try {
            Place to = nodes.place(newParent);
            Long moved = nodes.number(from.attributes(name));
            Long exchanged = (flags & Flags.RENAME_EXCHANGE) != 0 ? nodes.number(to.attributes(newName)) : null;
            from.rename(name, to, newName, flags);
            if (moved != null) {
                nodes.move(moved, newParent, newName);
            }
            if (exchanged != null) {
                nodes.move(exchanged, request.node(), name);
            }
            return Answer.NOTHING;
        } finally {
            nodes.unpin(request.node());
        }
    }
}
