package org.lodgevm.vm;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.CpuidLeaf;
import org.lodgevm.vm.boot.BootFile;
import org.lodgevm.vm.snapshot.Description;

class CompatibilityTest {
    private static final int FEATURES = 7;
    private static final int TSC_RATIO = 0x15;
    private static final int POWER = 0x8000_0007;
    private static final int INVARIANT_TSC = 1 << 8;

    private static final MachineSpec SPEC = Machine.builder().bios(BootFile.of("bios", new byte[1 << 16])).spec();

    private static CpuidLeaf leaf(int leaf, int ebx, int ecx, int edx) {
        return new CpuidLeaf(leaf, 0, false, 0, ebx, ecx, edx);
    }

    private static void goOn(List<CpuidLeaf> there, List<CpuidLeaf> here) {
        Compatibility.require(new Description("2026-01-01T00:00:00Z", "a", SPEC.uuid().toString(), SPEC.cpus(), SPEC.memory(), "other",
                SPEC.virtioTransport().name(), List.of(), "", -1, there, List.of()), SPEC, here);
    }

    @Test
    void aCpuWithFewerFeaturesIsRefusedWithTheWayOut() {
        assertThatCode(() -> goOn(List.of(leaf(FEATURES, 4, 0, 0)), List.of(leaf(FEATURES, 6, 0, 0)))).doesNotThrowAnyException();
        assertThatThrownBy(() -> goOn(List.of(leaf(FEATURES, 6, 0, 0)), List.of(leaf(FEATURES, 4, 0, 0)))).isInstanceOf(MachineException.class)
                .hasMessageContaining("CPUID leaf 0x7.0, EBX, bits 0x2").hasMessageContaining("--cpu-level x86-64-v3");
        assertThatThrownBy(() -> goOn(List.of(leaf(FEATURES, 6, 0, 0)), List.of())).isInstanceOf(MachineException.class);
    }

    @Test
    void aGuestThatTellsTheTimeByItsCounterNeedsOneOfTheSameRate() {
        List<CpuidLeaf> there = List.of(leaf(TSC_RATIO, 1, 1_000_000_000, 0), leaf(POWER, 0, 0, INVARIANT_TSC));
        assertThatCode(() -> goOn(there, there)).doesNotThrowAnyException();
        assertThatThrownBy(() -> goOn(there, List.of(leaf(TSC_RATIO, 1, -1_794_967_296, 0)))).isInstanceOf(MachineException.class)
                .hasMessageContaining("1,000,000,000 Hz, which here has 2,500,000,000 Hz");
    }

    @Test
    void aGuestThatDoesNotNeedNone() {
        List<CpuidLeaf> there = List.of(leaf(TSC_RATIO, 1, 1_000_000_000, 0), leaf(POWER, 0, 0, 0));
        assertThatCode(() -> goOn(there, List.of(leaf(TSC_RATIO, 1, 250, 0)))).doesNotThrowAnyException();
    }
}
