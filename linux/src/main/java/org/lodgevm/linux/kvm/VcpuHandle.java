package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.machine.HostFunction;

/** A vCPU of the kernel's, with the memory that it shares with us. */
final class VcpuHandle implements GuestEntry, AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final KvmHandle handle;
    private final RunArea area;
    /** While the machine stands still; null otherwise. */
    private Times stopped;

    /** Of the thread that runs the guest. */
    private final MemorySegment runErrno = HostFunction.errnoIn(arena);
    private final MemorySegment vector = arena.allocate(Structs.INTERRUPT);

    private final boolean kernelApic;
    private final KvmMemory memory;

    /**
     * @param memory of the machine
     * @param kernelApic whether the kernel has its local APIC
     * @param runAreaSize {@link Kvm#runAreaSize}
     */
    VcpuHandle(KvmHandle vm, KvmMemory memory, int index, boolean kernelApic, int runAreaSize) {
        this.memory = memory;
        this.kernelApic = kernelApic;
        handle = new KvmHandle(vm.call(Ioctl.KVM_CREATE_VCPU, index));
        try {
            area = new RunArea(LibC.map(handle.descriptor(), 0, runAreaSize, arena).address());
            memory.add(handle);
        } catch (RuntimeException e) {
            handle.close();
            arena.close();
            throw e;
        }
    }

    /** What the guest's time-stamp counter and the kernel's clock for the machine show. */
    record Times(long tsc, long clock) {}

    void stopped(Times times) {
        stopped = times;
    }

    Times stopped() {
        return stopped;
    }

    RunArea area() {
        return area;
    }

    KvmHandle handle() {
        return handle;
    }

    @Override
    public int run() {
        return LibC.tryIoctl(runErrno, handle.descriptor(), Ioctl.KVM_RUN.number(), 0);
    }

    /** A kernel that has the local APIC would keep the vector where nobody finds it if the guest were stopped before it is taken. */
    @Override
    public void interrupt(int number) {
        if (kernelApic) {
            new Events(handle).interrupt(number);
            Activity.RUNNING.set(handle);
            return;
        }
        vector.set(JAVA_INT, 0, number);
        handle.call(Ioctl.KVM_INTERRUPT, vector);
    }

    @Override
    public void nmi() {
        handle.call(Ioctl.KVM_NMI, 0);
    }

    @Override
    public void takeWrites() {
        memory.takeWrites();
    }

    void cpuid(List<CpuidLeaf> leaves) {
        try (Arena call = Arena.ofConfined()) {
            handle.call(Ioctl.KVM_SET_CPUID2, CpuidTables.write(call, leaves));
        }
    }

    /** The guest stood still for a while: its kernel's watchdogs are told by the clock it reads. Nothing happens if it has none. */
    void tellPause() {
        handle.tryCall(Ioctl.KVM_KVMCLOCK_CTRL, 0);
    }

    @Override
    public void close() {
        handle.close();
        arena.close();
    }
}
