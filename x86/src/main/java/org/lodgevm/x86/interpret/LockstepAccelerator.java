package org.lodgevm.x86.interpret;

import org.lodgevm.machine.Accelerator;
import org.lodgevm.x86.translate.Translator;

/**
 * The accelerator named {@code lockstep}, for those who look for a fault of the translator: the interpreter runs the guest, and the
 * translator runs each block before it, on copies. At the first difference the CPU fails.
 */
public final class LockstepAccelerator implements Accelerator {
    @Override
    public String name() {
        return "lockstep";
    }

    @Override
    public String unavailable() {
        return Translator.unavailable();
    }

    /** Never what {@code auto} takes: whatever this needs, the interpreter works, too. */
    @Override
    public int preference() {
        return -1;
    }

    @Override
    public VcpuFactory open(MachineContext context) {
        if (context.cpus().count() > 1) {
            throw new IllegalArgumentException("translated and interpreted code can be compared on one CPU only; others would change "
                    + "memory between the two");
        }
        return new CpuFactory(context, Integer.MAX_VALUE, cpu -> cpu.lockstep = new Lockstep(cpu));
    }
}
