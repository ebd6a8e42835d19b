package org.lodgevm.devices.chipset.timer;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.lodgevm.machine.Clock;

/**
 * The calendar inside the {@link Rtc}: its first ten registers and the century, which it shows in and takes from the clock's RAM.
 * Guarded by the clock.
 */
final class RtcCalendar {
    static final class State {
        /** Nanoseconds between the host's wall clock and the guest's calendar. */
        long offset;
        /** Calendar time in nanoseconds while it stands still. */
        long stoppedAt;
        /** SET in register B: the guest writes the time. */
        boolean setting;
        /** The divider chain is held in reset. */
        boolean held;
        /** Day of the week is a register of its own: how far the guest's is from the calendar's. */
        int weekdayShift;
    }

    private static final int SECONDS = 0;
    private static final int SECONDS_ALARM = 1;
    private static final int MINUTES = 2;
    private static final int MINUTES_ALARM = 3;
    private static final int HOURS = 4;
    private static final int HOURS_ALARM = 5;
    private static final int WEEKDAY = 6;
    private static final int DAY = 7;
    private static final int MONTH = 8;
    private static final int YEAR = 9;

    private static final int REGISTER_B = 0x0b;
    private static final int B_BINARY = 1 << 2;
    private static final int B_24_HOUR = 1 << 1;
    private static final int PM = 1 << 7;
    /** Alarm bytes from here match anything. */
    private static final int DO_NOT_CARE = 0xc0;

    private static final long SECOND = 1_000_000_000;
    private static final int SECONDS_PER_DAY = 86_400;
    /** A second after the end of all machines, whose nanoseconds are still a number. */
    private static final long NEVER = Long.MAX_VALUE / SECOND / 2;
    /** From UIP to the end of the update at 32.768 kHz: 244 and 1984 us. */
    private static final long UPDATE_TIME = 2_228_000;

    private final State state;
    private final byte[] ram;
    private final Clock clock;

    RtcCalendar(State state, byte[] ram, Clock clock) {
        this.state = state;
        this.ram = ram;
        this.clock = clock;
    }

    static boolean isTime(int index) {
        return index == Rtc.CENTURY
                || index <= YEAR && index != SECONDS_ALARM && index != MINUTES_ALARM && index != HOURS_ALARM;
    }

    // ---- the passage of time ------------------------------------------------------------------------------------------

    boolean isRunning() {
        return !state.setting && !state.held;
    }

    private long now() {
        return isRunning() ? clock.wallNanos() + state.offset : state.stoppedAt;
    }

    private void now(long nanos) {
        state.stoppedAt = nanos;
        state.offset = nanos - clock.wallNanos();
    }

    /** How far the divider is into a second: setting the time does not disturb it. */
    private long phase() {
        return Math.floorMod(clock.wallNanos() + state.offset, SECOND);
    }

    /** Calendar time in whole seconds since 1970. */
    long second() {
        return Math.floorDiv(now(), SECOND);
    }

    long nanosUntil(long second) {
        return Math.max(0, second * SECOND - now());
    }

    boolean isUpdating() {
        return isRunning() && Math.floorMod(now(), SECOND) >= SECOND - UPDATE_TIME;
    }

    /** SET stops the calendar, not the divider: when it is cleared, the second goes on where it would have been. */
    void set(boolean setting) {
        if (setting && !state.setting) {
            show();
            state.stoppedAt = now();
        }
        boolean resume = state.setting && !setting;
        state.setting = setting;
        if (resume && !state.held) {
            now(Math.floorDiv(state.stoppedAt, SECOND) * SECOND + phase());
        }
    }

    /** Released from reset, the first update comes after half a second. MC146818A, "Divider control". */
    void dividerReset(boolean held) {
        if (held && !state.held) {
            state.stoppedAt = now();
        }
        boolean release = state.held && !held;
        state.held = held;
        if (release) {
            now(Math.floorDiv(state.stoppedAt, SECOND) * SECOND + SECOND / 2);
        }
    }

    // ---- registers --------------------------------------------------------------------------------------------------

