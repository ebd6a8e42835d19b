package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lodgevm.x86.isa.CodeSize;

class ResetTest {
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
