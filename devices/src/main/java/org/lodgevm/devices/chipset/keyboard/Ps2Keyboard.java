package org.lodgevm.devices.chipset.keyboard;

import java.util.stream.IntStream;

/** A keyboard with scan code sets 1 and 2. @ps2 "Keyboards" */
final class Ps2Keyboard implements Ps2Device {
    static final class State {
        boolean scanning;
        int scanCodeSet;
        /** The command whose argument comes next, or 0. */
        int command;

        final Ps2Queue.State queue = new Ps2Queue.State();
        final ScanCodes.State scanCodes = new ScanCodes.State();
    }

    private static final int SET_INDICATORS = 0xed;
    private static final int ECHO = 0xee;
    private static final int SCAN_CODE_SET = 0xf0;
    private static final int IDENTIFY = 0xf2;
    private static final int SET_TYPEMATIC = 0xf3;
    private static final int ENABLE = 0xf4;
    private static final int DISABLE = 0xf5;
    private static final int SET_DEFAULTS = 0xf6;
    /** These four say how keys of set 3 behave. */
    private static final int FIRST_SET_ALL_KEYS = 0xf7;

    private static final int LAST_SET_ALL_KEYS = 0xfa;
    private static final int RESET = 0xff;
    /** No argument has this bit, and every command has. */
    private static final int COMMAND_BIT = 0x80;

    private static final int ASK_SCAN_CODE_SET = 0;
    private static final int DEFAULT_SET = 2;
    private static final int ID_1 = 0xab;
    private static final int ID_2 = 0x83;
    /** Takes the place of keys that found no room. */
    private static final int OVERRUN = 0x00;

    final State state;
    private final Ps2Queue queue;
    private final ScanCodes scanCodes;

    Ps2Keyboard(State state) {
        this.state = state;
        queue = new Ps2Queue(state.queue);
        scanCodes = new ScanCodes(state.scanCodes);
    }

    @Override
    public void reset() {
        setDefaults();
        state.scanning = true;
    }

    private void setDefaults() {
        state.scanCodeSet = DEFAULT_SET;
        state.scanCodes.release = false;
        state.command = 0;
        queue.clear();
    }

    /** A key, as bytes of set 2. */
    void type(int... set2) {
        if (!state.scanning) {
            return;
        }
        int[] bytes = state.scanCodeSet == DEFAULT_SET
                ? set2
                : IntStream.of(set2).map(scanCodes::translate).filter(code -> code != ScanCodes.NOTHING).toArray();
        if (!queue.event(bytes)) {
            queue.event(OVERRUN);
        }
    }

    @Override
    public boolean ready() {
        return !queue.isEmpty();
    }

    @Override
    public int send() {
        return queue.take();
    }

    @Override
    public void receive(int value) {
        int command = state.command;
        state.command = 0;
        if (command != 0 && (value & COMMAND_BIT) == 0) {
            takeArgument(command, value);
        } else {
            execute(value);
        }
    }

    private void takeArgument(int command, int value) {
        if (command != SCAN_CODE_SET) {
            queue.answer(ACKNOWLEDGE); // indicators and typematic rate show nowhere
        } else if (value == ASK_SCAN_CODE_SET) {
            queue.answer(ACKNOWLEDGE, state.scanCodeSet);
        } else if (value <= DEFAULT_SET) {
            state.scanCodeSet = value;
            queue.answer(ACKNOWLEDGE);
        } else {
            queue.answer(RESEND);
        }
    }

    private void execute(int command) {
        switch (command) {
            case ECHO -> queue.answer(ECHO);
            case SET_INDICATORS, SCAN_CODE_SET, SET_TYPEMATIC -> {
                state.command = command;
                queue.answer(ACKNOWLEDGE);
            }
            case IDENTIFY -> queue.answer(ACKNOWLEDGE, ID_1, ID_2);
            case ENABLE -> {
                queue.clear();
                state.scanning = true;
                queue.answer(ACKNOWLEDGE);
            }
            case DISABLE -> {
                setDefaults();
                state.scanning = false;
                queue.answer(ACKNOWLEDGE);
            }
            case SET_DEFAULTS -> {
                setDefaults();
                queue.answer(ACKNOWLEDGE);
            }
            case RESEND -> queue.resend();
            case RESET -> {
                reset();
                queue.answer(ACKNOWLEDGE, SELF_TEST_PASSED);
            }
            default -> {
                boolean allKeys = command >= FIRST_SET_ALL_KEYS && command <= LAST_SET_ALL_KEYS;
                queue.answer(allKeys ? ACKNOWLEDGE : RESEND);
            }
        }
    }
}
