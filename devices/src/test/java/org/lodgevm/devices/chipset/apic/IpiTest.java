package org.lodgevm.devices.chipset.apic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.devices.chipset.apic.ApicRig.*;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IpiTest {
    private static final int LOGICAL = 1 << 11;
    private static final int LOWEST = 1 << 8;

    private final ApicRig rig = new ApicRig(4);

    /** Which CPUs have something to take; takes it. */
    private int[] served() {
        return IntStream.range(0, 4).filter(i -> rig.serve(i) >= 0).toArray();
    }

    @Test
    void physicalDestinationIsOneApicIdAndAllOnesEveryone() {
        rig.ipi(0, 2, 0x40);
        assertThat(served()).containsExactly(2);
        rig.ipi(0, 0xff, 0x40);
        assertThat(served()).containsExactly(0, 1, 2, 3);
        rig.ipi(0, 9, 0x40);
        assertThat(served()).isEmpty();
    }

    @Test
    void shorthandsNameSelfAllAndOthers() {
        rig.ipi(1, 0, 1 << 18 | 0x40);
        assertThat(served()).containsExactly(1);
        rig.ipi(1, 0, 2 << 18 | 0x40);
        assertThat(served()).containsExactly(0, 1, 2, 3);
        rig.ipi(1, 0, 3 << 18 | 0x40);
        assertThat(served()).containsExactly(0, 2, 3);
    }

    @Test
    void theFlatModelMatchesAnyCommonBit() {
        for (int i = 0; i < 4; i++) {
            rig.write(i, LDR, 1 << 24 + i);
        }
        rig.ipi(0, 0b1010, LOGICAL | 0x40);
        assertThat(served()).containsExactly(1, 3);
    }

    @Test
    void theClusterModelMatchesClusterAndMember() {
        for (int i = 0; i < 4; i++) {
            rig.write(i, DFR, 0x0fff_ffff);
            rig.write(i, LDR, (i / 2 << 4 | 1 << i % 2) << 24);
        }
        rig.ipi(0, 0x13, LOGICAL | 0x40);
        assertThat(served()).containsExactly(2, 3);
        rig.ipi(0, 0x02, LOGICAL | 0x40);
        assertThat(served()).containsExactly(1);
        rig.ipi(0, 0xff, LOGICAL | 0x40);
        assertThat(served()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void lowestPriorityTakesTheLeastBusyAndTakesTurnsAmongEquals() {
        for (int i = 0; i < 4; i++) {
            rig.write(i, LDR, 1 << 24 + i);
        }
        rig.write(0, TPR, 0x20);
        rig.write(2, TPR, 0x20);
        rig.ipi(0, 0xf, LOGICAL | LOWEST | 0x40);
        int[] first = served();
        rig.ipi(0, 0xf, LOGICAL | LOWEST | 0x40);
        int[] second = served();
        assertThat(IntStream.concat(IntStream.of(first), IntStream.of(second)).sorted().toArray())
                .containsExactly(1, 3);
    }

    @Test
    void lowestPriorityPassesOverSoftwareDisabledApics() {
        rig.write(1, SVR, 0xff);
        rig.write(0, TPR, 0xf0);
        rig.write(2, TPR, 0xf0);
        rig.write(3, TPR, 0xe0);
        rig.ipi(0, 0xff, LOWEST | 0xf8);
        assertThat(served()).containsExactly(3);
    }

    @Test
    void initAndStartupReachTheCpuAndTheDeassertDoesNot() {
        rig.ipi(0, 1, 0xc500);
        rig.ipi(0, 1, 0x8500);
        rig.ipi(0, 1, 0x0600 | 0x9a);
        assertThat(rig.cpus[1].signals).containsExactly("init", "startup " + 0x9a);
        rig.ipi(0, 0, 3 << 18 | 4 << 8);
        assertThat(rig.cpus[3].signals).containsExactly("nmi");
        assertThat(rig.cpus[0].signals).isEmpty();
    }

    @Test
    void theDeliveryStatusIsAlwaysIdle() {
        rig.ipi(0, 1, 0x40 | 1 << 12);
        assertThat(rig.read(0, ICR)).isEqualTo(0x40);
        assertThat(rig.read(0, ICR_HIGH)).isEqualTo(1 << 24);
    }

    @Test
    void messageInterruptsCarryDestinationModeAndVector() {
        rig.bus.msi(0xfee0_3000L, 0x51);
        assertThat(rig.apics[3].acknowledge()).isEqualTo(0x51);
        rig.bus.msi(0xfee0_2000L, 4 << 8);
        assertThat(rig.cpus[2].signals).containsExactly("nmi");
        new MsiWindow(rig.bus, 0xfee0_0000L).write(0x1000, 4, 0x52);
        assertThat(rig.apics[1].acknowledge()).isEqualTo(0x52);
    }
}
