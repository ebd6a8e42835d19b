package org.lodgevm.devices.chipset.keyboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lodgevm.devices.chipset.keyboard.KeyboardRig.OUTPUT_FULL;
import static org.lodgevm.devices.chipset.keyboard.KeyboardRig.OUTPUT_IS_MOUSE;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.RecordingPower;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.machine.IoRegion;

class I8042Test {
    private static final int KEYBOARD_INTERRUPT = 1;
    private static final int MOUSE_INTERRUPT = 2;
    private static final int KEYBOARD_DISABLED = 0x10;
    private static final int MOUSE_DISABLED = 0x20;
    private static final int TRANSLATE = 0x40;
    private static final int A = 0x1c;

    private final KeyboardRig rig = new KeyboardRig();

    @Test
    void theSelfTestPassesAndSetsTheSystemFlag() {
        assertThat(rig.status()).isEqualTo(0x10);
        assertThat(rig.ask(0xaa)).isEqualTo(0x55);
        assertThat(rig.status()).isEqualTo(0x1c);
        assertThat(rig.ask(0xab)).isZero();
        assertThat(rig.ask(0xa9)).isZero();
    }

    @Test
    void statusTellsWhichPortWasWrittenLast() {
        rig.command(0xad);
        assertThat(rig.status() & 8).isNotZero();
        rig.data(0xee);
        assertThat(rig.status() & 8).isZero();
    }

    @Test
    void theCommandByteIsTheFirstByteOfItsMemory() {
        rig.commandByte(0x47);
        assertThat(rig.ask(0x20)).isEqualTo(0x47);
        rig.command(0xa7);
        rig.command(0xad);
        assertThat(rig.ask(0x20)).isEqualTo(0x77);
        rig.command(0xa8);
        rig.command(0xae);
        assertThat(rig.ask(0x20)).isEqualTo(0x47);
        rig.command(0x7f, 0x99);
        assertThat(rig.ask(0x3f)).isEqualTo(0x99);
        assertThat(rig.ask(0x3e)).isZero();
    }

    @Test
    void aKeyInterruptsOnceForEachByte() {
        rig.commandByte(KEYBOARD_INTERRUPT);
        rig.controller.type(0xf0, A);
        assertThat(rig.keyboardIrq.asserted()).isTrue();
        assertThat(rig.status() & (OUTPUT_FULL | OUTPUT_IS_MOUSE)).isEqualTo(OUTPUT_FULL);
        assertThat(rig.data()).isEqualTo(0xf0);
        assertThat(rig.keyboardIrq.edges()).isEqualTo(2);
        assertThat(rig.data()).isEqualTo(A);
        assertThat(rig.keyboardIrq.asserted()).isFalse();
        assertThat(rig.data()).as("the last byte stays").isEqualTo(A);
        assertThat(rig.mouseIrq.edges()).isZero();
    }

    @Test
    void withoutItsInterruptAByteStillArrives() {
        rig.commandByte(0);
        rig.controller.type(A);
        assertThat(rig.keyboardIrq.edges()).isZero();
        assertThat(rig.status() & OUTPUT_FULL).isNotZero();
        rig.commandByte(KEYBOARD_INTERRUPT);
        assertThat(rig.keyboardIrq.asserted()).as("the buffer is still full").isTrue();
    }

    @Test
    void aDisabledKeyboardKeepsItsBytes() {
        rig.commandByte(KEYBOARD_DISABLED);
        rig.controller.type(A);
        assertThat(rig.status() & OUTPUT_FULL).isZero();
        rig.command(0xae);
        assertThat(rig.data()).isEqualTo(A);
    }

    @Test
    void sendingToTheKeyboardOrMouseEnablesIt() {
        rig.commandByte(KEYBOARD_DISABLED | MOUSE_DISABLED);
        assertThat(rig.keyboard(0xee)).containsExactly(0xee);
        assertThat(rig.mouse(0xe6)).containsExactly(0xfa);
        assertThat(rig.ask(0x20)).isZero();
    }

    @Test
    void translationMakesOneByteOfARelease() {
        rig.commandByte(TRANSLATE);
        rig.controller.type(A);
        rig.controller.type(0xf0, A);
        rig.controller.type(0xe0, 0xf0, 0x75);
        assertThat(rig.drain()).containsExactly(0x1e, 0x9e, 0xe0, 0xc8);
        assertThat(rig.keyboard(0xf2)).as("answers, too").containsExactly(0xfa, 0xab, 0x41);
    }

    @Test
    void theControllersAnswerComesBeforeKeysThatWait() {
        rig.commandByte(0);
        rig.controller.type(A, 0x32);
        rig.command(0x20);
        assertThat(rig.drain()).as("after what was in the buffer already").containsExactly(A, 0, 0x32);
    }

