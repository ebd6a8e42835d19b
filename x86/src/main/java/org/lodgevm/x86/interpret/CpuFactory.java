package org.lodgevm.x86.interpret;

import java.util.List;
import java.util.function.Consumer;
import org.lodgevm.machine.Accelerator.MachineContext;
import org.lodgevm.machine.Accelerator.VcpuFactory;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.PageSet;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;

/** Makes a machine's CPUs, which share decoded code. */
final class CpuFactory implements VcpuFactory {
    private final MachineContext context;
    private final CodeCache code;
    private final CpuidModel cpuid;
    private final Runnable release;
    private final Consumer<Cpu> equip;
    /** Null as long as there is none. */
    private volatile Cpu first;

    CpuFactory(MachineContext context, int fuseAfter, Consumer<Cpu> equip) {
        this(context, new CpuidModel(context.cpus()), fuseAfter, () -> {}, equip);
    }

    /**
     * @param fuseAfter entries after which a block's instructions become one class
     * @param release gives back what the CPUs share, once they are closed
     * @param equip gives a new CPU what else it needs to run
     */
    CpuFactory(MachineContext context, CpuidModel cpuid, int fuseAfter, Runnable release, Consumer<Cpu> equip) {
        this.context = context;
        this.cpuid = cpuid;
        this.release = release;
        this.equip = equip;
        code = new CodeCache(context.memory(), fuseAfter);
    }

    @Override
    public Vcpu create(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc) {
        Cpu cpu = new Cpu(index, bus, interrupts, tsc, context.clock(), code, cpuid, context.trace());
        code.join(cpu);
        equip.accept(cpu);
        first = first == null ? cpu : first;
        return new InterpretedVcpu(cpu);
    }

    @Override
    public List<CpuidLeaf> cpuid() {
        return cpuid.leaves(0);
    }

    /** By {@link org.lodgevm.x86.paging.Mmu#translate} and the bus. */
    @Override
    public boolean awaitsMemory() {
        return true;
    }

    /** CPUs enter pages in the set by themselves: see {@link org.lodgevm.x86.paging.Mmu#translate}. */
    @Override
    public void logWrites(boolean on) {
        if (on) {
            code.revokeWrites();
        }
    }

    @Override
    public void collectWrites(PageSet found) {
        code.revokeWrites();
    }

    @Override
    public byte[] hotCode() {
        return HotPage.encode(code.hotPages());
    }

    @Override
    public void prepare(byte[] hotCode) {
        if (first != null && first.translations != null) {
            first.translations.prepare(HotPage.decode(hotCode));
        }
    }

    @Override
    public void close() {
        code.clear();
        release.run();
    }
}
