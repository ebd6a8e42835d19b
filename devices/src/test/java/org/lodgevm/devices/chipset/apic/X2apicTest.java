package org.lodgevm.devices.chipset.apic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lodgevm.devices.chipset.apic.ApicRig.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.MsrFault;

class X2apicTest {
    private static final int MSR_ICR = 0x830;
    private static final int MSR_EOI = 0x80b;

    private final ApicRig rig = new ApicRig(20);
    private final LocalApic apic = rig.apics[0];

    @BeforeEach
    void extend() {
        for (int i = 0; i < rig.apics.length; i++) {
            rig.x2apic(i);
        }
    }

    private void faults(Runnable access) {
        assertThatThrownBy(access::run).isSameAs(MsrFault.INSTANCE);
    }

    @Test
    void thePageDisappearsAndRegistersBecomeMsrs() {
        assertThat(rig.isPageAt(3, LocalApic.DEFAULT_BASE)).isFalse();
        assertThat(rig.apics[3].readMsr(0x802)).isEqualTo(3);
        apic.writeMsr(0x808, 0x20);
        assertThat(apic.taskPriority()).isEqualTo(2);
    }

    @Test
    void onlyLegalTransitionsBetweenModesAreTaken() {
        long base = 0xfee0_0100L;
        long enable = 1 << 11;
        long extend = 1 << 10;
        faults(() -> apic.writeMsr(APIC_BASE_MSR, base | enable));
        faults(() -> apic.writeMsr(APIC_BASE_MSR, base | extend));
        apic.writeMsr(APIC_BASE_MSR, base);
        faults(() -> apic.writeMsr(APIC_BASE_MSR, base | extend));
        faults(() -> apic.writeMsr(APIC_BASE_MSR, base | extend | enable));
        apic.writeMsr(APIC_BASE_MSR, base | enable);
        assertThat(rig.isPageAt(0, 0xfee0_0000L)).isTrue();
        apic.writeMsr(APIC_BASE_MSR, base | extend | enable);
        assertThat(apic.readMsr(0x80f)).as("going through disabled resets").isEqualTo(0xff);
    }

    @Test
    void msrsFaultOutsideX2apicMode() {
        ApicRig xapic = new ApicRig(1);
        faults(() -> xapic.apics[0].readMsr(0x802));
        faults(() -> xapic.apics[0].writeMsr(0x808, 0));
    }

    @Test
    void reservedAndOneWayRegistersFault() {
        for (int reserved : new int[] {0x800, 0x801, 0x804, 0x807, 0x809, 0x80c, 0x80e, 0x829, 0x831, 0x83a, 0x840, 0x8ff}) {
            faults(() -> apic.readMsr(reserved));
            faults(() -> apic.writeMsr(reserved, 0));
        }
        for (int readOnly : new int[] {0x802, 0x803, 0x80a, 0x80d, 0x810, 0x818, 0x820, 0x839}) {
            assertThatCode(() -> apic.readMsr(readOnly)).doesNotThrowAnyException();
            faults(() -> apic.writeMsr(readOnly, 0));
        }
        for (int writeOnly : new int[] {MSR_EOI, 0x83f}) {
            faults(() -> apic.readMsr(writeOnly));
        }
    }

    @Test
    void reservedBitsFault() {
        faults(() -> apic.writeMsr(0x808, 0x100));
        faults(() -> apic.writeMsr(MSR_EOI, 1));
        faults(() -> apic.writeMsr(0x828, 1));
        faults(() -> apic.writeMsr(0x80f, 1 << 13));
        faults(() -> apic.writeMsr(MSR_ICR, 1 << 13));
        faults(() -> apic.writeMsr(MSR_ICR, 1 << 20));
        faults(() -> apic.writeMsr(0x832, 1 << 19));
        faults(() -> apic.writeMsr(0x837, 1 << 8));
        faults(() -> apic.writeMsr(0x83e, 1 << 2));
        faults(() -> apic.writeMsr(0x838, 1L << 32));
    }

    @Test
    void logicalIdsAreClustersOfSixteen() {
        assertThat(rig.apics[3].readMsr(0x80d)).isEqualTo(1 << 3);
        assertThat(rig.apics[18].readMsr(0x80d)).isEqualTo(1 << 16 | 1 << 2);
        apic.writeMsr(MSR_ICR, (1L << 16 | 0b101) << 32 | 1 << 11 | 0x60);
        assertThat(rig.apics[16].pending()).isTrue();
        assertThat(rig.apics[18].pending()).isTrue();
        assertThat(rig.apics[2].pending()).isFalse();
        assertThat(rig.apics[17].pending()).isFalse();
    }

    @Test
    void theWholeDestinationIsInOneWriteAndAllOnesIsEveryone() {
        apic.writeMsr(MSR_ICR, 19L << 32 | 0x61);
        assertThat(rig.apics[19].acknowledge()).isEqualTo(0x61);
        rig.apics[19].writeMsr(MSR_EOI, 0);
        assertThat(apic.readMsr(MSR_ICR)).isEqualTo(19L << 32 | 0x61);
        apic.writeMsr(MSR_ICR, 0xffff_ffffL << 32 | 0x62);
        for (LocalApic each : rig.apics) {
            assertThat(each.acknowledge()).isEqualTo(0x62);
            each.writeMsr(MSR_EOI, 0);
        }
        apic.writeMsr(MSR_ICR, 0xffL << 32 | 0x63);
        assertThat(rig.apics[1].pending()).as("255 is a CPU like any other").isFalse();
    }

    @Test
    void selfIpiInterruptsItself() {
        apic.writeMsr(0x83f, 0x70);
        assertThat(apic.acknowledge()).isEqualTo(0x70);
        apic.writeMsr(MSR_EOI, 0);
        assertThat(apic.readMsr(0x813)).isZero();
    }

    @Test
    void deviceMessagesBroadcastToTheEightBitAllOnes() {
        rig.bus.msi(0xfeef_f000L, 0x64);
        for (LocalApic each : rig.apics) {
            assertThat(each.acknowledge()).isEqualTo(0x64);
        }
    }
}
