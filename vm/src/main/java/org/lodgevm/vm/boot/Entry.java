package org.lodgevm.vm.boot;

import org.lodgevm.machine.VcpuState;

/** How the first CPU starts: what a boot protocol changes in its power-up state. */
@FunctionalInterface
public interface Entry {
    /** At the reset vector, as after power-up. */
    Entry RESET_VECTOR = state -> {};

    void apply(VcpuState state);
}
