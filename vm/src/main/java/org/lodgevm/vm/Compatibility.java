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

    private static final int POWER = 0x8000_0007;
    /** In EDX of leaf 8000_0007. */
    private static final int INVARIANT_TSC = 1 << 8;

    private static final int TSC_RATIO = 0x15;
    private static final String WAY_OUT = "; go on with the accelerator and the host that it was taken on, "
            + "and make a machine that is to go on elsewhere with --cpu-level x86-64-v3";

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
                requireFeatures(leaf, find(cpuid, leaf.leaf(), leaf.subleaf()));
            }
        }
        requireSameTsc(snapshot.cpuid(), cpuid);
    }

    /** Zero if there is none. */
    private static CpuidLeaf find(List<CpuidLeaf> cpuid, int leaf, int subleaf) {
        return cpuid.stream().filter(each -> each.leaf() == leaf && each.subleaf() == subleaf).findFirst()
                .orElse(new CpuidLeaf(leaf, subleaf, false, 0, 0, 0, 0));
    }

    /** A guest that was told of an invariant time-stamp counter tells the time by it. */
    private static void requireSameTsc(List<CpuidLeaf> there, List<CpuidLeaf> here) {
        int before = find(there, TSC_RATIO, 0).ecx();
        int now = find(here, TSC_RATIO, 0).ecx();
        if ((find(there, POWER, 0).edx() & INVARIANT_TSC) != 0 && before != now) {
            throw new MachineException("the snapshot's guest may tell the time by a counter of %,d Hz, which here has %,d Hz%s".formatted(
                    Integer.toUnsignedLong(before), Integer.toUnsignedLong(now), WAY_OUT));
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
            throw new MachineException("the snapshot's CPU has features that this accelerator's lacks (CPUID leaf 0x%x.%d, %s, bits 0x%x)%s".formatted(
                    leaf.leaf(), leaf.subleaf(), register, bits, WAY_OUT));
        }
    }
}
