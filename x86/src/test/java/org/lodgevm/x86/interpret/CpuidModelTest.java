package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.Accelerator.Cpus;
import org.lodgevm.machine.CpuLevel;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.x86.isa.Feature;
import org.lodgevm.x86.state.Cr;

class CpuidModelTest {
    /** Leaves whose bits are features. */
    private static final Set<Integer> FEATURES = Set.of(1, 7, 0x8000_0001, 0x8000_0007);

    private static final CpuidModel V3 = new CpuidModel(new Cpus(1, CpuLevel.X86_64_V3));
    private static final CpuidModel MAX = new CpuidModel(new Cpus(1));

    private static CpuidLeaf leaf(CpuidModel model, int leaf, int subleaf) {
        return model.leaves(0).stream().filter(each -> each.leaf() == leaf && each.subleaf() == subleaf).findFirst().orElseThrow();
    }

    @Test
    void aLevelShowsNothingThatAllFeaturesLack() {
        List<CpuidLeaf> features = V3.leaves(0).stream().filter(each -> FEATURES.contains(each.leaf())).toList();
        assertThat(features).hasSizeGreaterThanOrEqualTo(FEATURES.size()).allSatisfy(there -> {
            CpuidLeaf all = leaf(MAX, there.leaf(), there.subleaf());
            assertThat(List.of(there.ebx() & ~all.ebx(), there.ecx() & ~all.ecx(), there.edx() & ~all.edx())).containsOnly(0);
        });
        assertThat(V3.cr4Allowed() & ~MAX.cr4Allowed()).isZero();
    }

    /** System V ABI, AMD64 supplement, table 3.1; LAHF-SAHF is LAHF64, SCE is SYSCALL, OSFXSR and OSXSAVE are the system's. */
    @Test
    void level3HasWhatItsDefinitionNames() {
        Set<String> named = Set.of("CMOV", "CX8", "FPU", "FXSR", "MMX", "SYSCALL", "SSE", "SSE2", "CX16", "LAHF64", "POPCNT", "SSE3", "SSE4_1", "SSE4_2",
                "SSSE3", "AVX", "AVX2", "BMI1", "BMI2", "F16C", "FMA", "LZCNT", "MOVBE", "XSAVE");
        assertThat(named.stream().map(Feature::valueOf).collect(Collectors.toSet())).allMatch(V3::shows);
        assertThat(V3.shows(Feature.SHA)).isFalse();
        assertThat(leaf(V3, 7, 0).ebx() >>> Feature.SHA.bit() & 1).isZero();
    }

    @Test
    void level3HasNoClockThatOtherHostsCountDifferently() {
        assertThat(leaf(MAX, 0x8000_0007, 0).edx()).isNotZero();
        assertThat(leaf(V3, 0x8000_0007, 0).edx()).isZero();
    }

    @Test
    void whatIsNotShownCannotBeTurnedOn() {
        assertThat(MAX.cr4Allowed() & (Cr.CR4_SMAP | Cr.CR4_LA57 | Cr.CR4_PCIDE)).isEqualTo(Cr.CR4_SMAP | Cr.CR4_LA57 | Cr.CR4_PCIDE);
        assertThat(V3.cr4Allowed() & (Cr.CR4_SMAP | Cr.CR4_LA57 | Cr.CR4_PCIDE)).isZero();
        assertThat(leaf(V3, 0x8000_0008, 0).eax() >> 8 & 0xff).isEqualTo(48);
    }
}
