package org.lodgevm.x86.interpret;

import java.util.Arrays;
import org.lodgevm.machine.Debuggable.Event;
import org.lodgevm.machine.Debuggable.Motion;
import org.lodgevm.machine.Debuggable.Stops;
import org.lodgevm.machine.Debuggable.Watchpoint;

/**
 * What a debugger outside of the guest wants of a CPU.
 *
 * <p>A page with a breakpoint is executed one instruction at a time, none of which is kept or translated, so that every instruction in it comes
 * by {@link #execution}; all other pages run as ever. A page with a watchpoint is kept out of the TLB, as for the guest's own ones: every access
 * to it comes by {@link #access}.
 *
 * @see Breakpoints
 */
final class Debugger {
    private static final long PAGE = ~0xfffL;

    private final Cpu c;
    /** Sorted. */
    private long[] breakpoints = {};
    private Watchpoint[] watchpoints = {};
    /** What was hit, and not yet told. */
    private Event hit;
    private Event event;

    /** A breakpoint is reached. Thrown before anything has changed. */
    static final class Reached extends RuntimeException {
        private static final long serialVersionUID = 1;
        private static final Reached INSTANCE = new Reached();

        private Reached() {
            super(null, null, false, false);
        }
    }

    Debugger(Cpu cpu) {
        c = cpu;
    }

    void set(Stops stops, Motion motion) {
        breakpoints = stops.breakpoints().stream().mapToLong(Long::longValue).sorted().toArray();
        watchpoints = stops.watchpoints().toArray(Watchpoint[]::new);
        hit = null;
        c.answer(Attention.DEBUGGER | Attention.DEBUGGER_STEP | Attention.HELD);
        c.ask(switch (motion) {
            case GO -> 0;
            case STEP -> Attention.DEBUGGER_STEP;
            case HOLD -> Attention.HELD;
        });
    }

    /** What was decoded, translated and mapped without knowing of the stops is void. */
    void forgetCode() {
        c.code.clear();
        c.flushTlb(true);
    }

    // --- breakpoints -------------------------------------------------------------------------------------------------------

    /** Whether instructions at this address must come by {@link #execution}, each by itself. */
    boolean breaks(long linear) {
        if (breakpoints.length == 0) {
            return false;
        }
        int at = Arrays.binarySearch(breakpoints, linear & PAGE);
        int next = at < 0 ? -at - 1 : at;
        return next < breakpoints.length && (breakpoints[next] & PAGE) == (linear & PAGE);
    }

    /** Before the instruction at a linear address. @throws Reached if it has a breakpoint */
    void execution(long linear) {
        if (Arrays.binarySearch(breakpoints, linear) >= 0) {
            hit(new Event.Breakpoint(linear));
            throw Reached.INSTANCE;
        }
    }

    // --- watchpoints -------------------------------------------------------------------------------------------------------

    /** Whether accesses to this linear page must come by {@link #access}. */
    boolean watches(long linearPage) {
        for (Watchpoint watchpoint : watchpoints) {
            if ((watchpoint.linear() & PAGE) == linearPage) {
                return true;
            }
        }
        return false;
    }

    /**
     * Before an access to memory that an instruction makes.
     *
     * @throws RunAlone if it has hit in the middle of a block
     */
    void access(long linear, int size, boolean write) {
        for (Watchpoint watchpoint : watchpoints) {
            if ((write ? watchpoint.writes() : watchpoint.reads()) && !c.implicit
                    && linear < watchpoint.linear() + watchpoint.size() && watchpoint.linear() < linear + size) {
                if (c.current != null && !c.solo) {
                    throw RunAlone.INSTANCE;
                }
                hit(new Event.Watched(watchpoint));
            }
        }
    }

    /** Of an instruction that faulted after all: it will hit again. */
    void forgetHit() {
        if (hit != null) {
            hit = null;
            c.answer(Attention.DEBUGGER);
        }
    }

    // --- events ------------------------------------------------------------------------------------------------------------

    private void hit(Event now) {
        hit = now;
        c.ask(Attention.DEBUGGER);
    }

    /** An instruction was executed because a step was asked for. What it hit says more. */
    void stepped() {
        c.answer(Attention.DEBUGGER_STEP);
        if (hit == null) {
            hit(new Event.Stepped());
        }
    }

    /** Now is the time to tell what was hit. */
    void stop() {
        c.answer(Attention.DEBUGGER | Attention.DEBUGGER_STEP);
        event = hit;
        hit = null;
    }

    Event event() {
        return event;
    }
}