    @Test
    void outputBuffersCanBeWrittenAsIfByADevice() {
        rig.commandByte(KEYBOARD_INTERRUPT | MOUSE_INTERRUPT);
        rig.command(0xd2, 0xa5);
        assertThat(rig.keyboardIrq.asserted()).isTrue();
        assertThat(rig.data()).isEqualTo(0xa5);
        rig.command(0xd3, 0x5a);
        assertThat(rig.mouseIrq.asserted()).isTrue();
        assertThat(rig.status() & OUTPUT_IS_MOUSE).isNotZero();
        assertThat(rig.data()).as("no multiplexer changes it").isEqualTo(0x5a);
        assertThat(rig.mouseIrq.asserted()).isFalse();
    }

    @Test
    void theOutputPortGatesAddressLine20() {
        assertThat(rig.a20.asserted()).isTrue();
        assertThat(rig.ask(0xd0) & 0x33).isEqualTo(0x03);
        rig.command(0xd1, 0xdd);
        assertThat(rig.a20.asserted()).isFalse();
        assertThat(rig.ask(0xd0) & 2).isZero();
        rig.command(0xdf);
        assertThat(rig.a20.asserted()).isTrue();
        rig.command(0xdd);
        assertThat(rig.a20.asserted()).isFalse();
        rig.controller.reset();
        assertThat(rig.a20.asserted()).isTrue();
        assertThat(rig.power.requests()).isEmpty();
    }

    @Test
    void theOutputPortShowsWhoseByteWasInTheBuffer() {
        rig.commandByte(0);
        rig.controller.type(A);
        rig.command(0xd0);
        assertThat(rig.drain().getLast() & 0x30).isEqualTo(0x10);
        rig.toMouse(0xe6);
        rig.command(0xd0);
        assertThat(rig.drain().getLast() & 0x30).isEqualTo(0x20);
        assertThat(rig.ask(0xd0) & 0x30).isZero();
    }

    @Test
    void pulsesOfBit0AndOnlyTheyReset() {
        rig.command(0xff);
        rig.command(0xf1);
        assertThat(rig.power.requests()).isEmpty();
        rig.command(0xfe);
        rig.command(0xf0);
        rig.command(0xd1, 0x02);
        assertThat(rig.power.requests()).hasSize(3).containsOnly("reset by keyboard controller");
    }

    @Test
    void remainingCommandsAnswerAsAPlainPcsController() {
        assertThat(rig.ask(0xa4)).isEqualTo(0xf1);
        assertThat(rig.ask(0xc0)).isEqualTo(0x80);
        assertThat(rig.ask(0xe0)).as("both clocks held low").isZero();
        rig.command(0xae);
        assertThat(rig.ask(0xe0)).isEqualTo(1);
        rig.command(0xb7);
        assertThat(rig.status() & OUTPUT_FULL).as("an unknown command has no answer").isZero();
    }

    @Test
    void firmwareLeavesATranslatingKeyboardThatInterrupts() {
        rig.controller.programLikeFirmware();
        assertThat(rig.ask(0x20)).isEqualTo(0x65);
        rig.controller.type(0x5a);
        assertThat(rig.data()).isEqualTo(0x1c);
    }

    @Test
    void resetForgetsWhatWaited() {
        rig.commandByte(KEYBOARD_INTERRUPT);
        rig.controller.type(A, A);
        rig.command(0x60);
        rig.controller.reset();
        assertThat(rig.keyboardIrq.asserted()).isFalse();
        assertThat(rig.status()).isEqualTo(0x10);
        assertThat(rig.keyboard(0xee)).as("0xee is no argument of the command before").containsExactly(0xee);
    }

    @Test
    void portHex92GatesAddressLine20AndResetsOnARisingBit() {
        Wire a20 = new Wire();
        RecordingPower power = new RecordingPower();
        SystemControlA port = new SystemControlA(a20, power);
        port.write(0, 1, 0xfe);
        assertThat(port.read(0, 1)).isEqualTo(2);
        assertThat(a20.asserted()).isTrue();
        port.write(0, 1, 1);
        port.write(0, 1, 1);
        assertThat(a20.asserted()).isFalse();
        assertThat(power.requests()).containsExactly("reset by port 0x92");
        port.reset();
        assertThat(port.read(0, 1)).isZero();
    }

    @Test
    void noSequenceOfAccessesHarmsTheHost() {
        Random random = new Random(42);
        IoRegion[] ports = {rig.controller.dataPort(), rig.controller.commandPort()};
        for (int i = 0; i < 200_000; i++) {
            IoRegion port = ports[random.nextInt(2)];
            switch (random.nextInt(6)) {
                case 0 -> rig.controller.type(random.nextInt(256), random.nextInt(256));
                case 1 -> rig.controller.moveMouse(random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt());
                case 2 -> assertThat(port.read(0, 1)).isBetween(0L, 255L);
                default -> port.write(0, 1, random.nextInt(256));
            }
        }
        rig.controller.reset();
        assertThat(rig.ask(0xaa)).isEqualTo(0x55);
    }
}
