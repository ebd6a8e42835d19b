package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import org.lodgevm.share.Attributes;
import org.lodgevm.share.Attributes.Moment;
import org.lodgevm.share.Attributes.Type;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Place;
import org.lodgevm.share.Usage;

/** What is asked of files and of the file system without opening anything. */
final class AttributeOperations {
    /** struct fuse_setattr_in, its fields and the bits that say which of them count. */
    private static final class Setattr {
        static final int SIZE = 88;

        static final int VALID = 0;
        static final int HANDLE = 8;
        static final int LENGTH = 16;
        static final int ATIME = 32;
        static final int MTIME = 40;
        static final int ATIME_NANOS = 56;
        static final int MTIME_NANOS = 60;
        static final int MODE = 68;
        static final int UID = 76;
        static final int GID = 80;

        static final int FATTR_MODE = 1;
        static final int FATTR_UID = 1 << 1;
        static final int FATTR_GID = 1 << 2;
        static final int FATTR_SIZE = 1 << 3;
        static final int FATTR_ATIME = 1 << 4;
        static final int FATTR_MTIME = 1 << 5;
        static final int FATTR_FH = 1 << 6;
        static final int FATTR_ATIME_NOW = 1 << 7;
        static final int FATTR_MTIME_NOW = 1 << 8;
        static final int FATTR_KILL_SUIDGID = 1 << 11;
    }

    private static final int STATFS_ANSWER = 80;
    private static final int ACCESS = 8;
    private static final int W_OK = 2;
    private static final int NO_CHANGE = -1;
    private static final int S_ISUID = 04000;

    private final Session session;

    AttributeOperations(Session session) {
        this.session = session;
    }

    Map<Opcode, Operation> all() {
        return Map.of(
                Opcode.GETATTR, request -> answer(session.nodes().place(request.node())),
                Opcode.SETATTR, this::set,
                Opcode.READLINK, request -> MemorySegment.ofArray(session.nodes().place(request.node()).target()),
                Opcode.ACCESS, this::access,
                Opcode.STATFS, request -> usage(session.root().usage()));
    }

    private MemorySegment answer(Place place) throws FileFault {
        return session.attributes(place.attributes());
    }

    // ---- setting ----------------------------------------------------------------------------------------------------

    private MemorySegment set(Request request) throws FileFault {
        ByteBuffer values = request.structure(Setattr.SIZE);
        int valid = values.getInt(Setattr.VALID);
        Place place = session.nodes().place(request.node());
        if ((valid & Setattr.FATTR_KILL_SUIDGID) != 0) {
            dropRights(place);
        }
        if ((valid & Setattr.FATTR_MODE) != 0) {
            int mode = values.getInt(Setattr.MODE);
            place.permit(place.attributes().type() == Type.FOLDER ? mode & ~S_ISUID : NameOperations.permissions(mode));
        }
        if ((valid & (Setattr.FATTR_UID | Setattr.FATTR_GID)) != 0) {
            session.owners().change(
                    place,
                    (valid & Setattr.FATTR_UID) != 0 ? values.getInt(Setattr.UID) : NO_CHANGE,
                    (valid & Setattr.FATTR_GID) != 0 ? values.getInt(Setattr.GID) : NO_CHANGE);
        }
        if ((valid & Setattr.FATTR_SIZE) != 0) {
            truncate(place, valid, values);
        }
        if ((valid & (Setattr.FATTR_ATIME | Setattr.FATTR_MTIME)) != 0) {
            place.times(
                    moment(valid, Setattr.FATTR_ATIME, Setattr.FATTR_ATIME_NOW, values, Setattr.ATIME, Setattr.ATIME_NANOS),
                    moment(valid, Setattr.FATTR_MTIME, Setattr.FATTR_MTIME_NOW, values, Setattr.MTIME, Setattr.MTIME_NANOS));
        }
        return answer(place);
    }

    /** Somebody who may not set them changes a file that has set-user-ID bits. */
    static void dropRights(Place place) throws FileFault {
        Attributes attributes = place.attributes();
        int left = NameOperations.permissions(attributes.mode());
        if (attributes.type() == Type.FILE && left != (attributes.mode() & NameOperations.PERMISSIONS)) {
            place.permit(left);
        }
    }

    private void truncate(Place place, int valid, ByteBuffer values) throws FileFault {
        long size = values.getLong(Setattr.LENGTH);
        if ((valid & Setattr.FATTR_FH) == 0) {
            place.truncate(size);
            return;
        }
        try (Opened opened = session.handles().useFile(values.getLong(Setattr.HANDLE))) {
            opened.file().truncate(size);
        }
    }

    private static Moment moment(int valid, int set, int setNow, ByteBuffer values, int seconds, int nanos) throws FileFault {
        if ((valid & set) == 0) {
            return Moment.UNCHANGED;
        }
        if ((valid & setNow) != 0) {
            return Moment.NOW;
        }
        if (Integer.compareUnsigned(values.getInt(nanos), Moment.NANOS) >= 0) {
            throw new FileFault(Errno.EINVAL);
        }
        return new Moment(values.getLong(seconds), values.getInt(nanos));
    }

    // ---- asking -----------------------------------------------------------------------------------------------------

    private MemorySegment access(Request request) throws FileFault {
        int mask = request.structure(ACCESS).getInt();
        if (session.readOnly() && (mask & W_OK) != 0) {
            throw new FileFault(Errno.EROFS);
        }
        session.nodes().place(request.node()).access(mask);
        return Answer.NOTHING;
    }

    /** struct fuse_statfs_out. */
    private static MemorySegment usage(Usage usage) {
        return Answer.of(Answer.structure(STATFS_ANSWER)
                .putLong(usage.blocks())
                .putLong(usage.free())
                .putLong(usage.available())
                .putLong(usage.files())
                .putLong(usage.freeFiles())
                .putInt(usage.blockSize())
                .putInt(usage.longestName())
                .putInt(usage.fragmentSize()));
    }
}
