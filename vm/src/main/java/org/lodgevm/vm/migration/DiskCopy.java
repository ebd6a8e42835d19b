package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.lodgevm.machine.PageSet;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.copy.Zeroes;

/** Sends disks while the guest writes to them: all of them once, then what was written since, as often as one likes. Used by one thread. */
final class DiskCopy implements AutoCloseable {
    /** The most that goes by a message. */
    static final int PIECE = 1 << 20;

    private static final int HEAD = 1 + Long.BYTES;
    /** What an image that goes past the host's cache reads into without a copy. */
    private static final int ALIGNMENT = 4096;

    private final List<? extends MovingDisk> disks;
    private final MessageSink sink;
    private final IntConsumer account;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE + ALIGNMENT).alignedSlice(ALIGNMENT);
    /** Of each disk, blocks that were written to since they were sent. */
    private final List<PageSet> rest;
    /** In the last round that sent anything. */
    private double nanosPerByte;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong remaining = new AtomicLong();

    /** Disks log what is written to them from now on. @param account told of each message's length */
    DiskCopy(List<? extends MovingDisk> disks, MessageSink sink, IntConsumer account) {
        this.disks = disks;
        this.sink = sink;
        this.account = account;
        rest = disks.stream().map(disk -> new PageSet((disk.size() + PageSet.PAGE - 1) / PageSet.PAGE)).toList();
        disks.forEach(disk -> disk.logWrites(true));
    }

    /** Bytes of disks that were sent so far, each as often as it was. */
    long sent() {
        return sent.get();
    }

    /** Bytes that are known to be sent yet; any thread. */
    long remaining() {
        return Math.max(0, remaining.get()); // the guest may have filled more meanwhile than was known of at first
    }

    /** What the disks hold, and then what was written meanwhile. @param bytes that they hold */
    void sendAll(long bytes) throws IOException {
        remaining.set(bytes);
        time(() -> {
            for (int i = 0; i < disks.size(); i++) {
                send(i, 0, disks.get(i).size(), false);
            }
        });
        collect();
        sendRest();
        collect();
    }

    /** Finds out what was written to. */
    void collect() {
        long blocks = 0;
        for (int i = 0; i < disks.size(); i++) {
            rest.get(i).addAll(disks.get(i).collectWrites());
            blocks += rest.get(i).count();
        }
        remaining.set(blocks * PageSet.PAGE);
    }

    /** Sends what was found to be written to. */
    void sendRest() throws IOException {
        time(() -> {
            for (int i = 0; i < disks.size(); i++) {
                sendBlocks(i, rest.get(i).take());
            }
        });
    }

    private void sendBlocks(int disk, PageSet blocks) throws IOException {
        for (long block = blocks.next(0); block >= 0; block = blocks.next(block)) {
            long first = block;
            do {
                block++;
            } while (blocks.contains(block));
            send(disk, first * PageSet.PAGE, Math.min(block * PageSet.PAGE, disks.get(disk).size()), true);
        }
    }

    private interface Round {
        void run() throws IOException;
    }

    private void time(Round round) throws IOException {
        long before = sent.get();
        long began = System.nanoTime();
        round.run();
        remaining.set(0);
        if (sent.get() > before) {
            nanosPerByte = (double) (System.nanoTime() - began) / (sent.get() - before);
        }
    }

    /** How long it would take to send the rest. */
    Duration expected() {
        return Duration.ofNanos((long) (remaining.get() * nanosPerByte));
    }

    /** @param again whether there may be something at the target where there are zeroes here */
    private void send(int disk, long from, long end, boolean again) throws IOException {
        for (long at = from; at < end; ) {
            Extent extent = disks.get(disk).extent(at, end - at);
            long until = Math.min(end, extent.zero() ? extent.end() : Math.min(extent.end(), at + PIECE));
            if (extent.zero()) {
                clear(disk, at, until - at, again);
            } else {
                copy(disk, at, (int) (until - at), again);
            }
            at = until;
        }
    }

    private void copy(int disk, long offset, int length, boolean again) throws IOException {
        disks.get(disk).read(offset, piece.clear().limit(length));
        if (Zeroes.only(piece.flip(), 0, length)) {
            clear(disk, offset, length, again);
        } else {
            emit(MessageType.WRITES, ByteBuffer.allocate(HEAD + length).put((byte) disk).putLong(offset).put(piece));
        }
        sent.addAndGet(length);
        remaining.addAndGet(-length);
    }

    private void clear(int disk, long offset, long length, boolean again) throws IOException {
        if (again) {
            emit(MessageType.ZEROES, ByteBuffer.allocate(HEAD + Long.BYTES).put((byte) disk).putLong(offset).putLong(length));
        }
    }

    private void emit(MessageType type, ByteBuffer payload) throws IOException {
        sink.send(type, payload.array());
        account.accept(payload.capacity());
    }

    /** Disks log no more. */
    @Override
    public void close() {
        disks.forEach(disk -> disk.logWrites(false));
    }
}
