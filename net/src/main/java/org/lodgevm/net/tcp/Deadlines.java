package org.lodgevm.net.tcp;

import java.util.concurrent.TimeUnit;

/** When an endpoint must act although nothing comes, and how often it has done so in vain. */
final class Deadlines {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long DELAYED_ACK = TimeUnit.MILLISECONDS.toNanos(10);

    /** Twice how long a segment may live: on a cable, not long. */
    private static final long TIME_WAIT = TimeUnit.SECONDS.toNanos(2);

    /** @rfc 9293 3.8.4 */
    private static final long KEEPALIVE_IDLE = TimeUnit.HOURS.toNanos(2);

    private static final long KEEPALIVE_INTERVAL = TimeUnit.SECONDS.toNanos(75);
    private static final int KEEPALIVE_PROBES = 9;

    /** More than 100 seconds, and more than three minutes for a SYN. @rfc 9293 3.8.3 */
    private static final int RETRIES = 12;

    private static final int SYN_RETRIES = 7;

    private int retries;
    private int probes;
    private long retransmitAt = NEVER;
    private long acknowledgeAt = NEVER;
    /** When to look whether the peer is alive, or to forget a connection that is over. */
    private long lifeAt = NEVER;

    long first() {
        return Math.min(retransmitAt, Math.min(acknowledgeAt, lifeAt));
    }

    /** After everything was sent that could be. @param waiting whether something is to come back for it */
    void arm(long now, boolean waiting, long timeout, boolean owesAcknowledgment) {
        if (!waiting) {
            retransmitAt = NEVER;
        } else if (retransmitAt == NEVER) {
            retransmitAt = now + timeout;
        }
        if (!owesAcknowledgment) {
            acknowledgeAt = NEVER;
        } else if (acknowledgeAt == NEVER) {
            acknowledgeAt = now + DELAYED_ACK;
        }
    }

    void clear() {
        retransmitAt = NEVER;
        acknowledgeAt = NEVER;
        lifeAt = NEVER;
    }

    // ---- the peer -------------------------------------------------------------------------------------------------

    /** The peer is alive. */
    void heard(long now) {
        probes = 0;
        lifeAt = now + KEEPALIVE_IDLE;
    }

    /** What was waited for has come. */
    void progress() {
        retries = 0;
        retransmitAt = NEVER;
    }

    /** The connection is over, but the peer may not know. */
    void linger(long now) {
        lifeAt = now + TIME_WAIT;
    }

    // ---- what is due ----------------------------------------------------------------------------------------------

    boolean acknowledgmentDue(long now) {
        boolean due = acknowledgeAt <= now;
        acknowledgeAt = due ? NEVER : acknowledgeAt;
        return due;
    }

    boolean retransmissionDue(long now) {
        boolean due = retransmitAt <= now;
        retransmitAt = due ? NEVER : retransmitAt;
        return due;
    }

    boolean lifeDue(long now) {
        return lifeAt <= now;
    }

    /** @return false if there have been enough retries */
    boolean retry(boolean synAcknowledged) {
        return ++retries <= (synAcknowledged ? RETRIES : SYN_RETRIES);
    }

    /** @param counts whether a probe really goes out. @return false if there have been enough */
    boolean probe(long now, boolean counts) {
        probes += counts ? 1 : 0;
        lifeAt = now + KEEPALIVE_INTERVAL;
        return probes <= KEEPALIVE_PROBES;
    }
}
