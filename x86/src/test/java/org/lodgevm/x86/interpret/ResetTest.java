package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lodgevm.x86.isa.CodeSize;

class ResetTest {
    @Test
    void powerUpClearsYmmRegistersAndInitLeavesThem() {
        try (CpuRig rig = new CpuRig(CodeSize.BITS_64)) {
            rig.high(3, 1, 2);
            Reset.init(rig.c);
            assertThat(rig.high(3, 1)).isEqualTo(2);
            assertThat(rig.c.xcr0).isEqualTo(7);
            Reset.powerUp(rig.c);
            assertThat(rig.high(3, 1)).isZero();
            assertThat(rig.c.xcr0).isEqualTo(1);
        }
    }

    @Test
    void whatOthersSentBeforePowerUpIsLost() {
        try (CpuRig rig = new CpuRig(CodeSize.BITS_32)) {
            int sent = Attention.INIT | Attention.STARTUP | Attention.NMI | Attention.INTERRUPT;
            rig.c.ask(sent);
            Reset.powerUp(rig.c);
            assertThat(rig.c.attention() & sent).isZero();
        }
    }
}
