package org.lodgevm.devices.chipset.keyboard;

import java.util.Arrays;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;
import org.lodgevm.machine.PowerControl;

/**
 * The keyboard controller at ports 0x60 and 0x64, with a keyboard and a mouse. @ps2 "Keyboard and auxiliary device controller"
 *
 * <p>One output buffer holds the byte that the guest reads next. It is filled, as soon as it is free, with the controller's own
 * answer or else from the keyboard or the mouse; its being full is what interrupts.
 */
public final class I8042 {
    static final class State {
        /** Byte 0 is the command byte. */
        final byte[] ram = new byte[32];

        int outputPort;
        /** The output buffer; the byte stays readable when it has been taken. */
        int output;

        boolean full;
        boolean outputIsMouse;
        /** What the controller itself answers, or {@link #NOTHING}. */
        int answer = NOTHING;

        boolean answerIsMouse;
        /** The command whose data comes next, or {@link #NOTHING}. */
        int command = NOTHING;

        /** The guest wrote to port 0x64 last. */
        boolean commandWritten;

        final ScanCodes.State scanCodes = new ScanCodes.State();
        final Ps2Keyboard.State keyboard = new Ps2Keyboard.State();
        final Ps2Mouse.State mouse = new Ps2Mouse.State();
    }

    private static final int NOTHING = -1;

    /** Status, read at port 0x64. The input buffer is never seen full. */
    private static final class Status {
        static final int OUTPUT_FULL = 1;
        static final int SYSTEM = 1 << 2;
        static final int COMMAND = 1 << 3;
        static final int UNLOCKED = 1 << 4;
        static final int OUTPUT_IS_MOUSE = 1 << 5;
    }

    /** The command byte. */
    private static final class CommandByte {
        static final int KEYBOARD_INTERRUPT = 1;
        static final int MOUSE_INTERRUPT = 1 << 1;
        static final int SYSTEM = 1 << 2;
        static final int KEYBOARD_DISABLED = 1 << 4;
        static final int MOUSE_DISABLED = 1 << 5;
        static final int TRANSLATE = 1 << 6;
    }

    /** The output port. */
    private static final class OutputPort {
        static final int NOT_RESET = 1;
        static final int A20 = 1 << 1;
        static final int KEYBOARD_FULL = 1 << 4;
        static final int MOUSE_FULL = 1 << 5;
        /** Clock and data of the keyboard, and what is not connected. */
        static final int HIGH = 0xcc;
    }

    /** Commands, written to port 0x64. */
    private static final class Command {
        static final int READ_RAM = 0x20;
        static final int WRITE_RAM = 0x60;
        static final int RAM_GROUP = 0xe0;
        static final int RAM_INDEX = 0x1f;
        static final int TEST_PASSWORD = 0xa4;
        static final int DISABLE_MOUSE = 0xa7;
        static final int ENABLE_MOUSE = 0xa8;
        static final int TEST_MOUSE_PORT = 0xa9;
        static final int SELF_TEST = 0xaa;
        static final int TEST_KEYBOARD_PORT = 0xab;
        static final int DISABLE_KEYBOARD = 0xad;
        static final int ENABLE_KEYBOARD = 0xae;
        static final int READ_INPUT_PORT = 0xc0;
        static final int READ_OUTPUT_PORT = 0xd0;
        static final int WRITE_OUTPUT_PORT = 0xd1;
        static final int WRITE_KEYBOARD_OUTPUT = 0xd2;
        static final int WRITE_MOUSE_OUTPUT = 0xd3;
        static final int WRITE_MOUSE = 0xd4;
        static final int DISABLE_A20 = 0xdd;
        static final int ENABLE_A20 = 0xdf;
        static final int READ_TEST_INPUTS = 0xe0;
        /** And the fifteen after it: the low four bits say which bits of the output port stay. */
        static final int PULSE_OUTPUT_PORT = 0xf0;
    }

    private static final int NO_PASSWORD = 0xf1;
    private static final int SELF_TEST_PASSED = 0x55;
    private static final int PORT_TEST_PASSED = 0x00;
    private static final int NOT_INHIBITED = 0x80;
    /** Test inputs. */
    private static final int KEYBOARD_CLOCK = 1;

    private static final int MOUSE_CLOCK = 1 << 1;

