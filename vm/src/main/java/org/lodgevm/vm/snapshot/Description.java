package org.lodgevm.vm.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.lodgevm.machine.CpuidLeaf;

/**
 * What a snapshot is of.
 *
 * @param created as ISO 8601 has it
 * @param name of the machine
 * @param uuid by which the guest knows itself
 * @param memory bytes of RAM
 * @param accelerator that ran it last
 * @param transport of virtio devices
 * @param devices in their order, each in a word or two
 * @param disks by which name the images of disks that can be written to keep their content inside, or empty
 * @param agent how many commands the guest's agent had, or -1 if none answers
 * @param cpuid what the CPUs told the guest that they can do
 * @param ram where memory is
 */
public record Description(
        String created,
        String name,
        String uuid,
        int cpus,
        long memory,
        String accelerator,
        String transport,
        List<String> devices,
        String disks,
        int agent,
        List<CpuidLeaf> cpuid,
        List<RamPart> ram) {
    public Description {
        Instant.parse(created);
        UUID.fromString(uuid);
        devices = List.copyOf(devices);
        cpuid = List.copyOf(cpuid);
        ram = List.copyOf(ram);
    }

    Description with(List<RamPart> parts) {
        return new Description(created, name, uuid, cpus, memory, accelerator, transport, devices, disks, agent, cpuid, parts);
    }
}
