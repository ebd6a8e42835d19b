package org.lodgevm.devices.chipset.pic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.machine.IoRegion;

class PicTest {
    private final Wire intr = new Wire();
    private final Pic pic = new Pic(intr);
    private final IoRegion master = pic.ports(false);
    private final IoRegion slave = pic.ports(true);

    @BeforeEach
    void initialize() {
        pic.reset();
        initialize(0x01);
        master.write(1, 1, 0);
        slave.write(1, 1, 0);
    }

    private void initialize(int icw4) {
        for (IoRegion chip : new IoRegion[] {master, slave}) {
            chip.write(0, 1, 0x11);
            chip.write(1, 1, chip == master ? 0x20 : 0x28);
            chip.write(1, 1, chip == master ? 4 : 2);
            chip.write(1, 1, icw4);
        }
    }

    private long isr(IoRegion chip) {
        chip.write(0, 1, 0x0b);
        return chip.read(0, 1);
    }

    private long irr(IoRegion chip) {
        chip.write(0, 1, 0x0a);
        return chip.read(0, 1);
    }

    @Test
    void anEdgeRaisesIntrAndIsAcknowledgedWithItsVector() {
        pic.input(1).set(true);
        assertThat(intr.asserted()).isTrue();
        assertThat(irr(master)).isEqualTo(2);
        assertThat(pic.acknowledge()).isEqualTo(0x21);
        assertThat(intr.asserted()).isFalse();
        assertThat(isr(master)).isEqualTo(2);
        assertThat(irr(master)).isZero();
    }

    @Test
    void aSlaveInterruptPassesThroughTheCascade() {
        pic.input(12).pulse();
        assertThat(pic.acknowledge()).isEqualTo(0x2c);
        assertThat(isr(master)).isEqualTo(1 << 2);
        assertThat(isr(slave)).isEqualTo(1 << 4);
    }

    @Test
    void aHigherPriorityInterruptsALowerOneButNotTheReverse() {
        pic.input(4).pulse();
        pic.acknowledge();
        pic.input(6).pulse();
        assertThat(intr.asserted()).isFalse();
        pic.input(3).pulse();
        assertThat(intr.asserted()).isTrue();
        assertThat(pic.acknowledge()).isEqualTo(0x23);
    }

    @Test
    void nonSpecificEoiEndsTheHighestInService() {
        pic.input(4).pulse();
        pic.acknowledge();
        pic.input(3).pulse();
        pic.acknowledge();
        master.write(0, 1, 0x20);
        assertThat(isr(master)).isEqualTo(1 << 4);
    }

    @Test
    void specificEoiEndsTheNamedOne() {
        pic.input(4).pulse();
        pic.acknowledge();
        pic.input(3).pulse();
        pic.acknowledge();
        master.write(0, 1, 0x64);
        assertThat(isr(master)).isEqualTo(1 << 3);
    }

    @Test
    void aMaskedRequestWaitsUntilItIsUnmasked() {
        master.write(1, 1, 0x02);
        pic.input(1).pulse();
        assertThat(intr.asserted()).isFalse();
        master.write(1, 1, 0x00);
        assertThat(intr.asserted()).isTrue();
    }

    @Test
    void acknowledgingNothingGivesTheSpuriousVectorAndNoInServiceBit() {
        assertThat(pic.acknowledge()).isEqualTo(0x27);
        assertThat(isr(master)).isZero();
    }

    @Test
    void aLevelTriggeredRequestGoesAwayWithItsWire() {
        pic.edgeLevelControl().write(1, 1, 1 << 2);
        pic.input(10).set(true);
        assertThat(intr.asserted()).isTrue();
        pic.input(10).set(false);
        assertThat(intr.asserted()).isFalse();
        assertThat(pic.acknowledge()).isEqualTo(0x27);
    }

    @Test
    void aLevelTriggeredWireThatStaysInterruptsAgainAfterEoi() {
        pic.edgeLevelControl().write(1, 1, 1 << 2);
        pic.input(10).set(true);
        assertThat(pic.acknowledge()).isEqualTo(0x2a);
        assertThat(intr.asserted()).isFalse();
        slave.write(0, 1, 0x20);
        master.write(0, 1, 0x20);
        assertThat(pic.acknowledge()).isEqualTo(0x2a);
    }

