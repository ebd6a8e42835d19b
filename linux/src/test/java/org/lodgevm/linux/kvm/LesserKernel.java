package org.lodgevm.linux.kvm;

import java.util.Set;
import org.lodgevm.machine.Accelerator;

/** The host's KVM as if it had not some of its capabilities, as older kernels have not. */
record LesserKernel(Set<Capability> without) implements Accelerator {
    LesserKernel(Capability... without) {
        this(Set.of(without));
    }

    @Override
    public String name() {
        return "kvm without " + without;
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
        return new KvmMachine(Kvm.open(without), context, KvmAccelerator.model());
    }
}
