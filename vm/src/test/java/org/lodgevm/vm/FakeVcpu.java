package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;

/** A CPU that runs a {@link FakeAccelerator.Guest}. */
final class FakeVcpu implements Vcpu {
    private static final int SLP_EN = 1 << 13;
    private static final int LSR = 5;
    private static final int DATA_READY = 1;
    private static final int THRE = 1 << 5;

    final int index;
    final Bus bus;
    final LocalInterrupts interrupts;
    final AtomicInteger resets = new AtomicInteger();
    final AtomicLong steps = new AtomicLong();
    final AtomicInteger nmis = new AtomicInteger();
    private final FakeAccelerator.Guest guest;
    private final AtomicInteger open;
    private boolean kicked;
    private boolean closed;
    private volatile VcpuState state = new VcpuState();

    FakeVcpu(int index, Bus bus, LocalInterrupts interrupts, FakeAccelerator.Guest guest, AtomicInteger open) {
        this.index = index;
        this.bus = bus;
        this.interrupts = interrupts;
        this.guest = guest;
        this.open = open;
        open.incrementAndGet();
    }

    @Override
    public Exit run() {
        while (true) {
            synchronized (this) {
                if (closed) {
                    throw new IllegalStateException("ran after close");
                }
                if (kicked) {
                    kicked = false;
                    return Exit.KICKED;
                }
            }
            steps.incrementAndGet();
            Exit exit = guest.step(this);
            if (exit != null) {
                return exit;
            }
        }
    }

    /** Waits a little. */
    void halt() {
        LockSupport.parkNanos(100_000);
    }

    void powerOff() {
        bus.writePort(PcLayout.PM1_CONTROL, 2, PcLayout.SLP_TYP_S5 << 10 | SLP_EN);
    }

    void reset(int value) {
        bus.writePort(PcLayout.RESET_CONTROL, 1, value);
    }

    /** Sends text through COM1; gives up when the CPU is kicked. */
    void print(String text) {
        for (byte b : text.getBytes(US_ASCII)) {
            while ((bus.readPort(PcLayout.uart(0) + LSR, 1) & THRE) == 0) {
                if (isKicked()) {
                    return;
                }
                Thread.onSpinWait();
            }
            bus.writePort(PcLayout.uart(0), 1, b);
        }
    }

    private synchronized boolean isKicked() {
        return kicked;
    }

    /** The next character typed, or -1. */
    int typed() {
        return (bus.readPort(PcLayout.uart(0) + LSR, 1) & DATA_READY) == 0 ? -1 : bus.readPort(PcLayout.uart(0), 1);
    }

    @Override
    public synchronized void kick() {
        kicked = true;
    }

    @Override
    public String failure() {
        return "fake failure";
    }

    @Override
    public void reset() {
        resets.incrementAndGet();
        VcpuState fresh = new VcpuState();
        Arrays.fill(fresh.segments, new VcpuState.Segment(0, 0, 0xffff, 0x93));
        fresh.rip = 0xfff0;
        state = fresh;
    }

    @Override
    public VcpuState state() {
        return state;
    }

    @Override
    public void state(VcpuState value) {
        state = value;
    }

    @Override
    public long instructions() {
        return steps.get();
    }

    @Override
    public void interrupt() {}

    @Override
    public void nmi() {
        nmis.incrementAndGet();
    }

    @Override
    public void init() {}

    @Override
    public void startup(int vector) {}

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            open.decrementAndGet();
        }
    }
}
