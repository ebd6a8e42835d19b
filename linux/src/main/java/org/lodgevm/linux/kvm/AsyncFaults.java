package org.lodgevm.linux.kvm;

import java.lang.foreign.ValueLayout;
import org.lodgevm.machine.GuestMemory;

/**
 * Asynchronous page faults: a guest that needs a page which the host has yet to fetch is told so, does something else, and is told by an interrupt
 * when the page has come.
 *
 * <p>That is between a guest and this kernel. Wherever the guest goes on after it stood still, nobody knows what it waits for, and an
 * accelerator of ours never tells it. So a guest that stands still is told that all has come: if something has not, it is told again.
 *
 * <p>Source: MSR_KVM_ASYNC_PF_EN in Linux's Documentation/virt/kvm/x86/msr.rst.
 */
record AsyncFaults(KvmHandle vcpu, MsrSet msrs) {
    private static final long DELIVERY_AS_INT = 1 << 3;
    private static final long ENABLED = Msr.KVM_MSR_ENABLED | DELIVERY_AS_INT;
    private static final long ADDRESS = -64;
    private static final long VECTOR = 0xff;
    /** In {@code struct kvm_vcpu_pv_apf_data}. */
    private static final int TOKEN = 4;

    private static final int ALL = -1;

    /** @return the vector by which the guest is to be told that all has come, -1 if it waits for nothing */
    int endAll(GuestMemory memory) {
        Long enable = msrs.value(vcpu, Msr.KVM_ASYNC_PF_EN);
        if (enable == null || (enable & ENABLED) != ENABLED) {
            return -1;
        }
        MsrSet.write(vcpu, Msr.KVM_ASYNC_PF_EN, 0); // the kernel forgets what it has yet to tell
        MsrSet.write(vcpu, Msr.KVM_ASYNC_PF_EN, enable);
        long token = (enable & ADDRESS) + TOKEN;
        GuestMemory.Slot slot = memory.slot(token);
        if (slot == null || slot.readOnly()) {
            return -1;
        }
        memory.<RuntimeException>change(token, Integer.BYTES, word -> word.set(ValueLayout.JAVA_INT, 0, ALL));
        return (int) (MsrSet.read(vcpu, Msr.KVM_ASYNC_PF_INT) & VECTOR);
    }
}
