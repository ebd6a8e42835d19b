package org.lodgevm.x86;

import org.lodgevm.machine.LocalInterrupts;

/** A local APIC that nothing reaches. */
public class NoInterrupts implements LocalInterrupts {
    @Override
    public boolean pending() {
        return false;
    }

    @Override
    public int acknowledge() {
        return -1;
    }

    @Override
    public int taskPriority() {
        return 0;
    }

    @Override
    public void taskPriority(int cr8) {
        // nothing to hold back
    }

    @Override
    public boolean ownsMsr(int msr) {
        return false;
    }

    @Override
    public long readMsr(int msr) {
        throw new IllegalStateException();
    }

    @Override
    public void writeMsr(int msr, long value) {
        throw new IllegalStateException();
    }

    @Override
    public void reset(boolean init) {
        // has no state
    }
}
