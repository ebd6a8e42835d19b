package org.lodgevm.devices.chipset.pic;

/**
 * One 8259A. {@link Pic}, which holds two, guards it.
 *
 * <p>Departure from the datasheet: an edge stays requested when its wire falls before the acknowledge cycle. The chip would
 * answer with a spurious IR7 then, and a guest that runs slower than its timer would lose ticks.
 */
final class Pic8259 {
    static final class State {
        /** Requests, in-service bits and masks, one bit an input. */
        int irr;

        int isr;
        int imr;
        /** Levels of the input wires. */
        int asserted;
        /** Inputs that are level-triggered, from ELCR. */
        int elcr;

        int vectorBase;
        /** The input that has lowest priority; the one after it has highest. */
        int lowest = 7;

        InitStep expecting = InitStep.NONE;
        boolean single;
        boolean icw4Needed;
        boolean allLevel;
        boolean autoEoi;
        boolean rotateOnAutoEoi;
        boolean specialFullyNested;
        boolean specialMask;
        boolean readIsr;
        boolean poll;
    }

    /** The initialization command word that the next write to the odd port is. */
    enum InitStep {
        NONE,
        ICW2,
        ICW3,
        ICW4
    }

    private static final int SPURIOUS = 7;

    private static final int ICW1 = 1 << 4;
    private static final int ICW1_ICW4_NEEDED = 1;
    private static final int ICW1_SINGLE = 1 << 1;
    private static final int ICW1_LEVEL = 1 << 3;
    private static final int ICW2_VECTOR_BASE = 0xf8;
    private static final int ICW4_AUTO_EOI = 1 << 1;
    private static final int ICW4_SPECIAL_FULLY_NESTED = 1 << 4;

    private static final int OCW2_EOI = 1 << 5;
    private static final int OCW2_SPECIFIC = 1 << 6;
    private static final int OCW2_ROTATE = 1 << 7;
    private static final int OCW2_LEVEL = 7;

    private static final int OCW3 = 1 << 3;
    private static final int OCW3_READ_ISR = 1;
    private static final int OCW3_READ = 1 << 1;
    private static final int OCW3_POLL = 1 << 2;
    private static final int OCW3_SPECIAL_MASK = 1 << 5;
    private static final int OCW3_SET_SPECIAL_MASK = 1 << 6;
    private static final int POLL_REQUEST = 0x80;

    final State state;
    /** Input of the slave's INT, or -1. */
    private final int cascade;
    /** Inputs that ELCR may make level-triggered. */
    private final int elcrMask;

    Pic8259(State state, int cascade, int elcrMask) {
        this.state = state;
        this.cascade = cascade;
        this.elcrMask = elcrMask;
    }

    /** Power-up: uninitialised, edge-triggered; wires keep their levels. */
    void reset() {
        state.elcr = 0;
        state.vectorBase = 0;
        initialize(0);
        state.expecting = InitStep.NONE;
    }

    /** The cascade input follows the slave's INT, which falls when the slave is acknowledged or polled. */
    private int levelTriggered() {
        int cascadeBit = cascade < 0 ? 0 : 1 << cascade;
        return (state.allLevel ? 0xff : state.elcr) | cascadeBit;
    }

    void setInput(int input, boolean asserted) {
        int bit = 1 << input;
        boolean rising = asserted && (state.asserted & bit) == 0;
        state.asserted = asserted ? state.asserted | bit : state.asserted & ~bit;
        if (rising || (levelTriggered() & bit) != 0 && asserted) {
            state.irr |= bit;
        } else if ((levelTriggered() & bit) != 0) {
            state.irr &= ~bit;
        }
    }

    int elcr() {
        return state.elcr;
    }

    void elcr(int value) {
        state.elcr = value & elcrMask;
        int levels = levelTriggered();
        state.irr = state.irr & ~levels | state.asserted & levels;
    }

    /** How far from highest priority an input is: 0 is highest. */
    private int rank(int input) {
        return input - state.lowest - 1 & 7;
    }

    /** The member of a set of inputs with highest priority, or -1. */
    private int first(int inputs) {
        int rotated = (inputs << 8 | inputs) >> state.lowest + 1 & 0xff;
        return rotated == 0 ? -1 : Integer.numberOfTrailingZeros(rotated) + state.lowest + 1 & 7;
    }

