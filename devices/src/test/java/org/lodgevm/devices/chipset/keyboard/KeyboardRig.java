package org.lodgevm.devices.chipset.keyboard;

import java.util.ArrayList;
import java.util.List;
import org.lodgevm.devices.chipset.RecordingPower;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.machine.IoRegion;

/** A controller with its wires, and a driver's side of it. */
final class KeyboardRig {
    static final int OUTPUT_FULL = 1;
    static final int OUTPUT_IS_MOUSE = 0x20;
    static final int ACK = 0xfa;

    final Wire keyboardIrq = new Wire();
    final Wire mouseIrq = new Wire();
    final Wire a20 = new Wire();
    final RecordingPower power = new RecordingPower();
    final I8042 controller = new I8042(keyboardIrq, mouseIrq, a20, power);
    private final IoRegion data = controller.dataPort();
    private final IoRegion command = controller.commandPort();

    int status() {
        return (int) command.read(0, 1);
    }

    int data() {
        return (int) data.read(0, 1);
    }

    void data(int value) {
        data.write(0, 1, value);
    }

    void command(int value) {
        command.write(0, 1, value);
    }

    void command(int value, int argument) {
        command(value);
        data(argument);
    }

    /** A command that answers. */
    int ask(int value) {
        command(value);
        return data();
    }

    void commandByte(int value) {
        command(0x60, value);
    }

    void toMouse(int... bytes) {
        for (int each : bytes) {
            command(0xd4, each);
        }
    }

    /** Everything that waits. */
    List<Integer> drain() {
        List<Integer> bytes = new ArrayList<>();
        while ((status() & OUTPUT_FULL) != 0) {
            bytes.add(data());
        }
        return bytes;
    }

    /** Sends to the keyboard and takes what it answers. */
    List<Integer> keyboard(int... bytes) {
        for (int each : bytes) {
            data(each);
        }
        return drain();
    }

    List<Integer> mouse(int... bytes) {
        toMouse(bytes);
        return drain();
    }
}
