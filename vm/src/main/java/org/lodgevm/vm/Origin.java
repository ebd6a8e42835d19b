package org.lodgevm.vm;

import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.RamSource;
import org.lodgevm.vm.snapshot.Description;

/** What a machine goes on from instead of booting: another one, as it was at one moment. */
interface Origin {
    Description description();

    /** Whether the other one goes on, too, so that this is a copy of it. */
    boolean isCopied();

    /** Of CPUs and devices. */
    byte[] state();

    /**
     * Adds RAM that has what the other had in its own.
     *
     * @throws MachineException if there is no such RAM, or it cannot be mapped
     */
    void addRam(GuestMemory memory, long gpa, long size, RamSource source);
}
