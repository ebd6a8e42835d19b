package org.lodgevm.net.loop;

/**
 * An action at a time to come. Timers are put off far more often than they run, so putting one off leaves it where it is in the queue;
 * it is moved when its old time has come.
 */
public final class Timer {
    static final long NEVER = Long.MAX_VALUE;

    private final TimerQueue queue;
    final Runnable action;
    /** When it is to run; {@link #NEVER} if it is not. */
    long deadline = NEVER;
    /** When the queue will look at it; {@link #NEVER} if it is not in there. */
    long queued = NEVER;

    Timer(TimerQueue queue, Runnable action) {
        this.queue = queue;
        this.action = action;
    }

    /** @param nanos of the loop's clock; {@link Long#MAX_VALUE} is never */
    public void arm(long nanos) {
        deadline = nanos;
        if (nanos != NEVER && (queued == NEVER || nanos - queued < 0)) {
            queue.put(this);
        }
    }

    public void cancel() {
        deadline = NEVER;
        queue.remove(this);
    }
}
