package org.lodgevm.devices.chipset.keyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.devices.chipset.keyboard.KeyboardRig.ACK;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Ps2MouseTest {
    private static final int ENABLE = 0xf4;
    private static final int SET_RATE = 0xf3;
    private static final int READ_TYPE = 0xf2;
    private static final int[] WHEEL = {SET_RATE, 200, SET_RATE, 100, SET_RATE, 80};
    private static final int[] FIVE_BUTTONS = {SET_RATE, 200, SET_RATE, 200, SET_RATE, 80};

    private final KeyboardRig rig = new KeyboardRig();

    @BeforeEach
    void connect() {
        rig.commandByte(0x02);
    }

    @Test
    void resetAnswersWithThePassedTestAndTheType() {
        assertThat(rig.mouse(0xff)).containsExactly(ACK, 0xaa, 0);
        assertThat(rig.mouse(READ_TYPE)).containsExactly(ACK, 0);
    }

    @Test
    void movementIsReportedWhenEnabledAndInterrupts() {
        rig.controller.moveMouse(1, 1, 0, 0);
        assertThat(rig.drain()).isEmpty();
        assertThat(rig.mouse(ENABLE)).containsExactly(ACK);
        int before = rig.mouseIrq.edges();
        rig.controller.moveMouse(5, -3, 0, 1);
        assertThat(rig.drain()).containsExactly(0x29, 5, 0xfd);
        assertThat(rig.mouseIrq.edges() - before).isEqualTo(3);
        assertThat(rig.keyboardIrq.edges()).isZero();
    }

    @Test
    void movementAddsUpWhileTheGuestIsSlow() {
        rig.mouse(ENABLE);
        rig.controller.moveMouse(1, 0, 0, 0);
        rig.controller.moveMouse(200, 0, 0, 0);
        rig.controller.moveMouse(100, -10, 0, 2);
        assertThat(rig.drain()).containsExactly(0x08, 1, 0, 0x2a, 255, 0xf6, 0x0a, 45, 0);
    }

    @Test
    void theStatusShowsModesButtonsResolutionAndRate() {
        assertThat(rig.mouse(0xe9)).containsExactly(ACK, 0, 2, 100);
        rig.mouse(0xe7, 0xe8, 3, SET_RATE, 40, ENABLE);
        rig.controller.moveMouse(0, 0, 0, 1);
        rig.drain();
        assertThat(rig.mouse(0xe9)).containsExactly(ACK, 0x34, 3, 40);
        rig.controller.moveMouse(0, 0, 0, 2 | 4);
        rig.drain();
        assertThat(rig.mouse(0xf0)).containsExactly(ACK);
        assertThat(rig.mouse(0xe9)).containsExactly(ACK, 0x73, 3, 40);
        assertThat(rig.mouse(0xf6)).containsExactly(ACK);
        assertThat(rig.mouse(0xe9)).containsExactly(ACK, 3, 2, 100);
    }

    @Test
    void inRemoteModeItReportsWhenAsked() {
        rig.mouse(ENABLE, 0xf0);
        rig.controller.moveMouse(7, 0, 0, 0);
        assertThat(rig.drain()).isEmpty();
        assertThat(rig.mouse(0xeb)).containsExactly(ACK, 0x08, 7, 0);
        assertThat(rig.mouse(0xeb)).containsExactly(ACK, 0x08, 0, 0);
        rig.mouse(0xea);
        rig.controller.moveMouse(1, 0, 0, 0);
        assertThat(rig.drain()).containsExactly(0x08, 1, 0);
    }

    @Test
    void inWrapModeItEchoes() {
        assertThat(rig.mouse(0xee)).containsExactly(ACK);
        assertThat(rig.mouse(0x12, 0xf4)).containsExactly(0x12, 0xf4);
        assertThat(rig.mouse(0xec)).containsExactly(ACK);
        assertThat(rig.mouse(READ_TYPE)).containsExactly(ACK, 0);
    }

    @Test
    void threeRatesTurnOnTheWheel() {
        rig.mouse(WHEEL);
        assertThat(rig.mouse(READ_TYPE)).containsExactly(ACK, 3);
        rig.mouse(ENABLE);
        rig.controller.moveMouse(0, 0, -2, 0);
        assertThat(rig.drain()).containsExactly(0x08, 0, 0, 0xfe);
        assertThat(rig.mouse(0xff)).as("reset turns it off").containsExactly(ACK, 0xaa, 0);
        assertThat(rig.mouse(READ_TYPE)).containsExactly(ACK, 0);
    }

    @Test
    void otherRatesTurnOnTwoMoreButtons() {
        rig.mouse(WHEEL);
        rig.mouse(FIVE_BUTTONS);
        assertThat(rig.mouse(READ_TYPE)).containsExactly(ACK, 4);
        rig.mouse(ENABLE);
        rig.controller.moveMouse(0, 0, -1, 1 | 8);
        assertThat(rig.drain()).containsExactly(0x09, 0, 0, 0x1f);
        rig.controller.moveMouse(0, 0, 0, 16);
        assertThat(rig.drain()).containsExactly(0x08, 0, 0, 0x20);
    }

    @Test
    void aTurnedWheelGoesOnInFurtherPackets() {
        rig.mouse(WHEEL);
        rig.mouse(ENABLE);
        rig.controller.moveMouse(0, 0, 10, 0);
        assertThat(rig.drain()).containsExactly(0x08, 0, 0, 7, 0x08, 0, 0, 3);
    }

    @Test
    void doubledScalingIsExactForSlowMovement() {
        rig.mouse(0xe7, ENABLE);
        int[] expected = {1, 1, 3, 6, 9, 12, 14};
        for (int i = 0; i < expected.length; i++) {
            rig.controller.moveMouse(i + 1, -(i + 1), 0, 0);
            assertThat(rig.drain()).containsExactly(0x28, expected[i], -expected[i] & 0xff);
        }
    }

    @Test
    void aCommandDropsPacketsThatWait() {
        rig.mouse(ENABLE);
        rig.controller.moveMouse(1, 1, 0, 0);
        rig.toMouse(0xf5);
        assertThat(rig.drain()).as("the first byte was in the controller already").containsExactly(0x08, ACK);
    }

    @Test
    void unknownCommandsAndArgumentsAreRefused() {
        assertThat(rig.mouse(0x00)).containsExactly(0xfe);
        assertThat(rig.mouse(0xe8, 4)).containsExactly(ACK, 0xfe);
        assertThat(rig.mouse(0xe9)).containsExactly(ACK, 0, 2, 100);
        assertThat(rig.mouse(0xfe)).as("the byte before, again").containsExactly(100);
    }
}
