package org.lodgevm.vm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.lodgevm.devices.chipset.ChipsetConfig;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.CpuLevel;
import org.lodgevm.vm.boot.Boot;

/**
 * What a machine is, apart from what it is attached to on its host.
 *
 * @param name what threads and messages call it
 * @param uuid by which the guest knows itself
 * @param cpuLevel up to where CPUs show features
 * @param memory bytes of RAM, a multiple of 4 KiB
 * @param accelerator an accelerator's name, or {@code auto} for the best one that works here
 * @param virtioTransport of all {@code devices}
 * @param devices what it has beside what every PC has, in the order in which the guest finds them
 */
public record MachineSpec(
        String name,
        UUID uuid,
        Boot boot,
        int cpus,
        CpuLevel cpuLevel,
        long memory,
        String accelerator,
        RebootAction onReboot,
        ShutdownAction onShutdown,
        VirtioTransport virtioTransport,
        List<DeviceSpec> devices) {
    public static final int MAX_CPUS = ChipsetConfig.MAX_CPUS;

    public static final long MIN_MEMORY = 1 << 20;

    /** RAM above 4 GiB ends where the window of 64-bit PCI devices begins. */
    public static final long MAX_MEMORY = PcLayout.LOW_RAM_LIMIT + PcLayout.PCI_WINDOW_64 - PcLayout.HIGH_RAM;

    /** So many places are free on the PCI bus, and in memory. */
    public static final int MAX_DEVICES = PcLayout.FREE_SLOTS;

    public MachineSpec {
        devices = List.copyOf(devices);
        if (devices.size() > MAX_DEVICES) {
            throw new IllegalArgumentException("a machine has at most %d devices, not %d".formatted(MAX_DEVICES, devices.size()));
        }
        requireDistinctTags(devices);
        if (boot == null) {
            throw new IllegalArgumentException("the machine has nothing to boot; give it a kernel or a BIOS");
        }
        if (cpus < 1 || cpus > MAX_CPUS) {
            throw new IllegalArgumentException("a machine has 1 to %d CPUs, not %d".formatted(MAX_CPUS, cpus));
        }
        if (memory < MIN_MEMORY || memory > MAX_MEMORY || (memory & 0xfff) != 0) {
            throw new IllegalArgumentException(
                    "memory of %d bytes is not possible; give %d to %d MiB, in multiples of 4 KiB".formatted(
                            memory, MIN_MEMORY >> 20, MAX_MEMORY >> 20));
        }
    }

    /** @throws MachineException if it has memory that cannot be two machines' */
    void requireNoPersistentMemory() {
        for (DeviceSpec device : devices) {
            if (device instanceof DeviceSpec.PersistentMemory memory) {
                throw new MachineException(
                        "what machine %s writes to its persistent memory is in %s at once, so it can neither be kept in a snapshot, nor be copied or moved; use a disk instead".formatted(
                                name, memory.file()));
            }
        }
    }

    private static void requireDistinctTags(List<DeviceSpec> devices) {
        Set<String> tags = new HashSet<>();
        for (DeviceSpec device : devices) {
            if (device instanceof DeviceSpec.SharedFolder shared && !tags.add(shared.tag())) {
                throw new IllegalArgumentException("two shared folders have the tag '%s'; give each its own".formatted(shared.tag()));
            }
        }
    }
}
