package org.lodgevm.linux.kvm;

/** What a kernel's KVM may be able to, with the kernel's names and numbers. Source: Linux's include/uapi/linux/kvm.h. */
enum Capability {
    KVM_CAP_USER_MEMORY(3),
    KVM_CAP_SET_TSS_ADDR(4),
    KVM_CAP_EXT_CPUID(7),
    KVM_CAP_IRQ_ROUTING(25),
    KVM_CAP_IOEVENTFD(36),
    KVM_CAP_SET_IDENTITY_MAP_ADDR(37),
    KVM_CAP_ADJUST_CLOCK(39),
    KVM_CAP_VCPU_EVENTS(41),
    KVM_CAP_DEBUGREGS(50),
    KVM_CAP_XSAVE(55),
    KVM_CAP_TSC_CONTROL(60),
    KVM_CAP_GET_TSC_KHZ(61),
    KVM_CAP_SIGNAL_MSI(77),
    KVM_CAP_READONLY_MEM(81),
    KVM_CAP_SPLIT_IRQCHIP(121),
    KVM_CAP_IOEVENTFD_ANY_LENGTH(122),
    KVM_CAP_IMMEDIATE_EXIT(136),
    KVM_CAP_ASYNC_PF_INT(183),
    KVM_CAP_X86_USER_SPACE_MSR(188),
    KVM_CAP_X86_MSR_FILTER(189),
    KVM_CAP_DIRTY_LOG_RING(192);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
