package org.lodgevm.share;

/** The host refuses what a guest wants of a file. Stackless: the guest can cause it at will. */
public final class FileFault extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    /** @param errno one of {@link Errno}'s, or another of Linux's */
    public FileFault(int errno) {
        super("error " + errno, null, false, false);
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
