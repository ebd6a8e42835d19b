package org.lodgevm.linux.call;

import org.lodgevm.machine.HostFunction;

/**
 * A counter of the kernel's that others, and parts of the kernel itself, wait for. Source: eventfd(2).
 *
 * @param descriptor which never makes a caller wait
 */
public record EventFd(int descriptor) implements AutoCloseable {
    private static final int EFD_CLOEXEC = 0x8_0000;
    private static final int EFD_NONBLOCK = 0x800;

    private static final HostFunction WRITE = HostFunction.named("eventfd_write");

    public static EventFd create() {
        return new EventFd((int) LibC.systemCall(SystemCall.EVENTFD2, 0, EFD_CLOEXEC | EFD_NONBLOCK));
    }

    /** Nothing is lost if nobody has looked since the last time. */
    public void signal() {
        WRITE.callInt(descriptor, 1);
    }

    @Override
    public void close() {
        LibC.close(descriptor);
    }
}
