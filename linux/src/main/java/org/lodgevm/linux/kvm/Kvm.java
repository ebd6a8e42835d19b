package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lodgevm.linux.call.Errno;
import org.lodgevm.linux.call.LibC;
import org.lodgevm.machine.CpuidLeaf;

/** The kernel's KVM subsystem: what it can do, and virtual machines. */
final class Kvm implements AutoCloseable {
    static final String DEVICE = "/dev/kvm";
    /** The only one since Linux 2.6.22. */
    static final int API_VERSION = 12;

    private static final int LARGEST_TABLE = 1024;

    private final KvmHandle handle;
    /** What it is not asked for. */
    private final Set<Capability> without;

    private Kvm(int descriptor, Set<Capability> without) {
        handle = new KvmHandle(descriptor);
        this.without = without;
    }

    /** @throws org.lodgevm.linux.call.HostCallException when the kernel refuses */
    static Kvm open() {
        return open(Set.of());
    }

    /** As if the kernel had not some of its capabilities. */
    static Kvm open(Set<Capability> without) {
        return new Kvm(LibC.open(DEVICE, LibC.O_RDWR), without);
    }

    int apiVersion() {
        return handle.call(Ioctl.KVM_GET_API_VERSION, 0);
    }

    /** Zero where it cannot; some have a number. */
    int check(Capability capability) {
        return without.contains(capability) ? 0 : handle.call(Ioctl.KVM_CHECK_EXTENSION, capability.number());
    }

    boolean has(Capability capability) {
        return check(capability) > 0;
    }

    /** Bytes of a vCPU's {@code struct kvm_run} and the pages that follow it. */
    int runAreaSize() {
        return handle.call(Ioctl.KVM_GET_VCPU_MMAP_SIZE, 0);
    }

    /** A virtual machine's descriptor. Another thread's signal may interrupt the kernel at it. */
    KvmHandle createVm() {
        int result;
        do {
            result = handle.tryCall(Ioctl.KVM_CREATE_VM, 0);
        } while (result == -Errno.EINTR);
        return new KvmHandle((int) LibC.check("KVM_CREATE_VM", result));
    }

    /** What CPUID may show to a guest. */
    List<CpuidLeaf> supportedCpuid() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = CpuidTables.allocate(arena, LARGEST_TABLE);
            handle.call(Ioctl.KVM_GET_SUPPORTED_CPUID, table);
            return CpuidTables.read(table);
        }
    }

    /** Model-specific registers that are a guest's own. */
    List<Integer> msrIndexes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(Structs.MSR_LIST.byteSize() + LARGEST_TABLE * Integer.BYTES, Long.BYTES);
            list.set(JAVA_INT, 0, LARGEST_TABLE);
            handle.call(Ioctl.KVM_GET_MSR_INDEX_LIST, list);
            List<Integer> indexes = new ArrayList<>();
            for (int i = 0; i < list.get(JAVA_INT, 0); i++) {
                indexes.add(list.get(JAVA_INT, Structs.MSR_LIST.byteSize() + (long) i * Integer.BYTES));
            }
            return indexes;
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
