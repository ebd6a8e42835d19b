package org.lodgevm.net.tcp;

/** How much may be on its way: slow start and congestion avoidance, counted in bytes. @rfc 5681, @rfc 3465, @rfc 6928 */
final class Congestion {
    private static final int INITIAL_SEGMENTS = 10;

    /** Beyond what any window lets through; it bounds growth only. */
    private static final long MAX_WINDOW = 1 << 24;

    private int mss;
    private long window;
    private long threshold = MAX_WINDOW;

    void start(int segmentSize) {
        mss = segmentSize;
        window = (long) INITIAL_SEGMENTS * mss;
    }

    long window() {
        return window;
    }

    /** @param limited whether it was the congestion window that kept the sender from sending more. @rfc 7661 4.4 */
    void acknowledged(long bytes, boolean limited) {
        if (!limited) {
            return;
        }
        if (window < threshold) {
            window += bytes;
        } else {
            window += Math.max(1, mss * Math.min(bytes, window) / window);
        }
        window = Math.min(window, MAX_WINDOW);
    }

    /** Loss that the peer told of. @rfc 6582 3.2 */
    void lossDetected(long inFlight) {
        threshold = Math.max(inFlight / 2, 2L * mss);
        window = threshold;
    }

    /** Silence. @rfc 5681 3.1 */
    void timedOut(long inFlight) {
        threshold = Math.max(inFlight / 2, 2L * mss);
        window = mss;
    }
}
