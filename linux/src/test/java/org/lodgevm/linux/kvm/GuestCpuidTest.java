package org.lodgevm.linux.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.CpuidLeaf;

class GuestCpuidTest {
    private static final int KVM_FEATURES = 0x4000_0001;
    private static final int CLOCK = 1 << 3;
    private static final int UNHALT = 1 << 7;

    private static int features(int model, int host, boolean kernelApic) {
        List<CpuidLeaf> supported = List.of(new CpuidLeaf(KVM_FEATURES, 0, false, host, 0, 0, 0));
        List<CpuidLeaf> shown = new GuestCpuid(supported, 1_000_000, kernelApic).of(List.of(new CpuidLeaf(KVM_FEATURES, 0, false, model, 0, 0, 0)));
        return shown.getFirst().eax();
    }

    @Test
    void paravirtualFeaturesAreThoseThatTheHostHasAndAGuestCanLose() {
        int all = CLOCK | UNHALT | GuestCpuid.STEAL_TIME | GuestCpuid.PV_EOI | GuestCpuid.ASYNC_PF;
        assertThat(features(CLOCK, all, true)).isEqualTo(all & ~UNHALT);
        assertThat(features(CLOCK, CLOCK, true)).isEqualTo(CLOCK);
        assertThat(features(CLOCK, 0, true)).isZero();
    }

    @Test
    void endsOfInterruptByMemoryAndAsynchronousFaultsNeedAnApicOfTheKernels() {
        assertThat(features(CLOCK, -1, false)).isEqualTo(CLOCK | GuestCpuid.STEAL_TIME);
    }
}
