package org.lodgevm.machine;

/**
 * A vCPU's time-stamp counter: it counts the machine's nanoseconds, so its frequency is 1 GHz, plus an offset that
 * IA32_TIME_STAMP_COUNTER and IA32_TSC_ADJUST move. @sdm 18.17
 */
public final class Tsc {
    /** Ticks per second. */
    public static final long FREQUENCY = 1_000_000_000;

    private final Clock clock;
    private volatile long adjust;

    public Tsc(Clock clock) {
        this.clock = clock;
    }

    public long read() {
        return clock.nanos() + adjust;
    }

    /** Writing the counter moves IA32_TSC_ADJUST by as much. */
    public void write(long value) {
        adjust = value - clock.nanos();
    }

    public long adjust() {
        return adjust;
    }

    public void adjust(long value) {
        adjust = value;
    }

    /** When, on the machine's clock, the counter reaches {@code ticks}. */
    public long clockNanosAt(long ticks) {
        return ticks - adjust;
    }
}
