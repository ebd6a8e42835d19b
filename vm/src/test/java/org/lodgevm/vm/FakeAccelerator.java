package org.lodgevm.vm;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;

/** CPUs whose guest code is a Java method. */
final class FakeAccelerator implements Accelerator {
    /** One step of a guest: an instruction, or a few. */
    interface Guest {
        /** @return why the CPU leaves guest code, or null to go on */
        Vcpu.Exit step(FakeVcpu cpu);
    }

    /** Does nothing, like a CPU that halts. */
    static final Guest IDLE = cpu -> {
        cpu.halt();
        return null;
    };

    private final Guest guest;
    final List<FakeVcpu> vcpus = new CopyOnWriteArrayList<>();
    final AtomicInteger open = new AtomicInteger();

    FakeAccelerator(Guest guest) {
        this.guest = guest;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String unavailable() {
        return null;
    }

    @Override
    public int preference() {
        return 0;
    }

    @Override
    public VcpuFactory open(MachineContext context) {
        open.incrementAndGet();
        return new VcpuFactory() {
            @Override
            public Vcpu create(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc) {
                FakeVcpu vcpu = new FakeVcpu(index, bus, interrupts, guest, open);
                vcpus.add(vcpu);
                return vcpu;
            }

            @Override
            public List<CpuidLeaf> cpuid() {
                return List.of(new CpuidLeaf(0, 0, false, 1, 2, 3, 4));
            }

            /** What these CPUs write goes through the bus, which enters it itself. */
            @Override
            public void logWrites(boolean on) {}

            @Override
            public void collectWrites(PageSet found) {}

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }
}
