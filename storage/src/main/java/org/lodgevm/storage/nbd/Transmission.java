package org.lodgevm.storage.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.lodgevm.storage.BlockImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.StorageException;

/**
 * Answers a client's requests, several at a time, each in a thread of its own. What they may hold in memory is bounded.
 *
 * @nbd "Transmission"
 */
final class Transmission {
    private static final int PAGE = 4096;
    /** That a client's requests hold at most. */
    static final int PAGES = 2 * Nbd.MOST_DATA / PAGE;

    private static final int MOST_EXTENTS = 1024;
    private static final int EXTENT_LENGTH = 2 * Integer.BYTES;
    private static final int CONTEXT = 1;

    private record Request(int flags, int command, long cookie, long offset, int length) {
        int pages() {
            return 1 + switch (command) {
                case Nbd.CMD_READ, Nbd.CMD_WRITE -> length / PAGE;
                case Nbd.CMD_BLOCK_STATUS -> MOST_EXTENTS * EXTENT_LENGTH / PAGE;
                default -> 0;
            };
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    private final Wire wire;
    private final BlockImage image;
    private final boolean structured;
    private final boolean allocation;
    private final Semaphore memory = new Semaphore(PAGES);
    private final Semaphore memoryOfAll;
    private final ReentrantLock sending = new ReentrantLock();

    /**
     * @param structured how replies are written
     * @param allocation whether the client may ask for holes
     * @param memoryOfAll what the requests of all clients may hold, in pages: no less than {@link #PAGES}
     */
    Transmission(Wire wire, BlockImage image, boolean structured, boolean allocation, Semaphore memoryOfAll) {
        this.wire = wire;
        this.image = image;
        this.structured = structured;
        this.allocation = allocation;
        this.memoryOfAll = memoryOfAll;
    }

    /** Until the client leaves. */
    void run() throws IOException {
        try {
            while (true) {
                ByteBuffer head = wire.receive(Nbd.REQUEST_LENGTH);
                if (head.getInt() != Nbd.REQUEST_MAGIC) {
                    return;
                }
                Request request = new Request(head.getShort(), head.getShort() & 0xffff, head.getLong(), head.getLong(), head.getInt());
                if (request.command == Nbd.CMD_DISC || request.length < 0 && request.command == Nbd.CMD_WRITE) {
                    return;
                }
                if (request.command == Nbd.CMD_WRITE && request.length > Nbd.MOST_DATA) {
                    return; // nobody wants to receive that
                }
                boolean tooMuch = request.command == Nbd.CMD_READ && (request.length < 0 || request.length > Nbd.MOST_DATA);
                int pages = tooMuch ? 1 : request.pages();
                take(pages);
                ByteBuffer data = request.command == Nbd.CMD_WRITE ? receive(request.length, pages) : null;
                Thread.ofVirtual().name("nbd request").start(() -> {
                    try {
                        answer(request, data, tooMuch);
                    } finally {
                        giveBack(pages);
                    }
                });
            }
        } finally {
            memory.acquireUninterruptibly(PAGES); // the image may be closed once nobody uses it
        }
    }

    /** Waits, first for others of this client's requests. */
    private void take(int pages) {
        memory.acquireUninterruptibly(pages);
        memoryOfAll.acquireUninterruptibly(pages);
    }

    private void giveBack(int pages) {
        memoryOfAll.release(pages);
        memory.release(pages);
    }

    /** @param pages taken for what comes, and given back if it does not */
    private ByteBuffer receive(int length, int pages) throws IOException {
        boolean whole = false;
        try {
            ByteBuffer data = wire.receive(length);
            whole = true;
            return data;
        } finally {
            if (!whole) {
                giveBack(pages);
            }
        }
    }

    private void answer(Request request, ByteBuffer data, boolean tooMuch) {
        try {
            try {
                if (tooMuch) {
                    fail(request, Nbd.EINVAL);
                } else {
                    perform(request, data);
                }
            } catch (IOException e) {
                fail(request, error(request, e));
            }
        } catch (IOException e) {
            // the client is gone
        }
    }

    private int error(Request request, IOException e) {
        long length = request.length & 0xffff_ffffL;
        boolean beyond = request.offset < 0 || request.offset > image.size() - length;
        if (beyond) {
            return request.command == Nbd.CMD_READ ? Nbd.EINVAL : Nbd.ENOSPC;
        }
        boolean change = request.command != Nbd.CMD_READ && request.command != Nbd.CMD_BLOCK_STATUS;
        return change && image.isReadOnly() ? Nbd.EPERM : e instanceof StorageException problem && problem.isHostFull() ? Nbd.ENOSPC : Nbd.EIO;
    }

    private void perform(Request request, ByteBuffer data) throws IOException {
        long length = request.length & 0xffff_ffffL;
        switch (request.command) {
            case Nbd.CMD_READ -> read(request);
            case Nbd.CMD_WRITE -> {
                image.write(request.offset, data);
                finish(request);
            }
            case Nbd.CMD_FLUSH -> {
                image.flush();
                succeed(request);
            }
            case Nbd.CMD_TRIM -> {
                image.discard(request.offset, length);
                finish(request);
            }
            case Nbd.CMD_WRITE_ZEROES -> {
                image.writeZeroes(request.offset, length, !request.has(Nbd.CMD_FLAG_NO_HOLE));
                finish(request);
            }
            case Nbd.CMD_BLOCK_STATUS -> {
                if (allocation) {
                    status(request, length);
                } else {
                    fail(request, Nbd.EINVAL);
                }
            }
            default -> fail(request, Nbd.EINVAL);
        }
    }

    private void finish(Request request) throws IOException {
        if (request.has(Nbd.CMD_FLAG_FUA)) {
            image.flush();
        }
        succeed(request);
    }

    private void read(Request request) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(request.length);
        image.read(request.offset, content);
        content.flip();
        if (structured && request.length > 0) {
            send(chunk(request, Nbd.CHUNK_OFFSET_DATA, Long.BYTES + request.length, Long.BYTES).putLong(request.offset).flip(), content);
        } else if (structured) {
            succeed(request);
        } else {
            send(simple(request, 0), content);
        }
    }

