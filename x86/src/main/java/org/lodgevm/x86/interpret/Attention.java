package org.lodgevm.x86.interpret;

/** Why a CPU must leave its inner loop before the next block: bits of {@link Cpu#attention}. */
final class Attention {
    // Asked from outside, on other threads.

    static final int INTERRUPT = 1;
    static final int NMI = 1 << 1;
    static final int INIT = 1 << 2;
    static final int STARTUP = 1 << 3;
    static final int KICK = 1 << 4;
    /** A page of code was translated by another CPU: give up write access to it. */
    static final int CODE_PAGE = 1 << 5;
    /** A guest-visible clock page is to be brought up to date. */
    static final int CLOCK = 1 << 6;
    /** An NMI came while another waited to be taken: the CPU would have taken that one by then and held this one. @sdm 3A:6.7.1 */
    static final int NMI_AGAIN = 1 << 7;

    static final int NMIS = NMI | NMI_AGAIN;

    // Asked by the CPU itself.

    /** RFLAGS.TF, or breakpoints: go one instruction at a time. */
    static final int STEP = 1 << 17;
    /** HLT, or waiting for a start-up IPI. */
    static final int HALTED = 1 << 18;
    /** Triple fault. */
    static final int SHUTDOWN = 1 << 19;
    /** A single step is done, or a breakpoint on data or a port was hit: #DB after the instruction. */
    static final int DEBUG_TRAP = 1 << 20;
    /** SS was loaded: one more instruction before interrupts, NMIs and debug exceptions. @sdm 3A:6.8.3 */
    static final int STACK_LOADED = 1 << 21;

    /** Something happened that the debugger waits for: stop before the next instruction. */
    static final int DEBUGGER = 1 << 22;
    /** The debugger wants one instruction executed. */
    static final int DEBUGGER_STEP = 1 << 23;
    /** The debugger lets other CPUs run, not this one. */
    static final int HELD = 1 << 24;

    private Attention() {}
}