    @Test
    void elcrKeepsTheTimerKeyboardCascadeRtcAndFpuEdgeTriggered() {
        IoRegion elcr = pic.edgeLevelControl();
        elcr.write(0, 2, 0xffff);
        assertThat(elcr.read(0, 2)).isEqualTo(0xdef8);
    }

    @Test
    void autoEoiLeavesNothingInService() {
        initialize(0x03);
        pic.input(5).pulse();
        assertThat(pic.acknowledge()).isEqualTo(0x25);
        assertThat(isr(master)).isZero();
        pic.input(6).pulse();
        assertThat(pic.acknowledge()).isEqualTo(0x26);
    }

    @Test
    void rotationOnEoiMakesTheServedOneLowest() {
        pic.input(0).pulse();
        pic.acknowledge();
        master.write(0, 1, 0xa0);
        pic.input(0).pulse();
        pic.input(7).pulse();
        assertThat(pic.acknowledge()).isEqualTo(0x27);
    }

    @Test
    void rotationOnAutoEoiMakesTheServedOneLowest() {
        initialize(0x03);
        master.write(0, 1, 0x80);
        pic.input(3).pulse();
        pic.acknowledge();
        pic.input(3).pulse();
        pic.input(4).pulse();
        assertThat(pic.acknowledge()).isEqualTo(0x24);
        master.write(0, 1, 0x00);
        assertThat(pic.acknowledge()).isEqualTo(0x23);
    }

    @Test
    void setPriorityNamesTheLowestInput() {
        master.write(0, 1, 0xc0 | 4);
        pic.input(1).pulse();
        pic.input(5).pulse();
        assertThat(pic.acknowledge()).isEqualTo(0x25);
    }

    @Test
    void specialMaskModeLetsLowerPrioritiesThrough() {
        pic.input(3).pulse();
        pic.acknowledge();
        pic.input(5).pulse();
        assertThat(intr.asserted()).isFalse();
        master.write(1, 1, 1 << 3);
        master.write(0, 1, 0x68);
        assertThat(pic.acknowledge()).isEqualTo(0x25);
        master.write(0, 1, 0x20);
        assertThat(isr(master)).as("what is masked is not ended").isEqualTo(1 << 3);
    }

    @Test
    void specialFullyNestedModeLetsTheSlaveInterruptItself() {
        initialize(0x01);
        pic.input(12).pulse();
        pic.acknowledge();
        pic.input(8).pulse();
        assertThat(intr.asserted()).isFalse();
        initialize(0x11);
        pic.input(12).pulse();
        pic.acknowledge();
        pic.input(8).pulse();
        assertThat(pic.acknowledge()).isEqualTo(0x28);
    }

    @Test
    void pollAcknowledgesWithoutTheCpu() {
        pic.input(6).pulse();
        master.write(0, 1, 0x0c);
        assertThat(master.read(0, 1)).isEqualTo(0x86);
        assertThat(isr(master)).isEqualTo(1 << 6);
        assertThat(intr.asserted()).isFalse();
        slave.write(0, 1, 0x0c);
        assertThat(slave.read(0, 1)).isZero();
    }

    @Test
    void twoRequestsGiveTwoEdgesOfIntr() {
        pic.input(3).pulse();
        pic.input(1).pulse();
        int before = intr.edges();
        pic.acknowledge();
        master.write(0, 1, 0x20);
        assertThat(intr.edges()).isEqualTo(before + 1);
        assertThat(pic.acknowledge()).isEqualTo(0x23);
    }

    @Test
    void icw1ClearsMaskAndForgetsEdges() {
        master.write(1, 1, 0xff);
        pic.input(3).pulse();
        initialize(0x01);
        assertThat(master.read(1, 1)).isZero();
        assertThat(irr(master)).isZero();
        assertThat(intr.asserted()).isFalse();
    }

    @Test
    void withoutIcw4InitializationEndsAfterIcw3() {
        master.write(0, 1, 0x10);
        master.write(1, 1, 0x40);
        master.write(1, 1, 4);
        master.write(1, 1, 0xfe);
        assertThat(master.read(1, 1)).isEqualTo(0xfe);
        pic.input(0).pulse();
        assertThat(pic.acknowledge()).isEqualTo(0x40);
    }
}
