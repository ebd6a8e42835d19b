package org.lodgevm.linux.kvm;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;

/** KVM's calls, with the kernel's names. Source: Linux's include/uapi/linux/kvm.h and, on how numbers are made, asm-generic/ioctl.h. */
enum Ioctl {
    KVM_GET_API_VERSION(0x00),
    KVM_CREATE_VM(0x01),
    KVM_GET_MSR_INDEX_LIST(0x02, Direction.BOTH, Structs.MSR_LIST),
    KVM_CHECK_EXTENSION(0x03),
    KVM_GET_VCPU_MMAP_SIZE(0x04),
    KVM_GET_SUPPORTED_CPUID(0x05, Direction.BOTH, Structs.CPUID2),
    KVM_CREATE_VCPU(0x41),
    KVM_GET_DIRTY_LOG(0x42, Direction.TO_KERNEL, Structs.DIRTY_LOG),
    KVM_SET_USER_MEMORY_REGION(0x46, Direction.TO_KERNEL, Structs.USERSPACE_MEMORY_REGION),
    KVM_SET_TSS_ADDR(0x47),
    KVM_SET_IDENTITY_MAP_ADDR(0x48, Direction.TO_KERNEL, ValueLayout.JAVA_LONG),
    KVM_SET_GSI_ROUTING(0x6a, Direction.TO_KERNEL, Structs.IRQ_ROUTING),
    KVM_IOEVENTFD(0x79, Direction.TO_KERNEL, Structs.IOEVENTFD),
    KVM_SET_CLOCK(0x7b, Direction.TO_KERNEL, Structs.CLOCK_DATA),
    KVM_GET_CLOCK(0x7c, Direction.FROM_KERNEL, Structs.CLOCK_DATA),
    KVM_RUN(0x80),
    KVM_GET_REGS(0x81, Direction.FROM_KERNEL, Structs.REGS),
    KVM_SET_REGS(0x82, Direction.TO_KERNEL, Structs.REGS),
    KVM_GET_SREGS(0x83, Direction.FROM_KERNEL, Structs.SREGS),
    KVM_SET_SREGS(0x84, Direction.TO_KERNEL, Structs.SREGS),
    KVM_INTERRUPT(0x86, Direction.TO_KERNEL, Structs.INTERRUPT),
    KVM_GET_MSRS(0x88, Direction.BOTH, Structs.MSRS),
    KVM_SET_MSRS(0x89, Direction.TO_KERNEL, Structs.MSRS),
    KVM_GET_LAPIC(0x8e, Direction.FROM_KERNEL, Structs.LAPIC_STATE),
    KVM_SET_LAPIC(0x8f, Direction.TO_KERNEL, Structs.LAPIC_STATE),
    KVM_SET_CPUID2(0x90, Direction.TO_KERNEL, Structs.CPUID2),
    KVM_GET_MP_STATE(0x98, Direction.FROM_KERNEL, Structs.MP_STATE),
    KVM_SET_MP_STATE(0x99, Direction.TO_KERNEL, Structs.MP_STATE),
    KVM_NMI(0x9a),
    KVM_GET_VCPU_EVENTS(0x9f, Direction.FROM_KERNEL, Structs.VCPU_EVENTS),
    KVM_SET_VCPU_EVENTS(0xa0, Direction.TO_KERNEL, Structs.VCPU_EVENTS),
    KVM_GET_DEBUGREGS(0xa1, Direction.FROM_KERNEL, Structs.DEBUGREGS),
    KVM_SET_DEBUGREGS(0xa2, Direction.TO_KERNEL, Structs.DEBUGREGS),
    KVM_SET_TSC_KHZ(0xa2),
    KVM_GET_TSC_KHZ(0xa3),
    KVM_ENABLE_CAP(0xa3, Direction.TO_KERNEL, Structs.ENABLE_CAP),
    KVM_GET_XSAVE(0xa4, Direction.FROM_KERNEL, Structs.XSAVE),
    KVM_SET_XSAVE(0xa5, Direction.TO_KERNEL, Structs.XSAVE),
    KVM_SIGNAL_MSI(0xa5, Direction.TO_KERNEL, Structs.MSI),
    KVM_GET_XCRS(0xa6, Direction.FROM_KERNEL, Structs.XCRS),
    KVM_SET_XCRS(0xa7, Direction.TO_KERNEL, Structs.XCRS),
    KVM_KVMCLOCK_CTRL(0xad),
    KVM_X86_SET_MSR_FILTER(0xc6, Direction.TO_KERNEL, Structs.MSR_FILTER),
    KVM_RESET_DIRTY_RINGS(0xc7);

    private enum Direction {
        NONE,
        TO_KERNEL,
        FROM_KERNEL,
        BOTH
    }

    private static final int KVMIO = 0xae;
    private static final int TYPE_SHIFT = 8;
    private static final int SIZE_SHIFT = 16;
    private static final int DIRECTION_SHIFT = 30;

    private final long number;

    Ioctl(int command) {
        number = KVMIO << TYPE_SHIFT | command;
    }

    Ioctl(int command, Direction direction, MemoryLayout argument) {
        number = (long) direction.ordinal() << DIRECTION_SHIFT | argument.byteSize() << SIZE_SHIFT | KVMIO << TYPE_SHIFT | command;
    }

    /** What ioctl(2) is given, zero-extended. */
    long number() {
        return number;
    }
}
