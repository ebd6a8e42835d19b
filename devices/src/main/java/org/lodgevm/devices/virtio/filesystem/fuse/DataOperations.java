package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;
import org.lodgevm.share.Flags;
import org.lodgevm.share.OpenFile;
import org.lodgevm.share.Place;

/** What is done to the content of open files: without the session's lock but for finding them, since it may take a while. */
final class DataOperations {
    /** struct fuse_read_in, fuse_write_in, fuse_fsync_in, fuse_lseek_in, fuse_fallocate_in, fuse_copy_file_range_in. */
    private static final class Size {
        static final int READ = 40;
        static final int WRITE = 40;
        static final int FSYNC = 16;
        static final int LSEEK = 24;
        static final int FALLOCATE = 32;
        static final int COPY = 56;
    }

    private static final int WRITE_ANSWER = 8;
    private static final int LSEEK_ANSWER = 8;

    /** FUSE_WRITE_CACHE: pages of the guest's cache, at their place even if the file was opened to append. */
    private static final int WRITE_CACHE = 1;
    /** FUSE_WRITE_KILL_SUIDGID */
    private static final int WRITE_KILL_SUIDGID = 1 << 2;
    /** FUSE_FSYNC_FDATASYNC */
    private static final int DATA_ONLY = 1;

    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    /** Of one request, so that the queue goes on; the guest asks again for the rest. */
    private static final long MOST_COPIED = 16 << 20;

    private final Session session;

    DataOperations(Session session) {
        this.session = session;
    }

    Map<Opcode, Operation> all() {
        return Map.of(
                Opcode.READ, this::read,
                Opcode.WRITE, this::write,
                Opcode.FLUSH, request -> Answer.NOTHING,
                Opcode.FSYNC, this::synchronize,
                Opcode.LSEEK, this::seek,
                Opcode.FALLOCATE, this::allocate,
                Opcode.COPY_FILE_RANGE, this::copy,
                Opcode.SYNCFS, this::synchronizeAll);
    }

    private Opened use(long handle) throws FileFault {
        synchronized (session) {
            return session.handles().useFile(handle);
        }
    }

    private MemorySegment read(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.READ);
        try (Opened opened = use(arguments.getLong())) {
            long offset = arguments.getLong();
            MemorySegment into = request.receiving(arguments.getInt());
            return into.asSlice(0, opened.file().read(offset, into));
        }
    }

    // ---- writing ----------------------------------------------------------------------------------------------------

    private MemorySegment write(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.WRITE);
        long handle = arguments.getLong();
        long offset = arguments.getLong();
        MemorySegment from = request.sent(arguments.getInt());
        int flags = arguments.getInt();
        int written;
        try (Opened opened = (flags & WRITE_CACHE) != 0 ? useAtPlace(handle) : use(handle)) {
            written = write(opened.file(), offset, from);
        }
        if ((flags & WRITE_KILL_SUIDGID) != 0) {
            synchronized (session) {
                AttributeOperations.dropRights(session.nodes().place(request.node()));
            }
        }
        return wrote(written);
    }

    /** A file of which the host does not append what is written. */
    private Opened useAtPlace(long handle) throws FileFault {
        synchronized (session) {
            Handles.Handle known = session.handles().handle(handle);
            if (!known.appends()) {
                return session.handles().useFile(handle);
            }
            Place place = session.nodes().place(known.node());
            return new Opened(place.open(known.flags() & ~Flags.O_APPEND), null);
        }
    }

    /** @return bytes written: fewer than all only if the host refuses the rest */
    private static int write(OpenFile file, long offset, MemorySegment from) throws FileFault {
        int done = 0;
        while (done < from.byteSize()) {
            try {
                done += file.write(offset + done, from.asSlice(done));
            } catch (FileFault fault) {
                if (done == 0) {
                    throw fault;
                }
                return done;
            }
        }
        return done;
    }

    /** struct fuse_write_out. */
    private static MemorySegment wrote(int bytes) {
        return Answer.of(Answer.structure(WRITE_ANSWER).putInt(bytes));
    }

    private MemorySegment allocate(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.FALLOCATE);
        try (Opened opened = use(arguments.getLong())) {
            long offset = arguments.getLong();
            long length = arguments.getLong();
            opened.file().allocate(arguments.getInt(), offset, length);
            return Answer.NOTHING;
        }
    }

    private MemorySegment copy(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.COPY);
        try (Opened from = use(arguments.getLong())) {
            long offset = arguments.getLong();
            arguments.getLong(); // the node, of which the handle says enough
            try (Opened to = use(arguments.getLong())) {
                long toOffset = arguments.getLong();
                long bytes = arguments.getLong();
                if (arguments.getLong() != 0 || bytes < 0) {
                    throw new FileFault(Errno.EINVAL);
                }
                return wrote((int) from.file().copy(offset, to.file(), toOffset, Math.min(bytes, MOST_COPIED)));
            }
        }
    }

    // ---- all else ---------------------------------------------------------------------------------------------------

    private MemorySegment seek(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.LSEEK);
        try (Opened opened = use(arguments.getLong())) {
            long offset = arguments.getLong();
            int whence = arguments.getInt();
            if (whence != SEEK_DATA && whence != SEEK_HOLE) {
                throw new FileFault(Errno.EINVAL);
            }
            return Answer.of(Answer.structure(LSEEK_ANSWER).putLong(opened.file().seek(offset, whence)));
        }
    }

    private MemorySegment synchronize(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.FSYNC);
        try (Opened opened = use(arguments.getLong())) {
            opened.file().synchronize((arguments.getInt() & DATA_ONLY) != 0);
            return Answer.NOTHING;
        }
    }

    /** Until the host has written all of its file system. */
    private MemorySegment synchronizeAll(Request request) throws FileFault {
        if (!session.readOnly()) {
            session.root().synchronize();
        }
        return Answer.NOTHING;
    }
}
