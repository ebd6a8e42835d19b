package org.lodgevm.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.PowerControl;
import org.lodgevm.machine.RamSource;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Vcpu;

/** The assembled machine: memory, clock, chipset, consoles and CPUs. It has no life of its own; see {@link Lifecycle}. */
final class Pc implements AutoCloseable {
    private final SystemClock clock = new SystemClock();
    private final GuestMemory memory = new GuestMemory();
    private final List<Console> consoles = new ArrayList<>();
    private final List<Vcpu> vcpus = new ArrayList<>();
    private final Accelerator accelerator;
    private final Accelerator.VcpuFactory factory;

    Pc(MachineSpec spec, MachineBuilder.Attachments attachments, PowerControl power) {
        clock.pause();
        accelerator = attachments.accelerator() != null
                ? attachments.accelerator()
                : Accelerators.choose(spec.accelerator(), Accelerators.installed(), attachments.log());
        memory.addRam(0, spec.memory(), ServiceLoader.load(RamSource.class).findFirst().orElseGet(RamSource::temporaryFile));
        factory = accelerator.open(new Accelerator.MachineContext(
                memory, clock, new Accelerator.CpuTopology(spec.cpus()), attachments.trace()));
        for (int i = 0; i < MachineBuilder.SERIAL_PORTS; i++) {
            consoles.add(new Console("COM" + (i + 1)));
        }
    }

    String acceleratorName() {
        return accelerator.name();
    }

    SystemClock clock() {
        return clock;
    }

    GuestMemory memory() {
        return memory;
    }

    List<Console> consoles() {
        return consoles;
    }

    List<Vcpu> vcpus() {
        return vcpus;
    }

    long instructions() {
        return vcpus.stream().mapToLong(Vcpu::instructions).sum();
    }

    /** Everything is in its state after power-up, with what is to be booted in memory. */
    void powerOn() {}

    void powerButton() {}

    @Override
    public void close() {
        vcpus.forEach(Vcpu::close);
        factory.close();
        memory.close();
    }
}
