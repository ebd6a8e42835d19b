package org.lodgevm.devices.chipset.apic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lodgevm.devices.chipset.apic.ApicRig.*;

import org.junit.jupiter.api.Test;
import org.lodgevm.machine.MsrFault;

class LocalApicTest {
    private final ApicRig rig = new ApicRig(2);
    private final LocalApic apic = rig.apics[0];

    private void fixed(int vector) {
        rig.ipi(0, 0, vector);
    }

    @Test
    void afterResetItIsSoftwareDisabledWithEveryEntryMasked() {
        apic.reset(false);
        assertThat(rig.read(0, SVR)).isEqualTo(0xff);
        assertThat(rig.read(0, DFR)).isEqualTo(-1);
        for (int offset : new int[] {0x2f0, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370}) {
            assertThat(rig.read(0, offset)).isEqualTo(MASKED);
        }
        assertThat(rig.read(0, 0x30)).isEqualTo(0x0106_0014);
        assertThat(apic.readMsr(APIC_BASE_MSR)).isEqualTo(0xfee0_0900L);
        assertThat(rig.apics[1].readMsr(APIC_BASE_MSR)).isEqualTo(0xfee0_0800L);
    }

    @Test
    void aFixedInterruptGoesFromRequestedToInServiceToEnded() {
        fixed(0x45);
        assertThat(apic.pending()).isTrue();
        assertThat(rig.read(0, IRR + 0x20)).isEqualTo(1 << 5);
        assertThat(apic.acknowledge()).isEqualTo(0x45);
        assertThat(apic.pending()).isFalse();
        assertThat(rig.read(0, ISR + 0x20)).isEqualTo(1 << 5);
        assertThat(rig.read(0, PPR)).isEqualTo(0x40);
        rig.write(0, EOI, 0);
        assertThat(rig.read(0, ISR + 0x20)).isZero();
    }

    @Test
    void aHigherClassInterruptsTheOneInServiceAndTheSameClassWaits() {
        fixed(0x45);
        apic.acknowledge();
        fixed(0x4f);
        assertThat(apic.pending()).isFalse();
        fixed(0x51);
        assertThat(apic.acknowledge()).isEqualTo(0x51);
        rig.write(0, EOI, 0);
        assertThat(apic.acknowledge()).isEqualTo(-1);
        rig.write(0, EOI, 0);
        assertThat(apic.acknowledge()).isEqualTo(0x4f);
    }

    @Test
    void taskPriorityHoldsBackItsClassAndLower() {
        apic.taskPriority(4);
        assertThat(rig.read(0, TPR)).isEqualTo(0x40);
        fixed(0x4f);
        assertThat(apic.pending()).isFalse();
        int signalled = rig.cpus[0].interrupts;
        rig.write(0, TPR, 0x3f);
        assertThat(apic.pending()).isTrue();
        assertThat(rig.cpus[0].interrupts).isGreaterThan(signalled);
        assertThat(apic.taskPriority()).isEqualTo(3);
    }

    @Test
    void processorPriorityShowsTheTaskSubclassOnlyWhenTheTaskDominates() {
        rig.write(0, TPR, 0x35);
        assertThat(rig.read(0, PPR)).isEqualTo(0x35);
        fixed(0x61);
        apic.acknowledge();
        assertThat(rig.read(0, PPR)).isEqualTo(0x60);
    }

    @Test
    void equalRequestsMerge() {
        fixed(0x45);
        fixed(0x45);
        assertThat(rig.serve(0)).isEqualTo(0x45);
        assertThat(rig.serve(0)).isEqualTo(-1);
    }

    @Test
    void softwareDisableMasksTheTableAndRefusesFixedInterruptsButNotNmi() {
        rig.write(0, LVT_TIMER, 0x40);
        rig.write(0, SVR, 0xff);
        assertThat(rig.read(0, LVT_TIMER)).isEqualTo(0x40 | MASKED);
        rig.write(0, LVT_TIMER, 0x40);
        assertThat(rig.read(0, LVT_TIMER)).isEqualTo(0x40 | MASKED);
        rig.ipi(1, 0, 0x55);
        assertThat(apic.pending()).isFalse();
        rig.ipi(1, 0, 4 << 8);
        assertThat(rig.cpus[0].signals).containsExactly("nmi");
    }

    @Test
    void externalInterruptsComeThroughLint0AndBypassPriority() {
        rig.write(0, LVT_LINT0, 0x700);
        apic.taskPriority(15);
        apic.lint(0).set(true);
        assertThat(apic.pending()).isTrue();
        assertThat(apic.acknowledge()).isEqualTo(PIC_VECTOR);
        assertThat(rig.read(0, ISR + 0x10)).as("an ExtINT needs no EOI here").isZero();
        apic.lint(0).set(false);
        assertThat(apic.pending()).isFalse();
    }