    final State state = new State();
    private final Ps2Keyboard keyboard = new Ps2Keyboard(state.keyboard);
    private final Ps2Mouse mouse = new Ps2Mouse(state.mouse);
    private final ScanCodes scanCodes = new ScanCodes(state.scanCodes);
    private final IrqLine keyboardIrq;
    private final IrqLine mouseIrq;
    private final IrqLine a20;
    private final PowerControl power;

    /** @param a20 enables address line 20, as may others */
    public I8042(IrqLine keyboardIrq, IrqLine mouseIrq, IrqLine a20, PowerControl power) {
        this.keyboardIrq = keyboardIrq;
        this.mouseIrq = mouseIrq;
        this.a20 = a20;
        this.power = power;
        reset();
    }

    /** Interrupts and devices are disabled, address line 20 is enabled. */
    public synchronized void reset() {
        Arrays.fill(state.ram, (byte) 0);
        commandByte(CommandByte.KEYBOARD_DISABLED | CommandByte.MOUSE_DISABLED);
        state.full = false;
        state.answer = NOTHING;
        state.command = NOTHING;
        state.commandWritten = false;
        state.scanCodes.release = false;
        keyboard.reset();
        mouse.reset();
        outputPort(OutputPort.NOT_RESET | OutputPort.A20);
        update();
    }

    /** What firmware leaves behind: a tested controller, and a keyboard that interrupts and speaks set 1. */
    public synchronized void programLikeFirmware() {
        commandByte(CommandByte.SYSTEM | CommandByte.KEYBOARD_INTERRUPT | CommandByte.MOUSE_DISABLED | CommandByte.TRANSLATE);
        update();
    }

    // ---- the host's side -------------------------------------------------------------------------------------------------

    /** A key was pressed or released: what an enhanced keyboard sends then, in scan code set 2. Lost when nobody reads. */
    public synchronized void type(int... set2) {
        keyboard.type(set2);
        update();
    }

    /**
     * The mouse was moved or a button pressed.
     *
     * @param x to the right, in counts
     * @param y away from the user
     * @param wheel towards the user
     * @param buttons all that are down: left 1, right 2, middle 4, and 8 and 16 at the side
     */
    public synchronized void moveMouse(int x, int y, int wheel, int buttons) {
        mouse.move(x, y, wheel, buttons);
        update();
    }

    // ---- ports -----------------------------------------------------------------------------------------------------------

    /** Port 0x60. */
    public IoRegion dataPort() {
        return new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return readData();
            }

