package org.lodgevm.machine;

/**
 * A vCPU's local interrupt controller (local APIC, with the PIC's INTR behind it), as its CPU sees it.
 *
 * <p>The CPU asks {@link #pending} when {@link VcpuSignals#interrupt} told it to and interrupts are enabled, and takes
 * the vector with {@link #acknowledge}.
 */
public interface LocalInterrupts {
    /** Whether an interrupt of sufficient priority waits. Called from the CPU's thread; cheap. */
    boolean pending();

    /** The interrupt-acknowledge cycle: the vector to deliver, or -1 when the request has gone away. */
    int acknowledge();

    /** CR8: bits 7:4 of the task priority register. @sdm 11.8.6 */
    int taskPriority();

    void taskPriority(int cr8);

    /** Whether {@code msr} is one of the APIC's: IA32_APIC_BASE, IA32_TSC_DEADLINE, 0x800-0x8ff. */
    boolean ownsMsr(int msr);

    /** @throws MsrFault where the architecture raises #GP(0) */
    long readMsr(int msr);

    /** @throws MsrFault where the architecture raises #GP(0) */
    void writeMsr(int msr, long value);

    /** The APIC is at its power-up state again; the CPU was reset. {@code init} keeps APIC id and base, as INIT does. */
    void reset(boolean init);
}