    /** The input whose interrupt the CPU should take now, or -1. */
    int requested() {
        int wanted = first(state.irr & ~state.imr);
        if (wanted < 0 || state.expecting != InitStep.NONE) {
            return -1;
        }
        int serving = state.isr;
        if (state.specialMask) {
            serving &= ~state.imr;
        }
        if (state.specialFullyNested && cascade >= 0) {
            serving &= ~(1 << cascade); // the slave may interrupt its own interrupt
        }
        int current = first(serving);
        return current < 0 || rank(wanted) < rank(current) ? wanted : -1;
    }

    /** The acknowledge cycle. @return the input, or {@link #SPURIOUS} without a request */
    int acknowledge() {
        int input = requested();
        if (input < 0) {
            return SPURIOUS;
        }
        int bit = 1 << input;
        if ((levelTriggered() & bit) == 0) {
            state.irr &= ~bit;
        }
        if (!state.autoEoi) {
            state.isr |= bit;
        } else if (state.rotateOnAutoEoi) {
            state.lowest = input;
        }
        return input;
    }

    int vector(int input) {
        return state.vectorBase | input;
    }

    int read(int port) {
        if (state.poll) {
            state.poll = false;
            int input = requested();
            return input < 0 ? 0 : POLL_REQUEST | acknowledge();
        }
        if (port == 1) {
            return state.imr;
        }
        return state.readIsr ? state.isr : state.irr;
    }

    void write(int port, int value) {
        if (port == 1) {
            writeData(value);
        } else if ((value & ICW1) != 0) {
            initialize(value);
        } else if ((value & OCW3) != 0) {
            writeOcw3(value);
        } else {
            writeOcw2(value);
        }
    }

    /** What initialization command words and a mask come to, without the ceremony. */
    void program(int vectorBase, int mask) {
        initialize(ICW1);
        state.vectorBase = vectorBase & ICW2_VECTOR_BASE;
        state.expecting = InitStep.NONE;
        state.imr = mask & 0xff;
    }

    private void initialize(int icw1) {
        state.allLevel = (icw1 & ICW1_LEVEL) != 0;
        state.single = (icw1 & ICW1_SINGLE) != 0;
        state.icw4Needed = (icw1 & ICW1_ICW4_NEEDED) != 0;
        state.irr = state.asserted & levelTriggered();
        state.isr = 0;
        state.imr = 0;
        state.lowest = 7;
        state.autoEoi = false;
        state.rotateOnAutoEoi = false;
        state.specialFullyNested = false;
        state.specialMask = false;
        state.readIsr = false;
        state.poll = false;
        state.expecting = InitStep.ICW2;
    }

    private void writeData(int value) {
        switch (state.expecting) {
            case NONE -> state.imr = value;
            case ICW2 -> {
                state.vectorBase = value & ICW2_VECTOR_BASE;
                state.expecting = state.single ? afterCascade() : InitStep.ICW3;
            }
            case ICW3 -> state.expecting = afterCascade(); // the cascade is wired
            case ICW4 -> {
                state.autoEoi = (value & ICW4_AUTO_EOI) != 0;
                state.specialFullyNested = (value & ICW4_SPECIAL_FULLY_NESTED) != 0;
                state.expecting = InitStep.NONE;
            }
        }
    }

    private InitStep afterCascade() {
        return state.icw4Needed ? InitStep.ICW4 : InitStep.NONE;
    }

    private void writeOcw2(int value) {
        boolean rotate = (value & OCW2_ROTATE) != 0;
        boolean specific = (value & OCW2_SPECIFIC) != 0;
        int level = value & OCW2_LEVEL;
        if ((value & OCW2_EOI) != 0) {
            int ended = specific ? level : endable();
            if (ended >= 0) {
                state.isr &= ~(1 << ended);
                state.lowest = rotate ? ended : state.lowest;
            }
        } else if (specific) {
            state.lowest = rotate ? level : state.lowest; // set priority; without R it is no operation
        } else {
            state.rotateOnAutoEoi = rotate;
        }
    }

    /** What a non-specific EOI ends: in special mask mode not what is masked. */
    private int endable() {
        return first(state.specialMask ? state.isr & ~state.imr : state.isr);
    }

    private void writeOcw3(int value) {
        if ((value & OCW3_POLL) != 0) {
            state.poll = true;
        }
        if ((value & OCW3_READ) != 0) {
            state.readIsr = (value & OCW3_READ_ISR) != 0;
        }
        if ((value & OCW3_SET_SPECIAL_MASK) != 0) {
            state.specialMask = (value & OCW3_SPECIAL_MASK) != 0;
        }
    }
}
