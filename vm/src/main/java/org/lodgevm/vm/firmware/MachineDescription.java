package org.lodgevm.vm.firmware;

import java.util.UUID;

/**
 * What the tables tell.
 *
 * @param memory bytes of RAM
 * @param cpuSignature from CPUID leaf 1: EAX
 * @param hpetId the low half of the HPET's capability register
 */
public record MachineDescription(UUID uuid, int cpus, long memory, int cpuSignature, int hpetId) {}
