package org.lodgevm.devices.chipset.timer;

/**
 * One counter of an 8254, as a function of time in ticks of its clock. Guarded by {@link Pit}.
 *
 * <p>Departure from the datasheet: a new count in mode 3 takes effect at the end of the period, not of the half period.
 */
final class PitChannel {
    static final class State {
        int mode;
        int access = ACCESS_BOTH;
        boolean bcd;
        boolean gate = true;

        /** Count that is being counted down, 1 to 65536; 0 until one was written since the mode was set. */
        int count;
        /** Count that follows at {@link #nextAt}, or 0. */
        int nextCount;

        long nextAt;
        /** Modes 1 and 5: the gate has triggered it. */
        boolean triggered;
        /** Counting stands still at {@link #elapsed}. */
        boolean paused;

        long elapsed;
        /** Tick at which counting began. */
        long origin;

        int writeLow = NOTHING;
        boolean readHighNext;
        int latchedCount = NOTHING;
        int latchedStatus = NOTHING;
    }

    private static final int NOTHING = -1;
    private static final int ACCESS_LOW = 1;
    private static final int ACCESS_HIGH = 2;
    static final int ACCESS_BOTH = 3;
    private static final int STATUS_OUT = 1 << 7;
    private static final int STATUS_NULL_COUNT = 1 << 6;
    private static final int BCD_LIMIT = 10_000;
    private static final int BINARY_LIMIT = 0x1_0000;

    static final int INTERRUPT_ON_TERMINAL_COUNT = 0;
    static final int ONE_SHOT = 1;
    static final int RATE_GENERATOR = 2;
    static final int SQUARE_WAVE = 3;
    static final int SOFTWARE_STROBE = 4;
    static final int HARDWARE_STROBE = 5;

    final State state;

    PitChannel(State state) {
        this.state = state;
    }

    boolean isPeriodic() {
        return state.mode == RATE_GENERATOR || state.mode == SQUARE_WAVE;
    }

    private boolean isTriggeredByGate() {
        return state.mode == ONE_SHOT || state.mode == HARDWARE_STROBE;
    }

    // ---- the counter as a function of time ------------------------------------------------------------------------

    /** Takes a count over that was written during a period which has ended. */
    private void catchUp(long now) {
        if (state.nextCount != 0 && !state.paused && now >= state.nextAt) {
            state.origin = state.nextAt;
            state.count = state.nextCount;
            state.nextCount = 0;
        }
    }

    private long elapsed(long now) {
        return state.paused ? state.elapsed : now - state.origin;
    }

    boolean output(long now) {
        catchUp(now);
        if (state.count == 0) {
            return state.mode != INTERRUPT_ON_TERMINAL_COUNT;
        }
        long elapsed = elapsed(now);
        return switch (state.mode) {
            case INTERRUPT_ON_TERMINAL_COUNT -> elapsed >= state.count;
            case ONE_SHOT -> !state.triggered || elapsed >= state.count;
            case RATE_GENERATOR -> !state.gate || elapsed % state.count != state.count - 1;
            case SQUARE_WAVE -> !state.gate || elapsed % state.count < (state.count + 1) / 2;
            case SOFTWARE_STROBE -> elapsed != state.count;
            default -> !state.triggered || elapsed != state.count;
        };
    }

    private int currentCount(long now) {
        catchUp(now);
        if (state.count == 0) {
            return 0;
        }
        long elapsed = elapsed(now);
        int limit = state.bcd ? BCD_LIMIT : BINARY_LIMIT;
        long value = switch (state.mode) {
            case RATE_GENERATOR -> state.count - elapsed % state.count;
            case SQUARE_WAVE -> squareWaveCount(elapsed % state.count);
            case ONE_SHOT, HARDWARE_STROBE -> state.triggered ? state.count - elapsed : state.count;
            default -> state.count - elapsed;
        };
        int counted = (int) Math.floorMod(value, (long) limit);
        return state.bcd ? toBcd(counted) : counted;
    }

    /** It counts down by two, twice a period; an odd count loses its odd one at the start of each half. */
    private long squareWaveCount(long phase) {
        int half = (state.count + 1) / 2;
        return (state.count & ~1) - 2 * (phase < half ? phase : phase - half);
    }

