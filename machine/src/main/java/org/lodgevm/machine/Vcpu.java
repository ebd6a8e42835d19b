package org.lodgevm.machine;

import java.util.Map;

/**
 * One virtual CPU. {@link #run} executes guest code on the caller's thread, which must be a platform thread of its own,
 * and returns only for events in the machine's life; I/O is handled inside, by the {@link Bus} the CPU was given.
 */
public interface Vcpu extends VcpuSignals, AutoCloseable {
    /** Why {@link #run} returned. */
    enum Exit {
        /** {@link #kick} was called. */
        KICKED,
        /** What a debugger waits for has happened: see {@link Debuggable}. */
        DEBUGGED,
        /** Triple fault: the CPU is shut down until reset. */
        SHUTDOWN,
        /** The accelerator cannot go on; {@link #failure} says why. */
        FAILED
    }

    Exit run();

    /** Makes {@link #run} return soon, or at once when it is next called. Any thread. */
    void kick();

    /** One sentence on the last {@link Exit#SHUTDOWN} or {@link Exit#FAILED}, with registers where they help. */
    String failure();

    /** Back to the state after power-up: the bootstrap processor at the reset vector, others waiting for INIT-SIPI. */
    void reset();

    /** The architectural state; only while {@link #run} is not executing. */
    VcpuState state();

    void state(VcpuState state);

    /** Guest instructions executed so far, as far as the accelerator counts them. */
    long instructions();

    /**
     * What the accelerator counts beside instructions, by names of its own, in an order worth showing. At any time, from any
     * thread, when figures need not be of one moment.
     */
    default Map<String, Long> counters() {
        return Map.of();
    }

    @Override
    void close();
}
