package org.lodgevm.vm.migration;

import java.util.concurrent.locks.LockSupport;

/** Keeps to a rate, over times longer than a message takes. */
final class Pace {
    /** What was not sent while there was nothing to send is not caught up with. */
    private static final long MOST_CREDIT_NANOS = 1_000_000;

    private final double nanosPerByte;
    private long due = System.nanoTime();

    /** @param bytesPerSecond or 0 for any */
    Pace(long bytesPerSecond) {
        nanosPerByte = bytesPerSecond == 0 ? 0 : 1e9 / bytesPerSecond;
    }

    /** Returns when so many bytes may have been sent. */
    void sent(long bytes) {
        due = Math.max(due, System.nanoTime() - MOST_CREDIT_NANOS) + (long) (bytes * nanosPerByte);
        long left = due - System.nanoTime();
        while (nanosPerByte > 0 && left > 0) {
            LockSupport.parkNanos(left);
            left = due - System.nanoTime();
        }
    }
}
