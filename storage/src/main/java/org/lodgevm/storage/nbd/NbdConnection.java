package org.lodgevm.storage.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.lodgevm.storage.StorageException;

/**
 * Requests under way. One thread sends and one receives, so that a caller that is interrupted, which would close the socket,
 * never touches it.
 *
 * @nbd "Transmission"
 */
final class NbdConnection implements AutoCloseable {
    /** A request that was made. @param error what the server answered, if not zero */
    private record Pending(long offset, int length, ByteBuffer into, CompletableFuture<ByteBuffer> done, long[] error) {}

    private record Outgoing(ByteBuffer head, ByteBuffer data) {}

    private static final int MOST_TEXT = 1 << 16;
    /** A server is looked at so often before it is given up: a process that stood still meanwhile must not blame it. */
    private static final int CHECKS = 4;

    /** What is under way before there are requests, whose cookies begin at 1. */
    private static final Long HANDSHAKE = 0L;

    private static final Outgoing LAST = new Outgoing(null, null);
    private static final Map<Integer, String> ERRORS = Map.of(
            Nbd.EPERM, "not permitted", Nbd.EIO, "input/output error", Nbd.EINVAL, "invalid request", Nbd.ENOSPC, "no space left");

    private final String name;
    private final SocketChannel socket;
    private final Wire wire;
    private final Duration timeout;
    private final Thread watch = Thread.ofVirtual().name("nbd watch").unstarted(this::watch);
    private final ClientHandshake.Export export;
    private final AtomicLong cookies = new AtomicLong();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final BlockingQueue<Outgoing> outgoing = new LinkedBlockingQueue<>();
    private volatile StorageException broken;

    NbdConnection(String name, NbdUri uri) throws IOException {
        this.name = name;
        this.timeout = uri.timeout();
        SocketChannel opened = null;
        try {
            opened = SocketChannel.open(uri.address());
            this.socket = opened;
            this.wire = new Wire(socket);
            pending.put(HANDSHAKE, new Pending(0, 0, null, new CompletableFuture<>(), new long[1]));
            if (!timeout.isZero()) {
                watch.start();
            }
            this.export = new ClientHandshake(name, wire).perform(uri.export());
            pending.remove(HANDSHAKE);
        } catch (StorageException e) {
            watch.interrupt();
            opened.close();
            throw e;
        } catch (IOException e) {
            watch.interrupt();
            if (opened != null) {
                opened.close();
            }
            throw broken != null ? broken : new StorageException(name, "no connection", e);
        } catch (java.nio.channels.UnresolvedAddressException e) {
            throw new StorageException(name, "there is no host of that name");
        }
        Thread.ofVirtual().name("nbd sender").start(this::sendAll);
        Thread.ofVirtual().name("nbd receiver").start(this::receiveAll);
    }

    ClientHandshake.Export export() {
        return export;
    }

    /** Performs a request. @param data to be sent @param into where what is read goes @return what BLOCK_STATUS said */
    ByteBuffer request(int command, int flags, long offset, int length, ByteBuffer data, ByteBuffer into) throws IOException {
        long cookie = cookies.incrementAndGet();
        Pending request = new Pending(offset, length, into, new CompletableFuture<>(), new long[1]);
        pending.put(cookie, request);
        ByteBuffer head = ByteBuffer.allocate(Nbd.REQUEST_LENGTH);
        head.putInt(Nbd.REQUEST_MAGIC).putShort((short) flags).putShort((short) command).putLong(cookie).putLong(offset).putInt(length).flip();
        outgoing.add(new Outgoing(head, data));
        if (broken != null) {
            abandon();
        }
        try {
            ByteBuffer status = request.done.join();
            if (request.error[0] != 0) {
                throw new StorageException(name, offset, "the server says: " + ERRORS.getOrDefault((int) request.error[0], "error " + request.error[0]));
            }
            return status;
        } catch (CompletionException e) {
            throw new StorageException(name, offset, "the connection is lost", new IOException(e.getCause().getMessage(), e.getCause()));
        }
    }

