package org.lodgevm.linux.tap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.EventFd;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.linux.call.SystemCall;
import org.lodgevm.net.Frame;
import org.lodgevm.net.wire.Wire;

/** The process's end of a TAP interface. */
final class TapWire implements Wire {
    /** {@code struct pollfd}: a descriptor, what is waited for, what there is. Source: poll(2). */
    private static final int POLLFD_BYTES = 8;

    private static final int EVENTS = 4;
    private static final short POLLIN = 1;
    private static final int FOREVER = -1;

    /** There is no room; the interface is not up; the frame is none. */
    private static final Set<Long> DROPPED = Set.of(-(long) Errno.EAGAIN, -(long) Errno.EIO, -(long) Errno.EINVAL);

    private final int descriptor;
    private final EventFd wake = EventFd.create();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment waited = arena.allocate(2 * POLLFD_BYTES, Integer.BYTES);
    private final MemorySegment in = arena.allocate(Frame.MAX_SIZE);
    private final MemorySegment out = arena.allocate(Frame.MAX_SIZE);
    /** Calls that use the descriptors, which are closed after the last one. Guarded by this. */
    private int calls = 1;

    private boolean closed;

    /** @param descriptor which never makes a caller wait; it is the wire's from now on */
    TapWire(int descriptor) {
        this.descriptor = descriptor;
        waitFor(0, descriptor);
        waitFor(1, wake.descriptor());
    }

    private void waitFor(int entry, int what) {
        waited.set(JAVA_INT, entry * POLLFD_BYTES, what);
        waited.set(JAVA_SHORT, entry * POLLFD_BYTES + EVENTS, POLLIN);
    }

    @Override
    public ByteBuffer read() throws IOException {
        enter();
        try {
            long size;
            while ((size = LibC.trySystemCall(SystemCall.READ, descriptor, in.address(), in.byteSize())) == -Errno.EAGAIN || size == -Errno.EINTR) {
                LibC.trySystemCall(SystemCall.POLL, waited.address(), 2, FOREVER);
                refuseIfClosed();
            }
            return in.asSlice(0, check("read", size)).asByteBuffer();
        } finally {
            leave();
        }
    }

    @Override
    public void write(ByteBuffer frame) throws IOException {
        enter();
        try {
            int size = frame.remaining();
            MemorySegment.copy(MemorySegment.ofBuffer(frame), 0, out, 0, size);
            long result = LibC.trySystemCall(SystemCall.WRITE, descriptor, out.address(), size);
            if (!DROPPED.contains(result)) {
                check("write", result);
            }
        } finally {
            leave();
        }
    }

    private static long check(String call, long result) throws IOException {
        if (result < 0) {
            throw new IOException(LibC.failure(call, (int) -result).getMessage());
        }
        return result;
    }

    private synchronized void enter() throws IOException {
        refuseIfClosed();
        calls++;
    }

    private synchronized void refuseIfClosed() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    private synchronized void leave() {
        if (--calls == 0) {
            LibC.close(descriptor);
            wake.close();
            arena.close();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            wake.signal();
            leave();
        }
    }
}
