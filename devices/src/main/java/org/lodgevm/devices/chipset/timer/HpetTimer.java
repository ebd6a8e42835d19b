package org.lodgevm.devices.chipset.timer;

/** One comparator of the {@link Hpet}, which guards it. @hpet 2.3.8, 2.3.9 */
final class HpetTimer {
    static final class State {
        long configuration;
        long comparator;
        /** What a periodic comparator is advanced by: the value last written to it. */
        long period;
        /** Main counter value at which it matches next, not wrapped to 32 bits; meaningful while {@link #armed}. */
        long matchAt;

        boolean armed;
    }

    /** Configuration and capability register. */
    private static final long LEVEL = 1 << 1;

    private static final long INTERRUPT_ENABLE = 1 << 2;
    private static final long PERIODIC = 1 << 3;
    private static final long PERIODIC_CAPABLE = 1 << 4;
    private static final long SIZE_64_CAPABLE = 1 << 5;
    private static final long VALUE_SET = 1 << 6;
    private static final long FORCE_32 = 1 << 8;
    private static final int ROUTE_SHIFT = 9;
    private static final long ROUTE = 0x1fL << ROUTE_SHIFT;
    private static final int ROUTE_CAPABLE_SHIFT = 32;
    private static final long WRITABLE = LEVEL | INTERRUPT_ENABLE | PERIODIC | VALUE_SET | FORCE_32 | ROUTE;

    private static final long LOW = 0xffff_ffffL;
    private static final long WRAP_32 = 1L << 32;

    private final State state;
    private final int routes;
    private final long shortest;

    /**
     * @param routes one bit for each I/O APIC pin it may be routed to
     * @param shortest ticks between two matches of a periodic timer at least; it skips those in between
     */
    HpetTimer(State state, int routes, long shortest) {
        this.state = state;
        this.routes = routes;
        this.shortest = shortest;
    }

    void reset() {
        state.configuration = 0;
        state.comparator = -1;
        state.period = 0;
        state.armed = false;
    }

    long configuration() {
        return state.configuration
                | PERIODIC_CAPABLE
                | SIZE_64_CAPABLE
                | (routes & LOW) << ROUTE_CAPABLE_SHIFT;
    }

    void configuration(long value) {
        state.configuration = value & WRITABLE;
        if (is32()) {
            state.comparator &= LOW;
            state.period &= LOW;
        }
    }

    long comparator() {
        return state.comparator;
    }

    /** @param mask the bits that the access carries */
    void comparator(long value, long mask) {
        long kept = is32() ? LOW : -1;
        if (!isPeriodic() || (state.configuration & VALUE_SET) != 0) {
            state.comparator = (state.comparator & ~mask | value & mask) & kept;
        }
        state.period = (state.period & ~mask | value & mask) & kept;
        state.configuration &= ~VALUE_SET;
    }

    private boolean is32() {
        return (state.configuration & FORCE_32) != 0;
    }

    private boolean isPeriodic() {
        return (state.configuration & PERIODIC) != 0;
    }

    boolean isLevel() {
        return (state.configuration & LEVEL) != 0;
    }

    boolean isEnabled() {
        return (state.configuration & INTERRUPT_ENABLE) != 0;
    }

    /** The I/O APIC pin, or -1 for one that it cannot be routed to. */
    int route() {
        int pin = (int) ((state.configuration & ROUTE) >> ROUTE_SHIFT);
        return (routes >> pin & 1) != 0 ? pin : -1;
    }

    // ---- matching ---------------------------------------------------------------------------------------------------

    /** Looks for the next match at or after a value of the main counter, which runs. */
    void start(long counter) {
        long distance = is32() ? state.comparator - counter & LOW : state.comparator - counter;
        state.matchAt = counter + distance;
        state.armed = is32() || distance >= 0; // a 64-bit counter never comes round again
    }

    void stop() {
        state.armed = false;
    }

    /** Ticks from {@code counter} to the match, 0 if it has passed; -1 for never. */
    long ticksUntilMatch(long counter) {
        return state.armed ? Math.max(0, state.matchAt - counter) : -1;
    }

    /** @return whether the main counter has reached the comparator; then the next match is looked for */
    boolean match(long counter) {
        if (!state.armed || state.matchAt - counter > 0) {
            return false;
        }
        if (isPeriodic() && state.period > 0) {
            long step = state.period >= shortest ? state.period : Math.ceilDiv(shortest, state.period) * state.period;
            state.matchAt += ((counter - state.matchAt) / step + 1) * step;
            state.comparator = is32() ? state.matchAt & LOW : state.matchAt;
            state.armed = state.matchAt - counter > 0;
        } else if (is32()) {
            state.matchAt += (counter - state.matchAt) / WRAP_32 * WRAP_32 + WRAP_32;
        } else {
            state.armed = false;
        }
        return true;
    }
}
