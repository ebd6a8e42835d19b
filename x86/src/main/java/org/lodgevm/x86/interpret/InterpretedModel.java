package org.lodgevm.x86.interpret;

import java.util.List;
import org.lodgevm.machine.Accelerator.Cpus;
import org.lodgevm.machine.CpuModel;
import org.lodgevm.machine.CpuidLeaf;

/** Tells other accelerators what this processor's CPUID shows. */
public final class InterpretedModel implements CpuModel {
    @Override
    public List<CpuidLeaf> leaves(int index, Cpus cpus) {
        return new CpuidModel(cpus).leaves(index);
    }
}
