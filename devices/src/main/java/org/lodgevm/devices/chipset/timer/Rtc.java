package org.lodgevm.devices.chipset.timer;

import org.lodgevm.machine.Clock;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/**
 * The MC146818 real-time clock with 256 bytes of CMOS RAM, at ports 0x70 to 0x73. Byte-wide registers. Source: Motorola MC146818A
 * datasheet; ICH9 datasheet 13.6.
 *
 * <p>The clock shows the host's wall-clock time (UTC) until the guest sets it, and from then on that much more or less. Flags of
 * register C are computed when somebody looks; a timer is armed only for an interrupt that is enabled and not yet asserted.
 */
public final class Rtc implements IoRegion {
    public static final int SIZE = 4;
    /** CMOS index of the century, for the FADT. */
    public static final int CENTURY = 0x32;

    static final class State {
        final byte[] ram = new byte[2 * BANK];
        /** Selected indexes of both banks. */
        int index;

        int extendedIndex = BANK;
        boolean nmiMasked;
        /** Register C without IRQF. */
        int flags;

        final RtcCalendar.State calendar = new RtcCalendar.State();
        /** What the flags cover: seconds of the calendar and periods of the divider up to here. */
        long seenSecond;

        long seenPeriod;
    }

    private static final int BANK = 0x80;

    private static final int REGISTER_A = 0x0a;
    private static final int REGISTER_B = 0x0b;
    private static final int REGISTER_C = 0x0c;
    private static final int REGISTER_D = 0x0d;

    private static final int A_UPDATE_IN_PROGRESS = 1 << 7;
    private static final int A_RATE = 0xf;
    /** Divider selection 11x holds the divider chain in reset. */
    private static final int A_DIVIDER_RESET = 3 << 5;

    private static final int A_POWER_UP = 0x26; // 32.768 kHz, 1024 Hz

    private static final int B_SET = 1 << 7;
    private static final int B_SQUARE_WAVE = 1 << 3;
    private static final int B_24_HOUR = 1 << 1;

    /** Flags in C and, at the same place, their enables in B. */
    private static final int PERIODIC = 1 << 6;

    private static final int ALARM = 1 << 5;
    private static final int UPDATE = 1 << 4;
    private static final int INTERRUPTS = PERIODIC | ALARM | UPDATE;
    private static final int C_INTERRUPT = 1 << 7;
    private static final int D_VALID = 1 << 7;

    private static final int NMI_MASK = 1 << 7;

    private static final Oscillator CRYSTAL = new Oscillator(32_768);
    /** The wall clock may be set meanwhile: look again after a minute. */
    private static final long LONGEST_WAIT = 60_000_000_000L;

    final State state = new State();
    private final Clock clock;
    private final IrqLine irq;
    private final Clock.Timer timer;
    private final RtcCalendar calendar;

    public Rtc(Clock clock, IrqLine irq) {
        this.clock = clock;
        this.irq = irq;
        this.timer = clock.timer(this::timerFired);
        this.calendar = new RtcCalendar(state.calendar, state.ram, clock);
        state.ram[REGISTER_A] = A_POWER_UP;
        state.ram[REGISTER_B] = B_24_HOUR;
        state.seenSecond = calendar.second();
    }

    /** RESET# leaves time and RAM alone. MC146818A, "RESET". */
    public synchronized void reset() {
        state.ram[REGISTER_B] &= (byte) ~(INTERRUPTS | B_SQUARE_WAVE);
        state.flags = 0;
        state.nmiMasked = false;
        update();
    }

    /** Whether bit 7 of port 0x70 lets non-maskable interrupts through. */
    public synchronized boolean nmiEnabled() {
        return !state.nmiMasked;
    }

    /** A byte of CMOS RAM, 0x0e to 0xff. */
    public synchronized int cmos(int index) {
        return state.ram[index] & 0xff;
    }

    public synchronized void cmos(int index, int value) {
        state.ram[index] = (byte) value;
    }

    @Override
    public synchronized long read(long offset, int size) {
        return switch ((int) offset) {
            case 1 -> readCmos(state.index);
            case 3 -> readCmos(state.extendedIndex);
            default -> 0xff; // the index registers are write-only
        };
    }