    /** Brings the registers up to date, unless the guest is setting them. */
    void show() {
        if (state.setting) {
            return;
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(second(), 0, ZoneOffset.UTC);
        ram[SECONDS] = encode(time.getSecond());
        ram[MINUTES] = encode(time.getMinute());
        ram[HOURS] = encodeHour(time.getHour());
        ram[WEEKDAY] = encode((weekday(time.toLocalDate()) + state.weekdayShift) % 7 + 1);
        ram[DAY] = encode(time.getDayOfMonth());
        ram[MONTH] = encode(time.getMonthValue());
        ram[YEAR] = encode(time.getYear() % 100);
        ram[Rtc.CENTURY] = encode(time.getYear() / 100 % 100);
    }

    /** 0 is Sunday. */
    private static int weekday(LocalDate date) {
        return date.getDayOfWeek().getValue() % 7;
    }

    /** The registers were written: they are the time. Dates that do not exist run over into the next month. */
    void adopt() {
        LocalDate date = LocalDate.of(decode(Rtc.CENTURY) * 100 + decode(YEAR), 1, 1)
                .plusMonths(decode(MONTH) - 1)
                .plusDays(decode(DAY) - 1);
        long second = date.toEpochDay() * SECONDS_PER_DAY
                + decodeHour(HOURS) * 3600 + decode(MINUTES) * 60 + decode(SECONDS);
        state.weekdayShift = Math.floorMod(decode(WEEKDAY) - 1 - weekday(date), 7);
        now(second * SECOND + phase());
    }

    private byte encode(int value) {
        boolean binary = (ram[REGISTER_B] & B_BINARY) != 0;
        return (byte) (binary ? value : value / 10 << 4 | value % 10);
    }

    private int decode(int index) {
        return decodeValue(ram[index] & 0xff);
    }

    private int decodeValue(int value) {
        boolean binary = (ram[REGISTER_B] & B_BINARY) != 0;
        return binary ? value : (value >> 4) * 10 + (value & 0xf);
    }

    private byte encodeHour(int hour) {
        if ((ram[REGISTER_B] & B_24_HOUR) != 0) {
            return encode(hour);
        }
        return (byte) (encode((hour + 11) % 12 + 1) | (hour >= 12 ? PM : 0));
    }

    private int decodeHour(int index) {
        int value = ram[index] & 0xff;
        if ((ram[REGISTER_B] & B_24_HOUR) != 0) {
            return decodeValue(value);
        }
        return decodeValue(value & ~PM) % 12 + ((value & PM) != 0 ? 12 : 0);
    }

    // ---- alarm ------------------------------------------------------------------------------------------------------

    /** The first second after {@code second} at which the alarm bytes match; {@link #NEVER} if they never do. */
    long nextAlarm(long second) {
        int hour = alarmHour();
        int minute = alarmField(MINUTES_ALARM);
        int alarmSecond = alarmField(SECONDS_ALARM);
        if (hour > 23 || minute > 59 || alarmSecond > 59) {
            return NEVER;
        }
        long midnight = Math.floorDiv(second + 1, SECONDS_PER_DAY) * SECONDS_PER_DAY;
        int time = (int) (second + 1 - midnight);
        while (true) { // each turn passes an hour, a minute or a second that does not match
            if (hour >= 0 && time / 3600 % 24 != hour) {
                time = (time / 3600 + 1) * 3600;
            } else if (minute >= 0 && time / 60 % 60 != minute) {
                time = (time / 60 + 1) * 60;
            } else if (alarmSecond >= 0 && time % 60 != alarmSecond) {
                time++;
            } else {
                return midnight + time;
            }
        }
    }

    /** Value of an alarm byte, or -1 where it does not care. */
    private int alarmField(int index) {
        int value = ram[index] & 0xff;
        return value >= DO_NOT_CARE ? -1 : decodeValue(value);
    }

    private int alarmHour() {
        int value = ram[HOURS_ALARM] & 0xff;
        return value >= DO_NOT_CARE ? -1 : decodeHour(HOURS_ALARM);
    }
}
