package org.lodgevm.devices.chipset.keyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.devices.chipset.keyboard.KeyboardRig.ACK;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Ps2KeyboardTest {
    private static final int RESEND = 0xfe;
    private static final int A = 0x1c;

    private final KeyboardRig rig = new KeyboardRig();

    @BeforeEach
    void connect() {
        rig.commandByte(0);
    }

    @Test
    void resetAnswersWithThePassedTest() {
        assertThat(rig.keyboard(0xff)).containsExactly(ACK, 0xaa);
    }

    @Test
    void itIsAnEnhancedKeyboard() {
        assertThat(rig.keyboard(0xf2)).containsExactly(ACK, 0xab, 0x83);
        assertThat(rig.keyboard(0xee)).containsExactly(0xee);
    }

    @Test
    void indicatorsAndTypematicRateAreAcknowledgedTwice() {
        assertThat(rig.keyboard(0xed, 7)).containsExactly(ACK, ACK);
        assertThat(rig.keyboard(0xf3, 0x20)).containsExactly(ACK, ACK);
    }

    @Test
    void aCommandInPlaceOfAnArgumentIsExecuted() {
        assertThat(rig.keyboard(0xed, 0xee)).containsExactly(ACK, 0xee);
        assertThat(rig.keyboard(0x07)).as("the argument came too late").containsExactly(RESEND);
    }

    @Test
    void disabledItTypesNothing() {
        assertThat(rig.keyboard(0xf5)).containsExactly(ACK);
        rig.controller.type(A);
        assertThat(rig.drain()).isEmpty();
        assertThat(rig.keyboard(0xf4)).containsExactly(ACK);
        rig.controller.type(A);
        assertThat(rig.drain()).containsExactly(A);
    }

    @Test
    void scanCodeSetsAreTwoAndOne() {
        assertThat(rig.keyboard(0xf0, 0)).containsExactly(ACK, ACK, 2);
        assertThat(rig.keyboard(0xf0, 1)).containsExactly(ACK, ACK);
        rig.controller.type(0xf0, A);
        assertThat(rig.drain()).containsExactly(0x9e);
        assertThat(rig.keyboard(0xf0, 3)).containsExactly(ACK, RESEND);
        assertThat(rig.keyboard(0xf0, 0)).containsExactly(ACK, ACK, 1);
        assertThat(rig.keyboard(0xf6)).containsExactly(ACK);
        rig.controller.type(0xf0, A);
        assertThat(rig.drain()).containsExactly(0xf0, A);
    }

    @Test
    void anUnreadByteCanBeSentAgain() {
        rig.controller.type(A);
        assertThat(rig.data()).isEqualTo(A);
        assertThat(rig.keyboard(0xfe)).containsExactly(A);
        assertThat(rig.keyboard(0xfe)).containsExactly(A);
    }

    @Test
    void keysOfSet3AreAcknowledgedAllAtOnceButNotOneByOne() {
        assertThat(rig.keyboard(0xf7)).containsExactly(ACK);
        assertThat(rig.keyboard(0xfa)).containsExactly(ACK);
        assertThat(rig.keyboard(0xfb)).containsExactly(RESEND);
        assertThat(rig.keyboard(0x00)).containsExactly(RESEND);
    }

    @Test
    void tooManyKeysAreLostWholeAndTheGuestIsTold() {
        for (int i = 0; i < 20; i++) {
            rig.controller.type(0xf0, A);
        }
        List<Integer> typed = rig.drain();
        assertThat(typed).hasSize(17).startsWith(0xf0, A, 0xf0, A);
        assertThat(typed.getLast()).as("overrun").isZero();
    }

    @Test
    void answersFindRoomBesideKeys() {
        for (int i = 0; i < 20; i++) {
            rig.controller.type(A);
        }
        assertThat(rig.keyboard(0xf2)).endsWith(ACK, 0xab, 0x83);
    }

    @Test
    void aGuestThatOnlyAsksFillsNothing() {
        for (int i = 0; i < 100; i++) {
            rig.data(0xf2);
        }
        assertThat(rig.drain()).hasSizeLessThan(40).endsWith(ACK, 0xab, 0x83);
    }
}
