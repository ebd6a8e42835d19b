package org.lodgevm.devices.chipset.apic;

import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.VcpuSignals;

/** A CPU's local APIC. */
public abstract class LocalApic implements LocalInterrupts {
    /** Whom interrupts are signalled to. */
    public void attach(VcpuSignals cpu) {
        throw new UnsupportedOperationException();
    }
}
