package org.lodgevm.linux.kvm;

import java.util.Arrays;

/** Why KVM_RUN came back, with the kernel's names and numbers, as far as they happen to our guests. Source: Linux's include/uapi/linux/kvm.h. */
enum ExitReason {
    KVM_EXIT_UNKNOWN(0),
    KVM_EXIT_EXCEPTION(1),
    KVM_EXIT_IO(2),
    KVM_EXIT_HYPERCALL(3),
    KVM_EXIT_DEBUG(4),
    KVM_EXIT_HLT(5),
    KVM_EXIT_MMIO(6),
    KVM_EXIT_IRQ_WINDOW_OPEN(7),
    KVM_EXIT_SHUTDOWN(8),
    KVM_EXIT_FAIL_ENTRY(9),
    KVM_EXIT_INTR(10),
    KVM_EXIT_SET_TPR(11),
    KVM_EXIT_INTERNAL_ERROR(17),
    KVM_EXIT_IOAPIC_EOI(26),
    KVM_EXIT_X86_RDMSR(29),
    KVM_EXIT_X86_WRMSR(30),
    KVM_EXIT_DIRTY_RING_FULL(31);

    private static final ExitReason[] BY_NUMBER = new ExitReason[64];

    static {
        Arrays.fill(BY_NUMBER, KVM_EXIT_UNKNOWN);
        for (ExitReason reason : values()) {
            BY_NUMBER[reason.number] = reason;
        }
    }

    private final int number;

    ExitReason(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Those not listed are unknown. */
    static ExitReason of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : KVM_EXIT_UNKNOWN;
    }
}
