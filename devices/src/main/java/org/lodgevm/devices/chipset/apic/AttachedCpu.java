package org.lodgevm.devices.chipset.apic;

import org.lodgevm.machine.VcpuSignals;

/** The CPU at a local APIC's other side: it is created after its APIC, which until then signals nobody. */
final class AttachedCpu implements VcpuSignals {
    private volatile VcpuSignals cpu;

    void attach(VcpuSignals attached) {
        cpu = attached;
    }

    @Override
    public void interrupt() {
        if (cpu != null) {
            cpu.interrupt();
        }
    }

    @Override
    public void nmi() {
        if (cpu != null) {
            cpu.nmi();
        }
    }

    @Override
    public void init() {
        if (cpu != null) {
            cpu.init();
        }
    }

    @Override
    public void startup(int vector) {
        if (cpu != null) {
            cpu.startup(vector);
        }
    }
}
