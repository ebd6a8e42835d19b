package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.machine.VcpuState.Event;

/** What a vCPU of the kernel's is about to take, and what it holds back. */
record Events(KvmHandle vcpu) {
    private static final long EXCEPTION = event("exception");
    private static final long INTERRUPT = event("interrupt");
    private static final long NMI = event("nmi");
    private static final long FLAGS = event("flags");

    private static final long INJECTED = 0;
    private static final long NR = 1;
    private static final long HAS_ERROR_CODE = 2;
    private static final long EXCEPTION_PENDING = 3;
    private static final long ERROR_CODE = 4;
    private static final long SOFT = 2;
    private static final long SHADOW = 3;
    private static final long NMI_PENDING = 1;
    private static final long NMI_MASKED = 2;

    private static final int VALID_NMI_PENDING = 1;
    private static final int VALID_SHADOW = 4;
    private static final byte SHADOW_STI = 2;

    private static final int BP = 3;
    private static final int OF = 4;

    private static long event(String name) {
        return Structs.offset(Structs.VCPU_EVENTS, name);
    }

    void save(VcpuState state) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate(Structs.VCPU_EVENTS);
            vcpu.call(Ioctl.KVM_GET_VCPU_EVENTS, events);
            state.nmiPending = isSet(events, NMI + NMI_PENDING) || isSet(events, NMI + INJECTED);
            state.nmiBlocked = isSet(events, NMI + NMI_MASKED) && !isSet(events, NMI + INJECTED);
            state.interruptShadow = isSet(events, INTERRUPT + SHADOW);
            state.event = event(events);
        }
    }

    private static Event event(MemorySegment events) {
        int exception = events.get(JAVA_BYTE, EXCEPTION + NR) & 0xff;
        boolean begun = isSet(events, EXCEPTION + INJECTED) || isSet(events, EXCEPTION + EXCEPTION_PENDING);
        if (begun && exception != BP && exception != OF) {
            return new Event(Event.Kind.EXCEPTION, exception, isSet(events, EXCEPTION + HAS_ERROR_CODE),
                    events.get(JAVA_INT, EXCEPTION + ERROR_CODE));
        }
        boolean external = isSet(events, INTERRUPT + INJECTED) && !isSet(events, INTERRUPT + SOFT);
        return external ? new Event(Event.Kind.INTERRUPT, events.get(JAVA_BYTE, INTERRUPT + NR) & 0xff, false, 0) : null;
    }

    private static boolean isSet(MemorySegment events, long member) {
        return events.get(JAVA_BYTE, member) != 0;
    }

    /** The guest, which is ready for it, takes an external interrupt next. */
    void interrupt(int vector) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate(Structs.VCPU_EVENTS);
            vcpu.call(Ioctl.KVM_GET_VCPU_EVENTS, events);
            fill(events, new Event(Event.Kind.INTERRUPT, vector, false, 0));
            vcpu.call(Ioctl.KVM_SET_VCPU_EVENTS, events);
        }
    }

    void restore(VcpuState state) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate(Structs.VCPU_EVENTS);
            set(events, NMI + NMI_PENDING, state.nmiPending);
            set(events, NMI + NMI_MASKED, state.nmiBlocked);
            events.set(JAVA_BYTE, INTERRUPT + SHADOW, state.interruptShadow ? SHADOW_STI : 0);
            events.set(JAVA_INT, FLAGS, VALID_NMI_PENDING | VALID_SHADOW);
            if (state.event != null) {
                fill(events, state.event);
            }
            vcpu.call(Ioctl.KVM_SET_VCPU_EVENTS, events);
        }
    }

    private static void fill(MemorySegment events, Event event) {
        long at = event.kind() == Event.Kind.EXCEPTION ? EXCEPTION : INTERRUPT;
        set(events, at + INJECTED, true);
        events.set(JAVA_BYTE, at + NR, (byte) event.vector());
        if (event.kind() == Event.Kind.EXCEPTION) {
            set(events, at + HAS_ERROR_CODE, event.hasErrorCode());
            events.set(JAVA_INT, at + ERROR_CODE, event.errorCode());
        }
    }

    private static void set(MemorySegment events, long member, boolean value) {
        events.set(JAVA_BYTE, member, (byte) (value ? 1 : 0));
    }
}
