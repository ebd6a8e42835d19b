package org.lodgevm.linux.call;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** Waits for any of many {@link EventFd}s, each known by a number. Source: epoll(7). */
public final class Epoll implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 0x8_0000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN = 1;
    private static final int EPOLLET = 1 << 31;
    private static final int FOREVER = -1;

    /** Packed on x86-64. */
    private static final StructLayout EVENT =
            MemoryLayout.structLayout(JAVA_INT.withName("events"), JAVA_LONG_UNALIGNED.withName("data")).withName("epoll_event");

    private static final long DATA = EVENT.byteOffset(MemoryLayout.PathElement.groupElement("data"));

    private final int descriptor = (int) LibC.systemCall(SystemCall.EPOLL_CREATE1, EPOLL_CLOEXEC);

    /** Each signal is told once, so that nobody has to read the counter. Closing the event ends this. */
    public void add(EventFd event, long number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wanted = arena.allocate(EVENT);
            wanted.set(JAVA_INT, 0, EPOLLIN | EPOLLET);
            wanted.set(JAVA_LONG_UNALIGNED, DATA, number);
            LibC.systemCall(SystemCall.EPOLL_CTL, descriptor, EPOLL_CTL_ADD, event.descriptor(), wanted.address());
        }
    }

    /** @param most at a time. @return numbers of events that were signalled since they were told, at least one */
    public long[] await(int most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate(EVENT, most);
            long count;
            do {
                count = LibC.trySystemCall(SystemCall.EPOLL_WAIT, descriptor, events.address(), most, FOREVER);
            } while (count == -Errno.EINTR);
            long[] numbers = new long[(int) LibC.check("epoll_wait", count)];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = events.get(JAVA_LONG_UNALIGNED, i * EVENT.byteSize() + DATA);
            }
            return numbers;
        }
    }

    @Override
    public void close() {
        LibC.close(descriptor);
    }
}
