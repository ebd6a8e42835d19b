package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.lodgevm.machine.VcpuState;

/**
 * Which model-specific registers a machine's vCPUs have that belong to their state, and those registers between the kernel and the record
 * that accelerators exchange.
 *
 * <p>The kernel tells numbers of which a given guest may have fewer, so that each is tried once: it counts if it can be read and takes what
 * was read. Left out is what has a place of its own in the record, what is the local APIC's, and the time-stamp counter, which follows
 * the machine's clock.
 */
final class MsrSet {
    private static final long ENTRIES = Structs.MSRS.byteSize();
    private static final long ENTRY = Structs.MSR_ENTRY.byteSize();
    private static final long DATA = Structs.offset(Structs.MSR_ENTRY, "data");

    private static final Set<Integer> ELSEWHERE = Set.of(Msr.IA32_TIME_STAMP_COUNTER, Msr.IA32_APIC_BASE, Msr.IA32_TSC_DEADLINE,
            Msr.IA32_EFER, Msr.IA32_FS_BASE, Msr.IA32_GS_BASE);

    private final Set<Integer> indexes = new TreeSet<>();

    /**
     * @param vcpu one of the machine's, its CPUID set
     * @param candidates what the kernel tells
     */
    MsrSet(KvmHandle vcpu, List<Integer> candidates) {
        IntStream.concat(candidates.stream().mapToInt(Integer::intValue), Msr.memoryTypes())
                .filter(index -> !ELSEWHERE.contains(index))
                .filter(index -> holds(vcpu, index))
                .forEach(indexes::add);
    }

    private static boolean holds(KvmHandle vcpu, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = table(arena, Map.of(index, 0L));
            return vcpu.tryCall(Ioctl.KVM_GET_MSRS, table.address()) == 1 && vcpu.tryCall(Ioctl.KVM_SET_MSRS, table.address()) == 1;
        }
    }

    private static MemorySegment table(Arena arena, Map<Integer, Long> msrs) {
        MemorySegment table = arena.allocate(ENTRIES + msrs.size() * ENTRY, Long.BYTES);
        table.set(JAVA_INT, 0, msrs.size());
        long at = ENTRIES;
        for (Map.Entry<Integer, Long> msr : msrs.entrySet()) {
            table.set(JAVA_INT, at, msr.getKey());
            table.set(JAVA_LONG, at + DATA, msr.getValue());
            at += ENTRY;
        }
        return table;
    }

    void save(KvmHandle vcpu, VcpuState state) {
        Map<Integer, Long> wanted = new TreeMap<>();
        indexes.forEach(index -> wanted.put(index, 0L));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = table(arena, wanted);
            int read = vcpu.call(Ioctl.KVM_GET_MSRS, table);
            for (int i = 0; i < read; i++) {
                long at = ENTRIES + i * ENTRY;
                state.msrs.put(table.get(JAVA_INT, at), table.get(JAVA_LONG, at + DATA));
            }
        }
    }

    /** Those that only another accelerator has are ignored. @throws IllegalArgumentException for a value that cannot be */
    void restore(KvmHandle vcpu, VcpuState state) {
        Map<Integer, Long> known = new TreeMap<>(state.msrs);
        known.keySet().retainAll(indexes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = table(arena, known);
            int written = vcpu.call(Ioctl.KVM_SET_MSRS, table);
            if (written < known.size()) {
                long at = ENTRIES + written * ENTRY;
                throw new IllegalArgumentException("MSR 0x%x cannot be 0x%x".formatted(
                        table.get(JAVA_INT, at), table.get(JAVA_LONG, at + DATA)));
            }
        }
    }

    /** Null if the guest has no such register. */
    Long value(KvmHandle vcpu, int index) {
        return indexes.contains(index) ? read(vcpu, index) : null;
    }

    /** One that every vCPU has. */
    static long read(KvmHandle vcpu, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = table(arena, Map.of(index, 0L));
            vcpu.call(Ioctl.KVM_GET_MSRS, table);
            return table.get(JAVA_LONG, ENTRIES + DATA);
        }
    }

    static void write(KvmHandle vcpu, int index, long value) {
        try (Arena arena = Arena.ofConfined()) {
            vcpu.call(Ioctl.KVM_SET_MSRS, table(arena, Map.of(index, value)));
        }
    }
}
