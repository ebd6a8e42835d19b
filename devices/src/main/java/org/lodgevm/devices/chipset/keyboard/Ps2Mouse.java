package org.lodgevm.devices.chipset.keyboard;

/**
 * A mouse with two to five buttons and, for guests that know how to ask, a wheel. Movement that nobody has fetched adds up.
 * @ps2 "Mouse"
 */
final class Ps2Mouse implements Ps2Device {
    static final class State {
        boolean reporting;
        boolean remote;
        boolean wrapping;
        boolean scaling;
        int resolution;
        int rate;
        /** The last three sample rates, a byte each: a guest spells with them that it knows wheels. */
        int rates;

        int id;
        /** The command whose argument comes next, or 0. */
        int command;

        int buttons;
        /** Something happened that no packet has told. */
        boolean changed;

        int x;
        int y;
        int wheel;
        final Ps2Queue.State queue = new Ps2Queue.State();
    }

    private static final int SET_SCALING_1 = 0xe6;
    private static final int SET_SCALING_2 = 0xe7;
    private static final int SET_RESOLUTION = 0xe8;
    private static final int STATUS_REQUEST = 0xe9;
    private static final int SET_STREAM_MODE = 0xea;
    private static final int READ_DATA = 0xeb;
    private static final int RESET_WRAP_MODE = 0xec;
    private static final int SET_WRAP_MODE = 0xee;
    private static final int SET_REMOTE_MODE = 0xf0;
    private static final int READ_DEVICE_TYPE = 0xf2;
    private static final int SET_SAMPLING_RATE = 0xf3;
    private static final int ENABLE = 0xf4;
    private static final int DISABLE = 0xf5;
    private static final int SET_DEFAULT = 0xf6;
    private static final int RESET = 0xff;

    private static final int DEFAULT_RATE = 100;
    private static final int DEFAULT_RESOLUTION = 2; // 4 counts a millimetre
    private static final int FINEST_RESOLUTION = 3;

    /** Device types, and the sample rates that lead to them. */
    private static final int MOUSE = 0;

    private static final int WHEEL_MOUSE = 3;
    private static final int WHEEL_MOUSE_RATES = 200 << 16 | 100 << 8 | 80;
    private static final int FIVE_BUTTON_MOUSE = 4;
    private static final int FIVE_BUTTON_MOUSE_RATES = 200 << 16 | 200 << 8 | 80;

    private static final int STATUS_REMOTE = 1 << 6;
    private static final int STATUS_REPORTING = 1 << 5;
    private static final int STATUS_SCALING = 1 << 4;

    /** First byte of a packet. */
    private static final int LEFT = 1;

    private static final int RIGHT = 1 << 1;
    private static final int MIDDLE = 1 << 2;

    private static final int PACKET = 1 << 3;
    private static final int X_NEGATIVE = 1 << 4;
    private static final int Y_NEGATIVE = 1 << 5;
    private static final int LARGEST_STEP = 255;
    private static final int LARGEST_WHEEL_STEP = 7;
    /** More than this no pointer moves between two packets; what a guest does not fetch must not overflow. */
    private static final int FARTHEST = 1 << 16;

    /** Fourth byte of a five-button mouse: wheel in 3:0, then two buttons. */
    private static final int WHEEL_BITS = 0xf;

    private static final int MORE_BUTTONS_SHIFT = 1;
    private static final int MORE_BUTTONS = 0x30;

    final State state;
    private final Ps2Queue queue;

    Ps2Mouse(State state) {
        this.state = state;
        queue = new Ps2Queue(state.queue);
    }

    @Override
    public void reset() {
        setDefaults();
        state.id = MOUSE;
        state.rates = 0;
        state.wrapping = false;
        queue.clear();
    }

    private void setDefaults() {
        state.rate = DEFAULT_RATE;
        state.resolution = DEFAULT_RESOLUTION;
        state.scaling = false;
        state.remote = false;
        state.reporting = false;
        state.command = 0;
        forget();
    }

    private void forget() {
        state.x = 0;
        state.y = 0;
        state.wheel = 0;
        state.changed = false;
    }

    // ---- movement -----------------------------------------------------------------------------------------------------

    void move(int x, int y, int wheel, int buttons) {
        state.changed |= x != 0 || y != 0 || wheel != 0 || buttons != state.buttons;
        state.x = farthest((long) state.x + x);
        state.y = farthest((long) state.y + y);
        state.wheel = farthest((long) state.wheel + wheel);
        state.buttons = buttons;
    }

    private static int farthest(long distance) {
        return Math.clamp(distance, -FARTHEST, FARTHEST);
    }

    /** In stream mode a packet is made when the one before has gone. */
    @Override
    public boolean ready() {
        if (queue.isEmpty() && state.changed && state.reporting && !state.remote && !state.wrapping) {
            queue.event(packet(state.scaling));
        }
        return !queue.isEmpty();
    }

    @Override
    public int send() {
        return queue.take();
    }

