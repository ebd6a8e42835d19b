package org.lodgevm.linux.call;

/** The kernel refused a call. The message names the call and the reason. */
public final class HostCallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int errno;

    HostCallException(String call, int errno, String reason) {
        super("%s: %s (errno %d)".formatted(call, reason, errno));
        this.errno = errno;
    }

    /** One of {@link Errno}'s, or another. */
    public int errno() {
        return errno;
    }
}
