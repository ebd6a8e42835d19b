package org.lodgevm.devices.virtio.filesystem.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import org.lodgevm.share.Errno;
import org.lodgevm.share.FileFault;

/** The beginning and the end of a session, and what the guest forgets meanwhile. */
final class SessionOperations {
    /** struct fuse_init_in without what later versions added, fuse_forget_in, fuse_batch_forget_in, fuse_forget_one. */
    private static final class Size {
        static final int INIT = 16;
        static final int FORGET = 8;
        static final int BATCH_FORGET = 8;
        static final int FORGET_ONE = 16;
    }

    private static final int MAJOR = 7;
    private static final int MINOR = 38;
    private static final int LEAST_MINOR = 31;
    private static final int INIT_ANSWER = 64;

    /** FUSE_ASYNC_READ and so on: what is possible beside the oldest protocol, as far as it is of use here. */
    private static final class Feature {
        static final int ASYNC_READ = 1;
        static final int ATOMIC_O_TRUNC = 1 << 3;
        static final int BIG_WRITES = 1 << 5;
        static final int AUTO_INVAL_DATA = 1 << 12;
        static final int DO_READDIRPLUS = 1 << 13;
        static final int READDIRPLUS_AUTO = 1 << 14;
        static final int ASYNC_DIO = 1 << 15;
        static final int PARALLEL_DIROPS = 1 << 18;
        static final int MAX_PAGES = 1 << 22;
        static final int CACHE_SYMLINKS = 1 << 23;
        static final int HANDLE_KILLPRIV_V2 = 1 << 28;

        static final int ALL = ASYNC_READ | ATOMIC_O_TRUNC | BIG_WRITES | AUTO_INVAL_DATA | DO_READDIRPLUS | READDIRPLUS_AUTO | ASYNC_DIO
                | PARALLEL_DIROPS | MAX_PAGES | CACHE_SYMLINKS | HANDLE_KILLPRIV_V2;
    }

    /** Requests that nobody in the guest waits for. */
    private static final short MOST_IN_BACKGROUND = 64;

    private static final short CONGESTED = 48;
    private static final int PAGE = 4096;

    private final Session session;

    SessionOperations(Session session) {
        this.session = session;
    }

    Map<Opcode, Operation> all() {
        return Map.of(
                Opcode.INIT, this::begin,
                Opcode.DESTROY, this::end,
                Opcode.FORGET, this::forget,
                Opcode.BATCH_FORGET, this::forgetMany);
    }

    private MemorySegment begin(Request request) throws FileFault {
        ByteBuffer arguments = request.structure(Size.INIT);
        int major = arguments.getInt();
        int minor = arguments.getInt();
        int readahead = arguments.getInt();
        int features = arguments.getInt() & Feature.ALL;
        if (major < MAJOR || major == MAJOR && minor < LEAST_MINOR) {
            throw new FileFault(Errno.EPROTO);
        }
        ByteBuffer answer = Answer.structure(INIT_ANSWER).putInt(MAJOR).putInt(MINOR);
        if (major == MAJOR) { // a newer one asks again with this one's number
            session.clear();
            answer.putInt(readahead)
                    .putInt(features)
                    .putShort(MOST_IN_BACKGROUND)
                    .putShort(CONGESTED)
                    .putInt(DataBuffer.SIZE)
                    .putInt(1) // nanoseconds count
                    .putShort((short) (DataBuffer.SIZE / PAGE));
        }
        return Answer.of(answer);
    }

    private MemorySegment end(Request request) {
        session.clear();
        return Answer.NOTHING;
    }

    private MemorySegment forget(Request request) throws FileFault {
        session.nodes().forget(request.node(), request.structure(Size.FORGET).getLong());
        return Answer.NOTHING;
    }

    private MemorySegment forgetMany(Request request) throws FileFault {
        int count = request.structure(Size.BATCH_FORGET).getInt();
        ByteBuffer all = request.rest();
        for (int i = 0; i < count && all.remaining() >= Size.FORGET_ONE; i++) {
            session.nodes().forget(all.getLong(), all.getLong());
        }
        return Answer.NOTHING;
    }
}
