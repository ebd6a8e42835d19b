package org.lodgevm.devices.chipset.apic;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.lodgevm.machine.VcpuSignals;

/** The CPU at a local APIC's other side: it is created after its APIC, which until then signals nobody. */
final class AttachedCpu implements VcpuSignals {
    private final AtomicReference<VcpuSignals> cpu = new AtomicReference<>();

    void attach(VcpuSignals attached) {
        cpu.set(attached);
    }

    @Override
    public void interrupt() {
        signal(VcpuSignals::interrupt);
    }

    @Override
    public void nmi() {
        signal(VcpuSignals::nmi);
    }

    @Override
    public void init() {
        signal(VcpuSignals::init);
    }

    @Override
    public void startup(int vector) {
        signal(to -> to.startup(vector));
    }

    private void signal(Consumer<VcpuSignals> what) {
        VcpuSignals attached = cpu.get();
        if (attached != null) {
            what.accept(attached);
        }
    }
}