    /** Tick of the next rising edge of the output after {@code now}, or -1 if none will come by itself. */
    long nextRise(long now) {
        catchUp(now);
        boolean waiting = isTriggeredByGate() && !state.triggered;
        if (state.count == 0 || state.paused || waiting) {
            return -1;
        }
        long end = switch (state.mode) {
            case RATE_GENERATOR, SQUARE_WAVE -> elapsed(now) / state.count * state.count + state.count;
            case SOFTWARE_STROBE, HARDWARE_STROBE -> state.count + 1;
            default -> state.count;
        };
        return state.origin + end > now ? state.origin + end : -1;
    }

    // ---- programming ----------------------------------------------------------------------------------------------

    /** A control word: everything but the gate begins anew. */
    void program(int access, int mode, boolean bcd) {
        state.access = access;
        state.mode = mode > HARDWARE_STROBE ? mode & 3 : mode;
        state.bcd = bcd;
        state.count = 0;
        state.nextCount = 0;
        state.triggered = false;
        state.paused = false;
        state.writeLow = NOTHING;
        state.readHighNext = false;
        state.latchedCount = NOTHING;
        state.latchedStatus = NOTHING;
    }

    void write(int value, long now) {
        switch (state.access) {
            case ACCESS_LOW -> load(value, now);
            case ACCESS_HIGH -> load(value << 8, now);
            default -> {
                if (state.writeLow == NOTHING) {
                    state.writeLow = value;
                    if (state.mode == INTERRUPT_ON_TERMINAL_COUNT) {
                        state.count = 0; // the first byte stops the count
                    }
                } else {
                    load(value << 8 | state.writeLow, now);
                    state.writeLow = NOTHING;
                }
            }
        }
    }

    private void load(int written, long now) {
        int limit = state.bcd ? BCD_LIMIT : BINARY_LIMIT;
        int value = state.bcd ? fromBcd(written) : written;
        int count = value == 0 ? limit : value;
        catchUp(now);
        if (state.count != 0 && isPeriodic() && !state.paused) {
            state.nextCount = count;
            state.nextAt = state.origin + (elapsed(now) / state.count + 1) * state.count;
        } else if (state.count != 0 && isTriggeredByGate()) {
            state.nextCount = count; // for the next trigger
            state.nextAt = Long.MAX_VALUE;
        } else {
            state.count = count;
            state.nextCount = 0;
            state.origin = now;
            state.elapsed = 0;
            state.paused = !state.gate && !isTriggeredByGate();
        }
    }

    void gate(boolean gate, long now) {
        boolean rising = gate && !state.gate;
        boolean falling = !gate && state.gate;
        catchUp(now);
        state.gate = gate;
        if (rising && (isPeriodic() || isTriggeredByGate())) {
            restart(now);
        } else if (rising && state.paused) {
            state.paused = false;
            state.origin = now - state.elapsed;
        } else if (falling && !isTriggeredByGate()) {
            state.elapsed = isPeriodic() ? 0 : elapsed(now);
            state.paused = true;
        }
    }

    private void restart(long now) {
        if (state.nextCount != 0) {
            state.count = state.nextCount;
            state.nextCount = 0;
        }
        state.origin = now;
        state.paused = false;
        state.triggered = state.count != 0;
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    /** Holds the count until it is read. A second latch command before that is ignored. */
    void latchCount(long now) {
        if (state.latchedCount == NOTHING) {
            state.latchedCount = currentCount(now);
        }
    }

    void latchStatus(long now) {
        if (state.latchedStatus == NOTHING) {
            boolean nullCount = state.count == 0 || state.nextCount != 0 || isTriggeredByGate() && !state.triggered;
            state.latchedStatus = (output(now) ? STATUS_OUT : 0)
                    | (nullCount ? STATUS_NULL_COUNT : 0)
                    | state.access << 4
                    | state.mode << 1
                    | (state.bcd ? 1 : 0);
        }
    }

    int read(long now) {
        if (state.latchedStatus != NOTHING) {
            int status = state.latchedStatus;
            state.latchedStatus = NOTHING;
            return status;
        }
        int value = state.latchedCount != NOTHING ? state.latchedCount : currentCount(now);
        boolean high = state.access == ACCESS_HIGH || state.access == ACCESS_BOTH && state.readHighNext;
        state.readHighNext = state.access == ACCESS_BOTH && !high;
        if (!state.readHighNext) {
            state.latchedCount = NOTHING;
        }
        return high ? value >> 8 & 0xff : value & 0xff;
    }

    private static int fromBcd(int bcd) {
        return (bcd >> 12 & 0xf) * 1000 + (bcd >> 8 & 0xf) * 100 + (bcd >> 4 & 0xf) * 10 + (bcd & 0xf);
    }

    private static int toBcd(int value) {
        return value / 1000 % 10 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10;
    }
}
