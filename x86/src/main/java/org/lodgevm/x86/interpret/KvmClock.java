package org.lodgevm.x86.interpret;

import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.Tsc;

/**
 * KVM's paravirtual clock: a page in which the guest finds how to turn its TSC into nanoseconds.
 *
 * <p>The TSC counts the machine's nanoseconds, so what is in the page changes only when the guest moves its TSC.
 * Layout: Linux's virt/kvm/x86/msr.rst, {@code struct pvclock_vcpu_time_info} and {@code pvclock_wall_clock}.
 */
final class KvmClock {
    private static final int ENABLED = 1;
    private static final int TSC_STABLE = 1;
    private static final int SIZE = 32;
    /** A fraction of 2^32, after a shift to the left by one: one nanosecond a tick. */
    private static final int MULTIPLIER = (int) (500_000_000L * (1L << 32) / Tsc.FREQUENCY);

    private final Cpu c;
    private long systemTime;
    private long wallClock;
    private int version;

    KvmClock(Cpu cpu) {
        c = cpu;
    }

    void reset() {
        systemTime = 0;
        wallClock = 0;
    }

    long systemTime() {
        return systemTime;
    }

    long wallClock() {
        return wallClock;
    }

    void systemTime(long value) {
        systemTime = value;
        update();
    }

    /** Brings the page up to date; the version is odd meanwhile. */
    void update() {
        long host = host(systemTime & ~1L, SIZE);
        if ((systemTime & ENABLED) == 0 || host == 0) {
            return;
        }
        long tsc = c.tsc.read();
        HostMemory.put32(host, ++version | 1);
        HostMemory.put32(host + 4, 0);
        HostMemory.put64(host + 8, tsc);
        HostMemory.put64(host + 16, c.tsc.clockNanosAt(tsc));
        HostMemory.put32(host + 24, MULTIPLIER);
        HostMemory.put8(host + 28, 1);
        HostMemory.put8(host + 29, TSC_STABLE);
        HostMemory.put16(host + 30, 0);
        version = (version | 1) + 1;
        HostMemory.put32(host, version);
        c.bus.memory().written(systemTime & ~1L, SIZE);
    }

    /** The wall-clock time at which the system time was zero, as seconds and nanoseconds. */
    void wallClock(long gpa) {
        wallClock = gpa;
        long host = host(gpa, 12);
        if (host == 0) {
            return;
        }
        long start = c.clock.wallNanos() - c.clock.nanos();
        HostMemory.put32(host, 1);
        HostMemory.put32(host + 4, (int) (start / 1_000_000_000));
        HostMemory.put32(host + 8, (int) (start % 1_000_000_000));
        HostMemory.put32(host, 2);
        c.bus.memory().written(gpa, 12);
    }

    private long host(long gpa, int size) {
        GuestMemory.Slot slot = c.bus.memory().slot(gpa);
        if (slot == null || slot.readOnly() || !slot.contains(gpa + size - 1)) {
            return 0;
        }
        c.bus.memory().await(gpa, size);
        return slot.host(gpa);
    }
}