            @Override
            public void write(long offset, int size, long value) {
                writeData((int) value & 0xff);
            }
        };
    }

    /** Port 0x64. */
    public IoRegion commandPort() {
        return new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return status();
            }

            @Override
            public void write(long offset, int size, long value) {
                writeCommand((int) value & 0xff);
            }
        };
    }

    private synchronized int status() {
        return Status.UNLOCKED
                | (state.full ? Status.OUTPUT_FULL : 0)
                | (state.full && state.outputIsMouse ? Status.OUTPUT_IS_MOUSE : 0)
                | ((commandByte() & CommandByte.SYSTEM) != 0 ? Status.SYSTEM : 0)
                | (state.commandWritten ? Status.COMMAND : 0);
    }

    private synchronized int readData() {
        int value = state.output;
        state.full = false;
        driveInterrupts(); // low before the next byte, which is a new edge
        update();
        return value;
    }

    private synchronized void writeData(int value) {
        int command = state.command;
        state.command = NOTHING;
        state.commandWritten = false;
        switch (command) {
            case NOTHING -> {
                commandByte(commandByte() & ~CommandByte.KEYBOARD_DISABLED); // sending needs the clock
                keyboard.receive(value);
            }
            case Command.WRITE_OUTPUT_PORT -> outputPort(value);
            case Command.WRITE_KEYBOARD_OUTPUT -> answer(value, false);
            case Command.WRITE_MOUSE_OUTPUT -> answer(value, true);
            case Command.WRITE_MOUSE -> {
                commandByte(commandByte() & ~CommandByte.MOUSE_DISABLED);
                mouse.receive(value);
            }
            default -> state.ram[command & Command.RAM_INDEX] = (byte) value;
        }
        update();
    }

    private synchronized void writeCommand(int command) {
        state.command = NOTHING;
        state.commandWritten = true;
        switch (command & Command.RAM_GROUP) {
            case Command.READ_RAM -> answer(state.ram[command & Command.RAM_INDEX] & 0xff, false);
            case Command.WRITE_RAM -> state.command = command;
            default -> execute(command);
        }
        update();
    }

    private void execute(int command) {
        switch (command) {
            case Command.TEST_PASSWORD -> answer(NO_PASSWORD, false);
            case Command.DISABLE_MOUSE -> commandByte(commandByte() | CommandByte.MOUSE_DISABLED);
            case Command.ENABLE_MOUSE -> commandByte(commandByte() & ~CommandByte.MOUSE_DISABLED);
            case Command.TEST_MOUSE_PORT, Command.TEST_KEYBOARD_PORT -> answer(PORT_TEST_PASSED, false);
            case Command.SELF_TEST -> {
                commandByte(commandByte() | CommandByte.SYSTEM);
                answer(SELF_TEST_PASSED, false);
            }
            case Command.DISABLE_KEYBOARD -> commandByte(commandByte() | CommandByte.KEYBOARD_DISABLED);
            case Command.ENABLE_KEYBOARD -> commandByte(commandByte() & ~CommandByte.KEYBOARD_DISABLED);
            case Command.READ_INPUT_PORT -> answer(NOT_INHIBITED, false);
            case Command.READ_OUTPUT_PORT -> answer(outputPort(), false);
            case Command.WRITE_OUTPUT_PORT, Command.WRITE_KEYBOARD_OUTPUT, Command.WRITE_MOUSE_OUTPUT, Command.WRITE_MOUSE ->
                state.command = command;
            case Command.DISABLE_A20 -> outputPort(state.outputPort & ~OutputPort.A20);
            case Command.ENABLE_A20 -> outputPort(state.outputPort | OutputPort.A20);
            case Command.READ_TEST_INPUTS -> answer(clocks(), false);
            default -> pulse(command);
        }
    }

    private void pulse(int command) {
        boolean pulses = command >= Command.PULSE_OUTPUT_PORT;
        if (pulses && (command & OutputPort.NOT_RESET) == 0) {
            power.reset("keyboard controller");
        }
    }

    /** Clock lines of keyboard and mouse: held low where disabled. */
    private int clocks() {
        return ((commandByte() & CommandByte.KEYBOARD_DISABLED) == 0 ? KEYBOARD_CLOCK : 0)
                | ((commandByte() & CommandByte.MOUSE_DISABLED) == 0 ? MOUSE_CLOCK : 0);
    }

    private int commandByte() {
        return state.ram[0] & 0xff;
    }

    private void commandByte(int value) {
        state.ram[0] = (byte) value;
    }

    private int outputPort() {
        int full = state.outputIsMouse ? OutputPort.MOUSE_FULL : OutputPort.KEYBOARD_FULL;
        return OutputPort.HIGH | state.outputPort | (state.full ? full : 0);
    }

    private void outputPort(int value) {
        state.outputPort = value & OutputPort.A20 | OutputPort.NOT_RESET;
        a20.set((value & OutputPort.A20) != 0);
        if ((value & OutputPort.NOT_RESET) == 0) {
            power.reset("keyboard controller");
        }
    }

    // ---- the output buffer -------------------------------------------------------------------------------------------

    private void answer(int value, boolean asMouse) {
        state.answer = value;
        state.answerIsMouse = asMouse;
    }

    private void update() {
        if (!state.full) {
            fill();
        }
        driveInterrupts();
    }

    private void fill() {
        if (state.answer != NOTHING) {
            output(state.answer, state.answerIsMouse);
            state.answer = NOTHING;
            return;
        }
        boolean translate = (commandByte() & CommandByte.TRANSLATE) != 0;
        while (!state.full && (commandByte() & CommandByte.KEYBOARD_DISABLED) == 0 && keyboard.ready()) {
            int value = keyboard.send();
            int code = translate ? scanCodes.translate(value) : value;
            if (code != ScanCodes.NOTHING) {
                output(code, false);
            }
        }
        if (!state.full && (commandByte() & CommandByte.MOUSE_DISABLED) == 0 && mouse.ready()) {
            output(mouse.send(), true);
        }
    }

    private void output(int value, boolean fromMouse) {
        state.output = value;
        state.outputIsMouse = fromMouse;
        state.full = true;
    }

    private void driveInterrupts() {
        boolean byMouse = state.full && state.outputIsMouse;
        keyboardIrq.set(state.full && !byMouse && (commandByte() & CommandByte.KEYBOARD_INTERRUPT) != 0);
        mouseIrq.set(byMouse && (commandByte() & CommandByte.MOUSE_INTERRUPT) != 0);
    }
}
