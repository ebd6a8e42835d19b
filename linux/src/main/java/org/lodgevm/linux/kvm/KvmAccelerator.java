package org.lodgevm.linux.kvm;

import java.util.ServiceLoader;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.CpuModel;

/** The accelerator named {@code kvm}: the host's processor itself, by the Linux kernel's {@code /dev/kvm}. */
public final class KvmAccelerator implements Accelerator {
    @Override
    public String name() {
        return "kvm";
    }

    @Override
    public String unavailable() {
        return Probe.unavailable();
    }

    @Override
    public int preference() {
        return 20;
    }

    @Override
    public VcpuFactory open(MachineContext context) {
        return new KvmMachine(Kvm.open(), context, model());
    }

    /** The processor that guests see with every accelerator. */
    static CpuModel model() {
        return ServiceLoader.load(CpuModel.class).findFirst().orElseThrow(() -> new IllegalStateException(
                "no processor to show the guest is installed; put the module org.lodgevm.x86 on the module path"));
    }
}
