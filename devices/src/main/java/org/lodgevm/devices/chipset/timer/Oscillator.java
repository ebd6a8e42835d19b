package org.lodgevm.devices.chipset.timer;

/**
 * A crystal that has been swinging since the machine's clock was zero. Exact for as long as a machine lives, since no product of
 * nanoseconds and Hertz is formed.
 *
 * @param frequency in Hz, at most 8 GHz
 */
public record Oscillator(long frequency) {
    private static final long NANOS = 1_000_000_000;

    /** No periodic timer fires more often than this, in nanoseconds: a guest cannot keep the clock's thread busy. */
    static final long SHORTEST_PERIOD = 20_000;

    /** Ticks completed at a clock time. */
    public long ticks(long nanos) {
        return nanos / NANOS * frequency + nanos % NANOS * frequency / NANOS;
    }

    /** The earliest clock time at which so many ticks are completed; the far future if it cannot be told. */
    public long nanosAt(long ticks) {
        long seconds = ticks / frequency;
        if (seconds > Long.MAX_VALUE / NANOS / 4) {
            return Long.MAX_VALUE / 4;
        }
        return seconds * NANOS + Math.ceilDiv(ticks % frequency * NANOS, frequency);
    }
}
