package org.lodgevm.net.tcp;

import java.util.concurrent.TimeUnit;

/** How long to wait for an acknowledgment. @rfc 6298 */
final class RetransmissionTimer {
    private static final long INITIAL = TimeUnit.SECONDS.toNanos(1);

    /** The RFC asks for a second; as others do on links whose delay is measured, this takes less. */
    private static final long MIN = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long MAX = TimeUnit.SECONDS.toNanos(60);

    private long smoothed;
    private long variation;
    private long timeout = INITIAL;

    /** @rfc 6298 2.2, 2.3 */
    void sample(long roundTrip) {
        if (smoothed == 0) {
            smoothed = Math.max(1, roundTrip);
            variation = roundTrip / 2;
        } else {
            variation += (Math.abs(smoothed - roundTrip) - variation) / 4;
            smoothed += (roundTrip - smoothed) / 8;
        }
        timeout = Math.clamp(smoothed + 4 * variation, MIN, MAX);
    }

    /** @rfc 6298 5.5 */
    void backOff() {
        timeout = Math.min(2 * timeout, MAX);
    }

    long nanos() {
        return timeout;
    }
}
