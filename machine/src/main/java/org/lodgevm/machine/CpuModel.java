package org.lodgevm.machine;

import java.util.List;

/**
 * The processor that guests see, whichever accelerator executes them. Found by {@link java.util.ServiceLoader}.
 *
 * <p>An accelerator shows no feature that is not in here, so that a guest may move from one to another.
 */
public interface CpuModel {
    /**
     * All that CPUID shows on one CPU after power-up, leaf by leaf.
     *
     * @param index of the CPU, which is its APIC id
     * @param cpus of the machine
     */
    List<CpuidLeaf> leaves(int index, Accelerator.Cpus cpus);
}