    @Test
    void aMaskedLint0HoldsTheLevelUntilItIsUnmasked() {
        rig.write(0, LVT_LINT0, 0x700 | MASKED);
        apic.lint(0).set(true);
        assertThat(apic.pending()).isFalse();
        rig.write(0, LVT_LINT0, 0x700);
        assertThat(apic.pending()).isTrue();
    }

    @Test
    void aLevelTriggeredFixedLint0RepeatsUntilTheWireFalls() {
        rig.write(0, LVT_LINT0, 0x8050);
        apic.lint(0).set(true);
        assertThat(rig.read(0, LVT_LINT0) & 1 << 14).isNotZero();
        assertThat(rig.serve(0)).isEqualTo(0x50);
        assertThat(apic.acknowledge()).isEqualTo(0x50);
        apic.lint(0).set(false);
        rig.write(0, EOI, 0);
        assertThat(apic.pending()).isFalse();
        assertThat(rig.read(0, LVT_LINT0) & 1 << 14).isZero();
    }

    @Test
    void lint1DeliversAnNmiPerEdge() {
        rig.write(0, LVT_LINT1, 0x400);
        apic.lint(1).set(true);
        apic.lint(1).set(true);
        apic.lint(1).set(false);
        apic.lint(1).set(true);
        assertThat(rig.cpus[0].signals).containsExactly("nmi", "nmi");
    }

    @Test
    void aHardwareDisabledApicPassesIntrAndNmiThrough() {
        apic.writeMsr(APIC_BASE_MSR, 0xfee0_0100L);
        assertThat(rig.isPageAt(0, LocalApic.DEFAULT_BASE)).isFalse();
        apic.lint(0).set(true);
        assertThat(apic.acknowledge()).isEqualTo(PIC_VECTOR);
        apic.lint(1).pulse();
        assertThat(rig.cpus[0].signals).containsExactly("nmi");
        rig.ipi(1, 0, 4 << 8);
        assertThat(rig.cpus[0].signals).as("off the bus").hasSize(1);
    }

    @Test
    void illegalVectorsAreErrorsAndRaiseTheErrorInterruptOnce() {
        rig.write(0, LVT_ERROR, 0xe1);
        fixed(0x0f);
        fixed(0x0e);
        assertThat(rig.read(0, ESR)).as("not latched yet").isZero();
        rig.write(0, ESR, 0);
        assertThat(rig.read(0, ESR)).isEqualTo(1 << 5);
        assertThat(rig.serve(0)).isEqualTo(0xe1);
        assertThat(rig.serve(0)).isEqualTo(-1);
        rig.bus.msi(0xfee0_0000L, 3);
        rig.write(0, ESR, 0);
        assertThat(rig.read(0, ESR)).isEqualTo(1 << 6);
        rig.read(0, 0x3d0);
        rig.write(0, ESR, 0);
        assertThat(rig.read(0, ESR)).isEqualTo(1 << 7);
        rig.write(0, ESR, 0);
        assertThat(rig.read(0, ESR)).isZero();
    }

    @Test
    void onlyAlignedDwordWritesReachARegister() {
        apic.write(TPR, 1, 0x50);
        apic.write(TPR + 4, 4, 0x50);
        apic.write(TPR, 8, 0x50);
        assertThat(rig.read(0, TPR)).isZero();
        rig.write(0, TPR, 0x1ff);
        assertThat(rig.read(0, TPR)).isEqualTo(0xff);
        assertThat(apic.read(TPR, 2)).isEqualTo(0xff);
        assertThat(apic.read(TPR + 4, 4)).isZero();
    }

    @Test
    void theApicBaseMovesAndRefusesReservedBits() {
        apic.writeMsr(APIC_BASE_MSR, 0x1234_5000L | 0x900);
        assertThat(rig.isPageAt(0, 0x1234_5000L)).isTrue();
        assertThat(rig.isPageAt(0, LocalApic.DEFAULT_BASE)).isFalse();
        assertThat(rig.isPageAt(1, LocalApic.DEFAULT_BASE)).isTrue();
        for (long bad : new long[] {1L << 40, 1, 1 << 7, 1 << 9}) {
            assertThatThrownBy(() -> apic.writeMsr(APIC_BASE_MSR, 0xfee0_0900L | bad)).isSameAs(MsrFault.INSTANCE);
        }
        apic.reset(true);
        assertThat(apic.readMsr(APIC_BASE_MSR)).as("INIT keeps the base").isEqualTo(0x1234_5900L);
        apic.reset(false);
        assertThat(rig.isPageAt(0, LocalApic.DEFAULT_BASE)).isTrue();
    }

    @Test
    void pendingStaysFalseWhileNothingIsRequested() {
        rig.cpus[0].interrupts = 0;
        rig.write(0, TPR, 0);
        rig.write(0, LVT_TIMER, 0x40);
        assertThat(rig.cpus[0].interrupts).isZero();
    }
}