    private int[] packet(boolean scaling) {
        int x = Math.clamp(state.x, -LARGEST_STEP, LARGEST_STEP);
        int y = Math.clamp(state.y, -LARGEST_STEP, LARGEST_STEP);
        int wheel = state.id == MOUSE ? 0 : Math.clamp(state.wheel, -LARGEST_WHEEL_STEP, LARGEST_WHEEL_STEP);
        state.x -= x;
        state.y -= y;
        state.wheel = state.id == MOUSE ? 0 : state.wheel - wheel;
        state.changed = state.x != 0 || state.y != 0 || state.wheel != 0;
        int sentX = scaling ? scale(x) : x;
        int sentY = scaling ? scale(y) : y;
        int signs = (x < 0 ? X_NEGATIVE : 0) | (y < 0 ? Y_NEGATIVE : 0);
        int first = PACKET | state.buttons & (LEFT | RIGHT | MIDDLE) | signs;
        return switch (state.id) {
            case MOUSE -> new int[] {first, sentX, sentY};
            case WHEEL_MOUSE -> new int[] {first, sentX, sentY, wheel};
            default -> new int[] {first, sentX, sentY, wheel & WHEEL_BITS | state.buttons << MORE_BUTTONS_SHIFT & MORE_BUTTONS};
        };
    }

    /** Slow movement is exact, fast movement twice as fast. @ps2 "Mouse", table "Set Scaling 2:1" */
    private static int scale(int step) {
        int size = Math.abs(step);
        int scaled = switch (size) {
            case 0, 1, 3 -> size;
            case 2 -> 1;
            case 4 -> 6;
            case 5 -> 9;
            default -> Math.min(2 * size, LARGEST_STEP);
        };
        return step < 0 ? -scaled : scaled;
    }

    // ---- commands -----------------------------------------------------------------------------------------------------

    @Override
    public void receive(int value) {
        int command = state.command;
        state.command = 0;
        if (state.wrapping && value != RESET && value != RESET_WRAP_MODE) {
            queue.answer(value);
        } else if (command == SET_SAMPLING_RATE) {
            state.rate = value;
            noteRate(value);
            queue.answer(ACKNOWLEDGE);
        } else if (command == SET_RESOLUTION) {
            state.resolution = value <= FINEST_RESOLUTION ? value : state.resolution;
            queue.answer(value <= FINEST_RESOLUTION ? ACKNOWLEDGE : RESEND);
        } else if (value == RESEND) {
            queue.resend();
        } else {
            queue.clear(); // packets that wait are older than the command
            execute(value);
        }
    }

    private void noteRate(int rate) {
        state.rates = (state.rates << 8 | rate) & 0xff_ffff;
        if (state.rates == WHEEL_MOUSE_RATES) {
            state.id = WHEEL_MOUSE;
        } else if (state.rates == FIVE_BUTTON_MOUSE_RATES) {
            state.id = FIVE_BUTTON_MOUSE;
        }
    }

    private void execute(int command) {
        queue.answer(isCommand(command) ? ACKNOWLEDGE : RESEND);
        switch (command) {
            case SET_SCALING_1 -> state.scaling = false;
            case SET_SCALING_2 -> state.scaling = true;
            case SET_RESOLUTION, SET_SAMPLING_RATE -> state.command = command;
            case STATUS_REQUEST -> queue.answer(status(), state.resolution, state.rate);
            case SET_STREAM_MODE -> state.remote = false;
            case SET_REMOTE_MODE -> state.remote = true;
            case READ_DATA -> queue.answer(packet(false));
            case SET_WRAP_MODE -> state.wrapping = true;
            case RESET_WRAP_MODE -> state.wrapping = false;
            case READ_DEVICE_TYPE -> queue.answer(state.id);
            case ENABLE, DISABLE -> report(command == ENABLE);
            case SET_DEFAULT -> setDefaults();
            case RESET -> {
                reset();
                queue.answer(ACKNOWLEDGE, SELF_TEST_PASSED, MOUSE);
            }
            default -> {}
        }
    }

    private void report(boolean enabled) {
        forget();
        state.reporting = enabled;
    }

    private static boolean isCommand(int command) {
        return switch (command) {
            case SET_SCALING_1, SET_SCALING_2, SET_RESOLUTION, STATUS_REQUEST, SET_STREAM_MODE, READ_DATA, RESET_WRAP_MODE,
                    SET_WRAP_MODE, SET_REMOTE_MODE, READ_DEVICE_TYPE, SET_SAMPLING_RATE, ENABLE, DISABLE, SET_DEFAULT, RESET -> true;
            default -> false;
        };
    }

    /** Unlike in a packet, the left button is the highest of three bits and the right one the lowest. */
    private int status() {
        int buttons = (state.buttons & LEFT) << 2 | (state.buttons & (RIGHT | MIDDLE)) >> 1;
        return buttons | (state.remote ? STATUS_REMOTE : 0) | (state.reporting ? STATUS_REPORTING : 0)
                | (state.scaling ? STATUS_SCALING : 0);
    }
}