    @Override
    public synchronized void write(long offset, int size, long value) {
        int written = (int) value;
        switch ((int) offset) {
            case 0 -> {
                state.index = written & BANK - 1;
                state.nmiMasked = (written & NMI_MASK) != 0;
            }
            case 1 -> writeCmos(state.index, written);
            case 2 -> state.extendedIndex = BANK | written & BANK - 1;
            default -> writeCmos(state.extendedIndex, written);
        }
    }

    private int readCmos(int index) {
        return switch (index) {
            case REGISTER_A -> state.ram[REGISTER_A] | (calendar.isUpdating() ? A_UPDATE_IN_PROGRESS : 0);
            case REGISTER_C -> takeFlags();
            case REGISTER_D -> D_VALID;
            default -> {
                if (RtcCalendar.isTime(index)) {
                    calendar.show();
                }
                yield state.ram[index] & 0xff;
            }
        };
    }

    private int takeFlags() {
        collectFlags();
        int flags = state.flags;
        boolean interrupt = (flags & state.ram[REGISTER_B] & INTERRUPTS) != 0;
        state.flags = 0;
        update();
        return flags | (interrupt ? C_INTERRUPT : 0);
    }

    private void writeCmos(int index, int value) {
        collectFlags();
        if (RtcCalendar.isTime(index)) {
            calendar.show();
            state.ram[index] = (byte) value;
            calendar.adopt();
        } else if (index == REGISTER_A) {
            state.ram[REGISTER_A] = (byte) (value & ~A_UPDATE_IN_PROGRESS);
            calendar.dividerReset((value & A_DIVIDER_RESET) == A_DIVIDER_RESET);
        } else if (index == REGISTER_B) {
            writeRegisterB(value);
        } else if (index != REGISTER_C && index != REGISTER_D) {
            state.ram[index] = (byte) value;
        }
        state.seenSecond = calendar.second();
        state.seenPeriod = periods();
        update();
    }

    /** While SET is on the registers are the guest's; the format bits say what they mean. */
    private void writeRegisterB(int value) {
        boolean wasSetting = (state.ram[REGISTER_B] & B_SET) != 0;
        boolean setting = (value & B_SET) != 0;
        if (setting && !wasSetting) {
            calendar.set(true);
        }
        state.ram[REGISTER_B] = (byte) value;
        if (wasSetting) {
            calendar.adopt();
            calendar.set(setting);
        }
    }

    // ---- flags and interrupt ----------------------------------------------------------------------------------------

    /** Length of the periodic interrupt's period in ticks of the crystal, or 0 for none. */
    private long period() {
        int rate = state.ram[REGISTER_A] & A_RATE;
        if (rate == 0) {
            return 0;
        }
        return 1L << (rate <= 2 ? rate + 6 : rate - 1); // rates 1 and 2 repeat 8 and 9
    }

    private long periods() {
        return period() == 0 ? 0 : CRYSTAL.ticks(clock.nanos()) / period();
    }

    private void collectFlags() {
        long second = calendar.second();
        if (calendar.isRunning() && second > state.seenSecond) {
            state.flags |= UPDATE;
            state.flags |= calendar.nextAlarm(state.seenSecond) <= second ? ALARM : 0;
        }
        state.seenSecond = second;
        if (periods() > state.seenPeriod) {
            state.flags |= PERIODIC;
        }
        state.seenPeriod = periods();
    }

    /** Drives the interrupt line from flags and enables, and waits for the next event that would raise it. */
    private void update() {
        int enabled = state.ram[REGISTER_B] & INTERRUPTS;
        boolean interrupt = (state.flags & enabled) != 0;
        irq.set(interrupt);
        timer.cancel();
        if (interrupt || enabled == 0) {
            return;
        }
        long wait = Long.MAX_VALUE;
        if ((enabled & PERIODIC) != 0 && period() != 0) {
            wait = CRYSTAL.nanosAt((periods() + 1) * period()) - clock.nanos();
        }
        if ((enabled & UPDATE) != 0 && calendar.isRunning()) {
            wait = Math.min(wait, calendar.nanosUntil(calendar.second() + 1));
        }
        if ((enabled & ALARM) != 0 && calendar.isRunning()) {
            wait = Math.min(wait, calendar.nanosUntil(calendar.nextAlarm(calendar.second())));
        }
        if (wait != Long.MAX_VALUE) {
            timer.arm(clock.nanos() + Math.min(wait, LONGEST_WAIT));
        }
    }

    private synchronized void timerFired() {
        collectFlags();
        update();
    }
}
