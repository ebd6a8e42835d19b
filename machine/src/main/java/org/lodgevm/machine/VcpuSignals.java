package org.lodgevm.machine;

/** What reaches a CPU from outside, on any thread. Each call returns at once; the CPU acts at its next instruction boundary. */
public interface VcpuSignals {
    /** {@link LocalInterrupts#pending} may have become true. */
    void interrupt();

    void nmi();

    /** INIT: the CPU resets and, unless it is the bootstrap processor, waits for a start-up IPI. @sdm 9.4 */
    void init();

    /** SIPI: a waiting CPU starts in real mode at {@code vector << 12}. */
    void startup(int vector);
}