    private void status(Request request, long length) throws IOException {
        if (length == 0) {
            fail(request, Nbd.EINVAL);
            return;
        }
        BlockImage.checkRange(image, request.offset, length);
        ByteBuffer extents = ByteBuffer.allocate(MOST_EXTENTS * EXTENT_LENGTH);
        int most = request.has(Nbd.CMD_FLAG_REQ_ONE) ? 1 : MOST_EXTENTS;
        long end = request.offset + length;
        Extent extent = image.extent(request.offset, length);
        long begin = request.offset;
        while (extent != null && extents.position() / EXTENT_LENGTH < most) {
            Extent next = extent.end() < end ? image.extent(extent.end(), end - extent.end()) : null;
            if (next == null || state(next) != state(extent)) {
                extents.putInt((int) (extent.end() - begin)).putInt(state(extent));
                begin = extent.end();
            }
            extent = next;
        }
        extents.flip();
        send(chunk(request, Nbd.CHUNK_BLOCK_STATUS, Integer.BYTES + extents.remaining(), Integer.BYTES).putInt(CONTEXT).flip(), extents);
    }

    private static int state(Extent extent) {
        return (extent.zero() ? Nbd.STATE_ZERO : 0) | (extent.zero() && extent.hostOffset() == Extent.NOWHERE ? Nbd.STATE_HOLE : 0);
    }

    private void succeed(Request request) throws IOException {
        if (structured) {
            send(chunk(request, Nbd.CHUNK_NONE, 0, 0).flip());
        } else {
            send(simple(request, 0));
        }
    }

    private void fail(Request request, int error) throws IOException {
        if (structured) {
            send(chunk(request, Nbd.CHUNK_ERROR, 6, 6).putInt(error).putShort((short) 0).flip());
        } else {
            send(simple(request, error));
        }
    }

    private static ByteBuffer simple(Request request, int error) {
        return ByteBuffer.allocate(16).putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(error).putLong(request.cookie).flip();
    }

    /** The head of a reply's only chunk. @param room for what is put behind it */
    private static ByteBuffer chunk(Request request, int type, int length, int room) {
        return ByteBuffer.allocate(20 + room).putInt(Nbd.STRUCTURED_REPLY_MAGIC).putShort((short) Nbd.REPLY_DONE).putShort((short) type)
                .putLong(request.cookie).putInt(length);
    }

    private void send(ByteBuffer... pieces) throws IOException {
        sending.lock();
        try {
            wire.send(pieces);
        } finally {
            sending.unlock();
        }
    }
}
