package org.lodgevm.linux.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lodgevm.machine.CpuidLeaf;

/** {@code struct kvm_cpuid2}: a count, and as many leaves. */
final class CpuidTables {
    private static final int KVM_CPUID_FLAG_SIGNIFICANT_INDEX = 1;
    private static final long ENTRIES = Structs.CPUID2.byteSize();
    private static final long ENTRY = Structs.CPUID_ENTRY2.byteSize();

    private static final long FUNCTION = member("function");
    private static final long INDEX = member("index");
    private static final long FLAGS = member("flags");
    private static final long EAX = member("eax");
    private static final long EBX = member("ebx");
    private static final long ECX = member("ecx");
    private static final long EDX = member("edx");

    private CpuidTables() {}

    /** Room for so many leaves. */
    static MemorySegment allocate(Arena arena, int leaves) {
        MemorySegment table = arena.allocate(ENTRIES + leaves * ENTRY, Long.BYTES);
        table.set(JAVA_INT, 0, leaves);
        return table;
    }

    static MemorySegment write(Arena arena, List<CpuidLeaf> leaves) {
        MemorySegment table = allocate(arena, leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            CpuidLeaf leaf = leaves.get(i);
            MemorySegment entry = table.asSlice(ENTRIES + i * ENTRY, ENTRY);
            entry.set(JAVA_INT, FUNCTION, leaf.leaf());
            entry.set(JAVA_INT, INDEX, leaf.subleaf());
            entry.set(JAVA_INT, FLAGS, leaf.indexed() ? KVM_CPUID_FLAG_SIGNIFICANT_INDEX : 0);
            entry.set(JAVA_INT, EAX, leaf.eax());
            entry.set(JAVA_INT, EBX, leaf.ebx());
            entry.set(JAVA_INT, ECX, leaf.ecx());
            entry.set(JAVA_INT, EDX, leaf.edx());
        }
        return table;
    }

    static List<CpuidLeaf> read(MemorySegment table) {
        List<CpuidLeaf> leaves = new ArrayList<>();
        for (int i = 0; i < table.get(JAVA_INT, 0); i++) {
            MemorySegment entry = table.asSlice(ENTRIES + i * ENTRY, ENTRY);
            leaves.add(new CpuidLeaf(
                    entry.get(JAVA_INT, FUNCTION),
                    entry.get(JAVA_INT, INDEX),
                    (entry.get(JAVA_INT, FLAGS) & KVM_CPUID_FLAG_SIGNIFICANT_INDEX) != 0,
                    entry.get(JAVA_INT, EAX),
                    entry.get(JAVA_INT, EBX),
                    entry.get(JAVA_INT, ECX),
                    entry.get(JAVA_INT, EDX)));
        }
        return leaves;
    }

    private static long member(String name) {
        return Structs.offset(Structs.CPUID_ENTRY2, name);
    }
}
