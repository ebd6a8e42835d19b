package org.lodgevm.devices.chipset.apic;

import java.util.ArrayList;
import java.util.List;
import org.lodgevm.machine.VcpuSignals;

/** Notes what its local APIC signals, interrupts aside. */
final class RecordingCpu implements VcpuSignals {
    final List<String> signals = new ArrayList<>();
    int interrupts;

    @Override
    public void interrupt() {
        interrupts++;
    }

    @Override
    public void nmi() {
        signals.add("nmi");
    }

    @Override
    public void init() {
        signals.add("init");
    }

    @Override
    public void startup(int vector) {
        signals.add("startup " + vector);
    }
}
