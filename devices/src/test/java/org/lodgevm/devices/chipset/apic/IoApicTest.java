package org.lodgevm.devices.chipset.apic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.devices.chipset.apic.ApicRig.*;

import org.junit.jupiter.api.Test;

class IoApicTest {
    private static final int LEVEL = 1 << 15;
    private static final int REMOTE_IRR = 1 << 14;

    private final ApicRig rig = new ApicRig(2);

    private int entry(int pin) {
        return rig.ioApicRead(0x10 + 2 * pin);
    }

    @Test
    void resetMasksEveryPin() {
        assertThat(rig.ioApicRead(1)).isEqualTo(0x0017_0020);
        for (int pin = 0; pin < IoApic.PINS; pin++) {
            assertThat(entry(pin)).isEqualTo(MASKED);
        }
    }

    @Test
    void anEdgeIsDeliveredOncePerRise() {
        rig.redirect(4, 0x34, 1);
        rig.ioApic.pin(4).set(true);
        rig.ioApic.pin(4).set(true);
        assertThat(rig.serve(1)).isEqualTo(0x34);
        assertThat(rig.serve(1)).isEqualTo(-1);
        rig.ioApic.pin(4).set(false);
        rig.ioApic.pin(4).set(true);
        assertThat(rig.serve(1)).isEqualTo(0x34);
    }

    @Test
    void anEdgeAtAMaskedPinIsLost() {
        rig.redirect(4, 0x34 | MASKED, 1);
        rig.ioApic.pin(4).set(true);
        rig.redirect(4, 0x34, 1);
        assertThat(rig.serve(1)).isEqualTo(-1);
    }

    @Test
    void aLevelIsDeliveredAgainAfterEveryEoiWhileAsserted() {
        rig.redirect(17, 0x91 | LEVEL, 0);
        rig.ioApic.pin(17).set(true);
        assertThat(entry(17) & REMOTE_IRR).isNotZero();
        assertThat(rig.apics[0].acknowledge()).isEqualTo(0x91);
        assertThat(rig.read(0, TMR + 0x40)).isEqualTo(1 << 17);
        assertThat(rig.apics[0].pending()).isFalse();
        rig.write(0, EOI, 0);
        assertThat(rig.apics[0].acknowledge()).isEqualTo(0x91);
        rig.ioApic.pin(17).set(false);
        rig.write(0, EOI, 0);
        assertThat(rig.apics[0].pending()).isFalse();
        assertThat(entry(17) & REMOTE_IRR).isZero();
    }

    @Test
    void aLevelAtAMaskedPinWaitsForTheUnmask() {
        rig.redirect(17, 0x91 | LEVEL | MASKED, 0);
        rig.ioApic.pin(17).set(true);
        assertThat(rig.apics[0].pending()).isFalse();
        rig.redirect(17, 0x91 | LEVEL, 0);
        assertThat(rig.serve(0)).isEqualTo(0x91);
    }

    @Test
    void aSuppressedBroadcastNeedsTheEoiRegister() {
        rig.write(0, SVR, 0x11ff);
        rig.redirect(17, 0x91 | LEVEL, 0);
        rig.ioApic.pin(17).set(true);
        assertThat(rig.serve(0)).isEqualTo(0x91);
        assertThat(rig.apics[0].pending()).isFalse();
        rig.ioApic.write(0x40, 4, 0x91);
        assertThat(rig.serve(0)).isEqualTo(0x91);
    }

    @Test
    void turningAPinToEdgeClearsItsRemoteIrr() {
        rig.redirect(17, 0x91 | LEVEL, 0);
        rig.ioApic.pin(17).set(true);
        rig.redirect(17, 0x91, 0);
        assertThat(entry(17) & REMOTE_IRR).isZero();
    }

    @Test
    void statusBitsCannotBeWritten() {
        rig.redirect(3, MASKED | REMOTE_IRR | LEVEL | 1 << 12, 0);
        assertThat(entry(3)).isEqualTo(MASKED | LEVEL);
    }

    @Test
    void twoPinsMayShareAVector() {
        rig.redirect(16, 0x91 | LEVEL, 0);
        rig.redirect(17, 0x91 | LEVEL, 0);
        rig.ioApic.pin(16).set(true);
        rig.ioApic.pin(17).set(true);
        rig.ioApic.pin(16).set(false);
        assertThat(rig.serve(0)).isEqualTo(0x91);
        rig.ioApic.pin(17).set(false);
        assertThat(rig.serve(0)).isEqualTo(0x91);
        assertThat(rig.serve(0)).isEqualTo(-1);
    }

    @Test
    void aLevelThatNobodyAcceptsIsNotMarkedAsAccepted() {
        rig.redirect(17, 0x91 | LEVEL, 7);
        rig.ioApic.pin(17).set(true);
        assertThat(entry(17) & REMOTE_IRR).isZero();
        rig.redirect(17, 0x91 | LEVEL, 1);
        assertThat(rig.serve(1)).isEqualTo(0x91);
    }

    @Test
    void extIntAtAPinRunsTheAcknowledgeCycleOnce() {
        rig.redirect(0, 0x700, 0);
        rig.ioApic.pin(0).set(true);
        assertThat(rig.apics[0].acknowledge()).isEqualTo(PIC_VECTOR);
        assertThat(rig.apics[0].pending()).isFalse();
    }

    @Test
    void theIdIsFourBitsAndAbsentRegistersReadZero() {
        rig.ioApicWrite(0, -1);
        assertThat(rig.ioApicRead(0)).isEqualTo(0x0f00_0000);
        assertThat(rig.ioApicRead(0x40)).isZero();
        rig.ioApicWrite(0x40, -1);
        assertThat(rig.ioApic.read(0x20, 4)).isZero();
    }
}
