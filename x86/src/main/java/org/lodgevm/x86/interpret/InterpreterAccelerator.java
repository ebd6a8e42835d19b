package org.lodgevm.x86.interpret;

import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;

/** The accelerator named {@code interpreter}: closures over decoded blocks. Works on every host. */
public final class InterpreterAccelerator implements Accelerator {
    /** Entries of a block: with fewer, compiling costs a booting kernel more than it gains. */
    private static final int FUSE_AFTER = 60_000;

    private final int fuseAfter;

    public InterpreterAccelerator() {
        this(FUSE_AFTER);
    }

    /**
     * For tests, whose code never becomes as hot as a kernel's.
     *
     * @param fuseAfter entries after which a block's instructions become one class
     */
    public InterpreterAccelerator(int fuseAfter) {
        this.fuseAfter = fuseAfter;
    }

    @Override
    public String name() {
        return "interpreter";
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
        CodeCache code = new CodeCache(context.memory(), context.topology().cpus() > 1, fuseAfter);
        CpuidModel cpuid = new CpuidModel(context.topology().cpus());
        return new VcpuFactory() {
            @Override
            public Vcpu create(int index, Bus bus, LocalInterrupts interrupts, Tsc tsc) {
                Cpu cpu = new Cpu(index, bus, interrupts, tsc, context.clock(), code, cpuid, context.trace());
                code.join(cpu);
                return new InterpretedVcpu(cpu);
            }

            @Override
            public void close() {
                code.clear();
            }
        };
    }
}
