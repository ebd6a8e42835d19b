package org.lodgevm.linux.kvm;

import java.util.ArrayDeque;
import java.util.Queue;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.machine.VcpuSignals;

/** A local APIC without priorities: vectors wait in a row. */
final class Interrupts implements LocalInterrupts {
    static final int OWN_MSR = 0x1b;
    static final long OWN_VALUE = 0xfee0_0900L;

    VcpuSignals signals;
    private final Queue<Integer> waiting = new ArrayDeque<>();
    private int priority;
    long written;

    void raise(int vector) {
        synchronized (this) {
            waiting.add(vector);
        }
        signals.interrupt();
    }

    @Override
    public synchronized boolean pending() {
        return !waiting.isEmpty() && waiting.peek() >> 4 > priority;
    }

    @Override
    public synchronized int acknowledge() {
        return waiting.isEmpty() ? -1 : waiting.remove();
    }

    @Override
    public synchronized int taskPriority() {
        return priority;
    }

    @Override
    public synchronized void taskPriority(int cr8) {
        priority = cr8;
    }

    @Override
    public boolean ownsMsr(int msr) {
        return msr == OWN_MSR || msr == 0x802;
    }

    @Override
    public long readMsr(int msr) {
        return OWN_VALUE;
    }

    @Override
    public void writeMsr(int msr, long value) {
        if (value == 0) {
            throw MsrFault.INSTANCE;
        }
        written = value;
    }

    @Override
    public synchronized void reset(boolean init) {
        waiting.clear();
    }
}
