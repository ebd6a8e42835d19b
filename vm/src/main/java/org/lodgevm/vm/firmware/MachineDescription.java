package org.lodgevm.vm.firmware;

import java.util.UUID;

/**
 * What the tables tell.
 *
 * @param memory bytes of RAM
 * @param cpuSignature from CPUID leaf 1: EAX
 * @param hpetId the low half of the HPET's capability register
 * @param virtioMmio how many virtio devices there are in memory
 */
public record MachineDescription(UUID uuid, int cpus, long memory, int cpuSignature, int hpetId, int virtioMmio) {}
