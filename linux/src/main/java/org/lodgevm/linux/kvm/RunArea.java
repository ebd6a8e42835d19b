package org.lodgevm.linux.kvm;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put64;
import static org.lodgevm.machine.HostMemory.put8;

/**
 * A vCPU's {@code struct kvm_run}, by which it and the kernel speak: what is asked of the kernel, and why it came back.
 *
 * @param address in this process
 */
record RunArea(long address) {
    private static final long REQUEST_INTERRUPT_WINDOW = Structs.offset(Structs.RUN, "request_interrupt_window");
    private static final long IMMEDIATE_EXIT = Structs.offset(Structs.RUN, "immediate_exit");
    private static final long EXIT_REASON = Structs.offset(Structs.RUN, "exit_reason");
    private static final long READY = Structs.offset(Structs.RUN, "ready_for_interrupt_injection");
    private static final long IF_FLAG = Structs.offset(Structs.RUN, "if_flag");
    private static final long CR8 = Structs.offset(Structs.RUN, "cr8");
    private static final long IO_DIRECTION = exit("io", "direction");
    private static final long IO_SIZE = exit("io", "size");
    private static final long IO_PORT = exit("io", "port");
    private static final long IO_COUNT = exit("io", "count");
    private static final long IO_DATA_OFFSET = exit("io", "data_offset");
    private static final long MMIO_ADDRESS = exit("mmio", "phys_addr");
    private static final long MMIO_DATA = exit("mmio", "data");
    private static final long MMIO_LENGTH = exit("mmio", "len");
    private static final long MMIO_IS_WRITE = exit("mmio", "is_write");
    private static final long MSR_ERROR = exit("msr", "error");
    private static final long MSR_INDEX = exit("msr", "index");
    private static final long MSR_DATA = exit("msr", "data");
    private static final long EOI_VECTOR = exit("eoi", "vector");
    private static final long SUBERROR = exit("internal", "suberror");
    private static final long FAILURE_REASON = exit("fail_entry", "hardware_entry_failure_reason");

    private static long exit(String kind, String member) {
        return Structs.offset(Structs.RUN, "exit", kind, member);
    }

    /** Makes the kernel come back as soon as the guest can take an interrupt. */
    void requestInterruptWindow(boolean wanted) {
        put8(address + REQUEST_INTERRUPT_WINDOW, wanted ? 1 : 0);
    }

    /** Makes the kernel come back before the guest executes anything, once it has completed what it had begun. Any thread. */
    void immediateExit(boolean wanted) {
        put8(address + IMMEDIATE_EXIT, wanted ? 1 : 0);
    }

    /** One of {@link ExitReason}'s numbers. */
    int exitReason() {
        return get32(address + EXIT_REASON);
    }

    /** Whether the guest would take an interrupt at once. */
    boolean readyForInterrupt() {
        return get8(address + READY) != 0;
    }

    /** Says of registers that were set what an exit would have said. */
    void readiness(boolean interruptsEnabled, boolean ready) {
        put8(address + IF_FLAG, interruptsEnabled ? 1 : 0);
        put8(address + READY, ready ? 1 : 0);
    }

    /** An interrupt was given to the guest: no other until the next exit. */
    void forgetReadiness() {
        put8(address + READY, 0);
    }

    /** RFLAGS.IF. */
    boolean interruptsEnabled() {
        return get8(address + IF_FLAG) != 0;
    }

    int cr8() {
        return (int) get64(address + CR8);
    }

    void cr8(int priority) {
        put64(address + CR8, priority);
    }

    boolean ioIsOut() {
        return get8(address + IO_DIRECTION) != 0;
    }

    int ioSize() {
        return get8(address + IO_SIZE);
    }

    int ioPort() {
        return get16(address + IO_PORT);
    }

    /** More than one for string instructions. */
    int ioCount() {
        return get32(address + IO_COUNT);
    }

    /** Where the first of {@link #ioCount} values is. */
    long ioData() {
        return address + get64(address + IO_DATA_OFFSET);
    }

    long mmioAddress() {
        return get64(address + MMIO_ADDRESS);
    }

    int mmioLength() {
        return get32(address + MMIO_LENGTH);
    }

    boolean mmioIsWrite() {
        return get8(address + MMIO_IS_WRITE) != 0;
    }

    long mmioData() {
        return get64(address + MMIO_DATA);
    }

    void mmioData(long value) {
        put64(address + MMIO_DATA, value);
    }

    int msrIndex() {
        return get32(address + MSR_INDEX);
    }

    long msrData() {
        return get64(address + MSR_DATA);
    }

    void msrData(long value) {
        put64(address + MSR_DATA, value);
        put8(address + MSR_ERROR, 0);
    }

    /** The instruction raises #GP(0). */
    void msrFault() {
        put8(address + MSR_ERROR, 1);
    }

    int eoiVector() {
        return get8(address + EOI_VECTOR);
    }

    int suberror() {
        return get32(address + SUBERROR);
    }

    /** The processor's own code for it. */
    long entryFailure() {
        return get64(address + FAILURE_REASON);
    }
}
