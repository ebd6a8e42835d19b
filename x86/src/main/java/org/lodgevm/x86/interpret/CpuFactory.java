package org.lodgevm.x86.interpret;

import java.util.List;
import java.util.function.Function;
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
    private final Function<Cpu, Translations> translations;
    private final Function<Cpu, Lockstep> lockstep;

    /**
     * @param fuseAfter entries after which a block's instructions become one class
     * @param translations gives a CPU its translations, or null
     * @param lockstep gives a CPU what compares translations with it, or null
     */
    CpuFactory(MachineContext context, int fuseAfter, Function<Cpu, Translations> translations, Function<Cpu, Lockstep> lockstep) {
        this.context = context;
        this.translations = translations;
        this.lockstep = lockstep;
        code = new CodeCache(context.memory(), context.topology().cpus() > 1, fuseAfter);
        cpuid = new CpuidModel(context.topology().cpus());
    }

    @Override
    public Vcpu create(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc) {
        Cpu cpu = new Cpu(index, bus, interrupts, tsc, context.clock(), code, cpuid, context.trace());
        code.join(cpu);
        cpu.translations = translations.apply(cpu);
        cpu.lockstep = lockstep.apply(cpu);
        return new InterpretedVcpu(cpu);
    }

    @Override
    public List<CpuidLeaf> cpuid() {
        return cpuid.leaves(0);
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
    public void close() {
        code.clear();
    }
}
