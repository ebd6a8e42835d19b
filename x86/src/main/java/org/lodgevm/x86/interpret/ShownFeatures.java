package org.lodgevm.x86.interpret;

import java.util.EnumSet;
import java.util.Set;
import org.lodgevm.machine.CpuLevel;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.paging.PageWalker;
import org.lodgevm.x86.state.Cr;

/**
 * The features of a level: those of instructions, and by leaf and register those that have none. Source: System V ABI, AMD64 supplement, 3.1.1.
 *
 * <p>At x86-64-v3 the TSC is not invariant: a guest that goes elsewhere must not tell the time by a counter whose rate may be another there.
 *
 * @sdm volume 2 "CPUID"
 *
 * @param edx7sub2 EDX of leaf 7, subleaf 2
 * @param edxPower EDX of leaf 8000_0007
 */
record ShownFeatures(Set<Feature> features, int edx1, int ecx1, int ebx7, int ecx7, int edx7, int edx7sub2, int edxExtended, int edxPower) {
    // ---- leaf 1, EDX and ECX
    private static final int VME = 1 << 1;
    private static final int PCID = 1 << 17;
    private static final int X2APIC = 1 << 21;
    private static final int TSC_DEADLINE = 1 << 24;
    // ---- leaf 7: EBX, ECX, EDX; subleaf 2, EDX
    private static final int TSC_ADJUST = 1 << 1;
    private static final int SMEP = 1 << 7;
    private static final int ERMS = 1 << 9;
    private static final int UMIP = 1 << 2;
    private static final int LA57 = 1 << 16;
    private static final int FSRM = 1 << 4;
    private static final int IBRS = 1 << 26;
    private static final int ARCH_CAPABILITIES = 1 << 29;
    /** IA32_SPEC_CTRL.BHI_DIS_S, which spares kernels a loop of branches at each system call. */
    private static final int BHI_CTRL = 1 << 4;
    // ---- leaves 8000_0001 and 8000_0007, EDX
    private static final int NX = 1 << 20;
    private static final int GIB_PAGES = 1 << 26;
    private static final int LONG_MODE = 1 << 29;
    private static final int INVARIANT_TSC = 1 << 8;

    private static final long CR4_OF_V3 = Cr.CR4_TSD | Cr.CR4_DE | Cr.CR4_PSE | Cr.CR4_PAE | Cr.CR4_MCE | Cr.CR4_PGE
            | Cr.CR4_PCE | Cr.CR4_OSFXSR | Cr.CR4_OSXMMEXCPT | Cr.CR4_FSGSBASE | Cr.CR4_OSXSAVE | Cr.CR4_SMEP;
    private static final int SMALL_LINEAR_BITS = 48;

    private static final Set<Feature> V3 = v3();

    private static Set<Feature> v3() {
        Set<Feature> features = EnumSet.range(Feature.BASE, Feature.SSE2);
        features.addAll(EnumSet.of(Feature.SYSCALL, Feature.HYPERVISOR, Feature.SSE3, Feature.SSSE3, Feature.SSE4_1, Feature.SSE4_2, Feature.CX16,
                Feature.POPCNT, Feature.LAHF64, Feature.AVX, Feature.AVX2, Feature.BMI1, Feature.BMI2, Feature.F16C, Feature.FMA, Feature.LZCNT,
                Feature.MOVBE, Feature.XSAVE, Feature.XSAVEOPT, Feature.AES, Feature.PCLMULQDQ, Feature.RDRAND, Feature.FSGSBASE, Feature.RDTSCP));
        return features;
    }

    static ShownFeatures of(CpuLevel level) {
        return switch (level) {
            case X86_64_V3 -> new ShownFeatures(V3, 0, X2APIC, SMEP, 0, 0, 0, NX | GIB_PAGES | LONG_MODE, 0);
            case MAX -> new ShownFeatures(
                    EnumSet.complementOf(EnumSet.of(Feature.MONITOR)), // left out so that idle guests halt
                    VME, PCID | X2APIC | TSC_DEADLINE, TSC_ADJUST | SMEP | ERMS, UMIP | LA57, FSRM | IBRS | ARCH_CAPABILITIES, BHI_CTRL,
                    NX | GIB_PAGES | LONG_MODE, INVARIANT_TSC);
        };
    }

    long cr4Allowed() {
        return CR4_OF_V3
                | ((edx1 & VME) != 0 ? Cr.CR4_VME | Cr.CR4_PVI : 0)
                | (features.contains(Feature.SMAP) ? Cr.CR4_SMAP : 0)
                | ((ecx1 & PCID) != 0 ? Cr.CR4_PCIDE : 0)
                | ((ecx7 & UMIP) != 0 ? Cr.CR4_UMIP : 0)
                | (hasLa57() ? Cr.CR4_LA57 : 0);
    }

    int linearBits() {
        return hasLa57() ? PageWalker.LINEAR_BITS : SMALL_LINEAR_BITS;
    }

    private boolean hasLa57() {
        return (ecx7 & LA57) != 0;
    }
}
