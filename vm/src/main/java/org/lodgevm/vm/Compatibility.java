package org.lodgevm.vm;

import java.util.List;
import java.util.Set;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.vm.snapshot.Description;

/** Whether a machine can go on where another one's snapshot was taken. */
final class Compatibility {
    /** Leaves whose bits are features, in one register or several. @sdm 2A:3.3, CPUID */
    private static final Set<Integer> FEATURES = Set.of(1, 7, 0xd, 0x8000_0001);

    private static final int VERSION = 1;
    private static final int EXTENDED_STATE = 0xd;
    /** OSXSAVE in leaf 1's ECX tells what the guest has done. */
    private static final int OSXSAVE = 1 << 27;

    private Compatibility() {}

    /** The devices of a machine, as a snapshot tells of them. */
    static List<String> devices(MachineSpec spec) {
        return spec.devices().stream().map(device -> device.getClass().getSimpleName()).toList();
    }

    /** @throws MachineException with the first difference that matters */
    static void require(Description snapshot, MachineSpec spec, List<CpuidLeaf> cpuid) {
        require("CPUs", snapshot.cpus(), spec.cpus());
        require("bytes of memory", snapshot.memory(), spec.memory());
        require("as transport of its devices", snapshot.transport(), spec.virtioTransport().name());
        require("as devices", snapshot.devices(), devices(spec));
        for (CpuidLeaf leaf : snapshot.cpuid()) {
            if (FEATURES.contains(leaf.leaf())) {
                CpuidLeaf here = cpuid.stream().filter(each -> each.leaf() == leaf.leaf() && each.subleaf() == leaf.subleaf()).findFirst()
                        .orElse(new CpuidLeaf(leaf.leaf(), leaf.subleaf(), leaf.indexed(), 0, 0, 0, 0));
                requireFeatures(leaf, here);
            }
        }
    }

    private static void require(String what, Object there, Object here) {
        if (!there.equals(here)) {
            throw new MachineException("the snapshot's machine has %s %s, this one %s".formatted(there, what, here));
        }
    }

    private static void requireFeatures(CpuidLeaf there, CpuidLeaf here) {
        boolean version = there.leaf() == VERSION;
        boolean sizes = there.leaf() == EXTENDED_STATE && there.subleaf() != 1;
        missing(there, "EAX", version ? 0 : there.eax() & ~here.eax());
        missing(there, "EBX", version || there.leaf() == EXTENDED_STATE ? 0 : there.ebx() & ~here.ebx());
        missing(there, "ECX", sizes ? 0 : there.ecx() & ~here.ecx() & (version ? ~OSXSAVE : -1));
        missing(there, "EDX", sizes ? 0 : there.edx() & ~here.edx());
    }

    private static void missing(CpuidLeaf leaf, String register, int bits) {
        if (bits != 0) {
            throw new MachineException("the snapshot's CPU has features that this accelerator's lacks: CPUID leaf 0x%x.%d, %s, bits 0x%x".formatted(
                    leaf.leaf(), leaf.subleaf(), register, bits));
        }
    }
}
