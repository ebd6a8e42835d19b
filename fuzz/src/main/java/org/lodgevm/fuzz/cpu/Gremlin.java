package org.lodgevm.fuzz.cpu;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.x86.state.Msr;

/** A device at all ports and at some addresses, and a local APIC, of which one knows nothing: what it answers, and when it interrupts. */
final class Gremlin implements IoRegion, LocalInterrupts {
    private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;
    private static final int X2APIC = 0x800;
    private static final int X2APIC_END = 0x900;
    private static final int NONE = -1;

    private final AtomicLong state = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger(NONE);
    private final List<Vcpu> cpus;
    private volatile int priority;

    /** @param cpus to be disturbed */
    Gremlin(List<Vcpu> cpus) {
        this.cpus = cpus;
    }

    void begin(long seed) {
        state.set(seed);
        waiting.set(NONE);
        priority = 0;
    }

    private long next() {
        long z = state.addAndGet(GOLDEN_RATIO);
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }

    /** Sends some CPU something. */
    void disturb() {
        long bits = next();
        Vcpu cpu = cpus.get((int) (bits >>> 32 & 0xffff) % cpus.size());
        switch ((int) bits & 31) {
            case 0 -> cpu.init();
            case 1 -> cpu.startup((int) (bits >>> 8) & 0xff);
            case 2 -> cpu.startup(Image.CODE >> 12);
            case 3, 4 -> cpu.nmi();
            default -> {
                waiting.set((int) (bits >>> 8) & 0xff);
                cpu.interrupt();
            }
        }
    }

    private void perhapsDisturb(long mask) {
        if ((next() & mask) == 0) {
            disturb();
        }
    }

    @Override
    public long read(long offset, int size) {
        perhapsDisturb(31);
        return (next() & 1) == 0 ? next() : offset;
    }

    @Override
    public void write(long offset, int size, long value) {
        perhapsDisturb(3);
    }

    @Override
    public boolean pending() {
        return waiting.get() != NONE;
    }

    @Override
    public int acknowledge() {
        return waiting.getAndSet(NONE);
    }

    @Override
    public int taskPriority() {
        return priority;
    }

    @Override
    public void taskPriority(int cr8) {
        priority = cr8;
        perhapsDisturb(3);
    }

    @Override
    public boolean ownsMsr(int msr) {
        return msr == Msr.IA32_APIC_BASE || msr == Msr.IA32_TSC_DEADLINE || msr >= X2APIC && msr < X2APIC_END;
    }

    @Override
    public long readMsr(int msr) {
        if (msr != Msr.IA32_APIC_BASE) {
            perhapsFault();
        }
        return next();
    }

    @Override
    public void writeMsr(int msr, long value) {
        perhapsFault();
        perhapsDisturb(1);
    }

    private void perhapsFault() {
        if ((next() & 3) == 0) {
            throw MsrFault.INSTANCE;
        }
    }

    @Override
    public void reset(boolean init) {
        waiting.set(NONE);
    }
}
