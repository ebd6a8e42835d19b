package org.lodgevm.devices.virtio.queue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One half of a chain, what the device reads or what it writes, as consecutive bytes with a position. How the driver split them into
 * descriptors has no meaning. @virtio 2.6.4
 */
public final class GuestBuffer {
    private static final class State {
        long[] addresses = new long[4];
        long[] lengths = new long[4];
        int pieces;
        int piece;
        /** Within the current piece. */
        long offset;
        long remaining;
        long done;
    }

    /** Copies between guest memory and something of the device's. */
    @FunctionalInterface
    public interface Transfer<E extends Exception> {
        /** @param done bytes that went before */
        void accept(MemorySegment piece, long done) throws E;
    }

    private final State state = new State();
    private final DmaMemory memory;
    private final boolean writable;

    GuestBuffer(DmaMemory memory, boolean writable) {
        this.memory = memory;
        this.writable = writable;
    }

    /** Adds a range, which may cross from one slot of RAM into the next. */
    void add(long gpa, long bytes) {
        long at = gpa;
        long left = bytes;
        while (left > 0) {
            long piece = memory.contiguous(at, left, writable);
            append(at, piece);
            at += piece;
            left -= piece;
        }
        state.remaining += bytes;
    }

    private void append(long gpa, long bytes) {
        if (state.pieces == state.addresses.length) {
            state.addresses = Arrays.copyOf(state.addresses, 2 * state.pieces);
            state.lengths = Arrays.copyOf(state.lengths, 2 * state.pieces);
        }
        state.addresses[state.pieces] = gpa;
        state.lengths[state.pieces++] = bytes;
    }

    /** Bytes after the position. */
    public long remaining() {
        return state.remaining;
    }

    /** Bytes before the position: of a writable buffer, what the device has written. */
    public long done() {
        return state.done;
    }

    /** All of it as address, length, address, and so on. */
    long[] ranges() {
        long[] ranges = new long[2 * state.pieces];
        for (int i = 0; i < state.pieces; i++) {
            ranges[2 * i] = state.addresses[i];
            ranges[2 * i + 1] = state.lengths[i];
        }
        return ranges;
    }

    /** Adds such. @throws QueueFault where the driver could not */
    void addAll(long... ranges) {
        for (int i = 0; i < ranges.length; i += 2) {
            add(ranges[i], ranges[i + 1]);
        }
    }

    /** Ranges of memory after the position, the rest of one included. */
    public int pieces() {
        return state.pieces - state.piece;
    }

    /**
     * Moves the position, and passes each piece of guest memory on the way to {@code transfer}, which reads or fills all of it.
     *
     * @param bytes no more than {@link #remaining}
     */
    public <E extends Exception> void transfer(long bytes, Transfer<E> transfer) throws E {
        if (bytes > state.remaining) {
            throw new IllegalArgumentException("%d bytes of a buffer that has %d".formatted(bytes, state.remaining));
        }
        long moved = 0;
        while (moved < bytes) {
            long length = Math.min(bytes - moved, state.lengths[state.piece] - state.offset);
            pass(state.addresses[state.piece] + state.offset, length, moved, transfer);
            moved += length;
            advance(length);
        }
    }

    private <E extends Exception> void pass(long gpa, long bytes, long done, Transfer<E> transfer) throws E {
        if (writable) {
            memory.change(gpa, bytes, piece -> transfer.accept(piece, done));
        } else {
            transfer.accept(memory.at(gpa, bytes).asReadOnly(), done);
        }
    }

    private void advance(long bytes) {
        state.offset += bytes;
        state.remaining -= bytes;
        state.done += bytes;
        if (state.offset == state.lengths[state.piece]) {
            state.piece++;
            state.offset = 0;
        }
    }

    /**
     * Gives the whole pages of the rest back to the host, and moves the position to the end: the driver says that their content is of
     * no more use.
     */
    public void release() {
        while (state.piece < state.pieces) {
            memory.release(state.addresses[state.piece] + state.offset, state.lengths[state.piece] - state.offset);
            advance(state.lengths[state.piece] - state.offset);
        }
    }

    /** Moves the position; what is skipped in a writable buffer counts as written. */
    public void skip(long bytes) {
        transfer(bytes, (piece, done) -> {});
    }

    /** Reads bytes, at most {@link #remaining}. */
    public void read(MemorySegment into) {
        transfer(into.byteSize(), (piece, done) -> into.asSlice(done, piece.byteSize()).copyFrom(piece));
    }

    /** Reads {@code count} bytes. @throws QueueFault if there are fewer */
    public byte[] read(int count) {
        if (count > state.remaining) {
            throw new QueueFault("a buffer has %d bytes where %d are needed".formatted(state.remaining, count));
        }
        byte[] bytes = new byte[count];
        read(MemorySegment.ofArray(bytes));
        return bytes;
    }

    /** Writes bytes, at most {@link #remaining}. */
    public void write(MemorySegment from) {
        transfer(from.byteSize(), (piece, done) -> piece.copyFrom(from.asSlice(done, piece.byteSize())));
    }

    /** Writes bytes. @throws QueueFault if there is less room */
    public void write(byte... bytes) {
        if (bytes.length > state.remaining) {
            throw new QueueFault("a buffer has room for %d bytes where %d are needed".formatted(state.remaining, bytes.length));
        }
        write(MemorySegment.ofArray(bytes));
    }
}
