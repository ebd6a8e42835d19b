package org.lodgevm.linux.call;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * A counter of the kernel's that others, and parts of the kernel itself, wait for. Source: eventfd(2).
 *
 * @param descriptor which never makes a caller wait
 */
public record EventFd(int descriptor) implements AutoCloseable {
    private static final int EFD_CLOEXEC = 0x8_0000;
    private static final int EFD_NONBLOCK = 0x800;

    private static final MethodHandle WRITE =
            LibC.functionWithoutError("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));

    public static EventFd create() {
        return new EventFd((int) LibC.systemCall(SystemCall.EVENTFD2, 0, EFD_CLOEXEC | EFD_NONBLOCK));
    }

    /** Nothing is lost if nobody has looked since the last time. */
    public void signal() {
        try {
            int _ = (int) WRITE.invokeExact(descriptor, 1L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        LibC.close(descriptor);
    }
}
