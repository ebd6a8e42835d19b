package org.lodgevm.machine;

import java.util.List;
import java.util.Set;

/** A CPU that a debugger can stop where it likes, without the guest noticing: its debug registers and memory stay as they are. */
public interface Debuggable {
    /** What the CPU is to do when it runs. */
    enum Motion {
        /** Run, as far as the stops let it. */
        GO,
        /** Execute one instruction. Interrupts wait meanwhile, unless the CPU itself waits for one. */
        STEP,
        /** Stand still until it is kicked. */
        HOLD
    }

    /** Bytes at a linear address, within a page, that are not to be accessed unseen. */
    record Watchpoint(long linear, int size, boolean reads, boolean writes) {}

    /**
     * Where a CPU is to stop.
     *
     * @param breakpoints linear addresses, before the instruction that begins there
     * @param watchpoints after the instruction that accessed them
     */
    record Stops(Set<Long> breakpoints, List<Watchpoint> watchpoints) {
        public static final Stops NONE = new Stops(Set.of(), List.of());

        public Stops {
            breakpoints = Set.copyOf(breakpoints);
            watchpoints = List.copyOf(watchpoints);
        }
    }

    /** Why {@link Vcpu#run} returned {@link Vcpu.Exit#DEBUGGED}. */
    sealed interface Event {
        /** It is about to execute an instruction that has a breakpoint. */
        record Breakpoint(long linear) implements Event {}

        /** It has executed an instruction that accessed what is watched. */
        record Watched(Watchpoint watchpoint) implements Event {}

        /** It has executed an instruction. */
        record Stepped() implements Event {}
    }

    /** From now on; only while {@link Vcpu#run} is not executing on any CPU of the machine. */
    void debug(Stops stops, Motion motion);

    /** The last one. */
    Event event();
}