    /** Until good-bye, or something fails here or there; then the other thread ends as well. */
    private void sendAll() {
        try (socket) {
            for (Outgoing next = outgoing.take(); next.head != null; next = outgoing.take()) {
                wire.send(next.head);
                if (next.data != null) {
                    wire.send(next.data);
                }
            }
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void receiveAll() {
        try {
            while (true) {
                int magic = wire.receive(4).getInt();
                if (magic == Nbd.SIMPLE_REPLY_MAGIC) {
                    receiveSimple();
                } else if (magic == Nbd.STRUCTURED_REPLY_MAGIC && export.structured()) {
                    receiveChunk();
                } else {
                    throw new StorageException(name, "the server sent %#x where a reply begins".formatted(magic));
                }
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Gives up a server that says nothing, and takes nothing, while it owes an answer. */
    private void watch() {
        int silent = 0;
        long before = wire.lastMove();
        try {
            while (broken == null && silent < CHECKS) {
                Thread.sleep(timeout.dividedBy(CHECKS));
                long now = wire.lastMove();
                silent = now == before && !pending.isEmpty() ? silent + 1 : 0;
                before = now;
            }
            if (broken == null) {
                fail(new StorageException(name, "the server has been silent for %d s (timeout=SECONDS in its address allows more)".formatted(timeout.toSeconds())));
                socket.close();
            }
        } catch (InterruptedException | IOException e) {
            // it is closed
        }
    }

    private Pending find(long cookie) throws StorageException {
        Pending request = pending.get(cookie);
        if (request == null) {
            throw new StorageException(name, "the server answered a request that was not made");
        }
        return request;
    }

    private void receiveSimple() throws IOException {
        ByteBuffer head = wire.receive(12);
        int error = head.getInt();
        long cookie = head.getLong();
        Pending request = find(cookie);
        if (error == 0 && request.into != null) {
            wire.receive(request.into.duplicate());
        }
        request.error[0] = error;
        finish(cookie, request, null);
    }

    private void receiveChunk() throws IOException {
        ByteBuffer head = wire.receive(16);
        int flags = head.getShort();
        int type = head.getShort() & 0xffff;
        long cookie = head.getLong();
        int length = head.getInt();
        Pending request = find(cookie);
        ByteBuffer status = null;
        if (type == Nbd.CHUNK_OFFSET_DATA) {
            receiveData(request, length);
        } else if (length < 0 || length > MOST_TEXT) {
            throw new StorageException(name, "the server sent a reply of %d bytes".formatted(Integer.toUnsignedLong(length)));
        } else {
            ByteBuffer content = wire.receive(length);
            if ((type & Nbd.CHUNK_ERROR_BIT) != 0 && length >= 4) {
                request.error[0] = content.getInt();
            } else if (type == Nbd.CHUNK_OFFSET_HOLE && length == 12) {
                ByteBuffer hole = part(request, content.getLong(), content.getInt());
                hole.put(new byte[hole.remaining()]);
            } else if (type == Nbd.CHUNK_BLOCK_STATUS && length >= 12) {
                status = content.position(4).slice();
            }
        }
        if ((flags & Nbd.REPLY_DONE) != 0) {
            finish(cookie, request, status);
        } else if (status != null) {
            throw new StorageException(name, "the server tells the state of blocks in pieces");
        }
    }

    private void receiveData(Pending request, int length) throws IOException {
        if (length < Long.BYTES) {
            throw new StorageException(name, "the server sent a reply of %d bytes".formatted(Integer.toUnsignedLong(length)));
        }
        long offset = wire.receive(Long.BYTES).getLong();
        wire.receive(part(request, offset, length - Long.BYTES));
    }

    private ByteBuffer part(Pending request, long offset, int length) throws StorageException {
        long begin = offset - request.offset;
        if (request.into == null || begin < 0 || length < 0 || begin > request.length - length) {
            throw new StorageException(name, offset, "the server sent what was not asked for");
        }
        return request.into.slice(request.into.position() + (int) begin, length);
    }

    private void finish(long cookie, Pending request, ByteBuffer status) {
        pending.remove(cookie);
        request.done.complete(status);
    }

    private void fail(IOException reason) {
        if (broken == null) {
            broken = reason instanceof StorageException known ? known : new StorageException(name, String.valueOf(reason.getMessage()));
        }
        abandon();
        outgoing.add(LAST);
    }

    private void abandon() {
        for (Long cookie : pending.keySet()) {
            Pending request = pending.remove(cookie);
            if (request != null) {
                request.done.completeExceptionally(broken);
            }
        }
    }

    /** Says good-bye. Nothing is under way any more. */
    @Override
    public void close() {
        ByteBuffer head = ByteBuffer.allocate(Nbd.REQUEST_LENGTH);
        head.putInt(Nbd.REQUEST_MAGIC).putShort((short) 0).putShort((short) Nbd.CMD_DISC).clear();
        outgoing.add(new Outgoing(head, null));
        outgoing.add(LAST);
        watch.interrupt();
    }
}
