package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What a vCPU of the kernel's does when it does not execute, where the kernel has its local APIC. Source: KVM_GET_MP_STATE in Linux's Documentation/virt/kvm/api.rst. */
enum Activity {
    /** KVM_MP_STATE_RUNNABLE */
    RUNNING(0),
    /** KVM_MP_STATE_UNINITIALIZED */
    UNINITIALIZED(1),
    /** KVM_MP_STATE_INIT_RECEIVED: a start-up IPI is all it waits for. */
    WAITING_FOR_STARTUP(2),
    /** KVM_MP_STATE_HALTED */
    HALTED(3);

    private final int number;

    Activity(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The kernel first does what an INIT or start-up IPI asked for that has come. */
    static Activity of(KvmHandle vcpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Structs.MP_STATE);
            vcpu.call(Ioctl.KVM_GET_MP_STATE, state);
            int number = state.get(JAVA_INT, 0);
            for (Activity activity : values()) {
                if (activity.number == number) {
                    return activity;
                }
            }
            return RUNNING;
        }
    }

    void set(KvmHandle vcpu) {
        try (Arena arena = Arena.ofConfined()) {
            vcpu.call(Ioctl.KVM_SET_MP_STATE, arena.allocateFrom(JAVA_INT, number));
        }
    }
}
