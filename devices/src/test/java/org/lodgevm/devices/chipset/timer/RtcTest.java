package org.lodgevm.devices.chipset.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.ManualClock;
import org.lodgevm.devices.chipset.Wire;

class RtcTest {
    private static final long SECOND = 1_000_000_000;
    private static final int A = 0x0a;
    private static final int B = 0x0b;
    private static final int C = 0x0c;
    private static final int SET = 0x80;
    private static final int H24 = 2;
    private static final int BINARY = 4;

    private final ManualClock clock =
            new ManualClock(LocalDateTime.of(2024, 2, 28, 23, 59, 57).toEpochSecond(ZoneOffset.UTC) * SECOND);
    private final Wire irq = new Wire();
    private final Rtc rtc = new Rtc(clock, irq);

    private int get(int index) {
        rtc.write(0, 1, index);
        return (int) rtc.read(1, 1);
    }

    private void set(int index, int value) {
        rtc.write(0, 1, index);
        rtc.write(1, 1, value);
    }

    @Test
    void theTimeIsTheHostsInBcdOf24Hours() {
        assertThat(new int[] {get(0), get(2), get(4), get(6), get(7), get(8), get(9), get(0x32)})
                .containsExactly(0x57, 0x59, 0x23, 4, 0x28, 0x02, 0x24, 0x20);
        clock.advance(3 * SECOND);
        assertThat(new int[] {get(0), get(2), get(4), get(6), get(7), get(8)}).containsExactly(0, 0, 0, 5, 0x29, 2);
    }

    @Test
    void binaryAndTwelveHourFormats() {
        set(B, H24 | BINARY);
        assertThat(get(2)).isEqualTo(59);
        set(B, BINARY);
        assertThat(get(4)).isEqualTo(0x80 | 11);
        set(B, 0);
        assertThat(get(4)).isEqualTo(0x80 | 0x11);
        clock.advance(3 * SECOND);
        assertThat(get(4)).as("midnight is 12 AM").isEqualTo(0x12);
    }

    @Test
    void theGuestSetsTheTimeWhileItStandsStill() {
        set(B, SET | H24);
        set(0, 0x30);
        set(2, 0x15);
        set(4, 0x08);
        set(7, 0x31);
        set(8, 0x12);
        set(9, 0x99);
        set(0x32, 0x19);
        clock.advance(10 * SECOND);
        assertThat(get(0)).isEqualTo(0x30);
        set(B, H24);
        clock.advance(5 * SECOND);
        assertThat(new int[] {get(0), get(2), get(4), get(7), get(8), get(9), get(0x32)})
                .containsExactly(0x35, 0x15, 0x08, 0x31, 0x12, 0x99, 0x19);
    }

    @Test
    void aRegisterWrittenWithoutSetMovesTheClockToo() {
        set(4, 0x05);
        clock.advance(2 * SECOND);
        assertThat(get(4)).isEqualTo(0x05);
        assertThat(get(0)).isEqualTo(0x59);
    }

    @Test
    void theDayOfTheWeekIsTheGuests() {
        set(6, 1);
        assertThat(get(6)).isEqualTo(1);
        clock.advance(3 * SECOND);
        assertThat(get(6)).isEqualTo(2);
    }

    @Test
    void togglingInterruptEnablesLeavesTheTimeAlone() {
        clock.advance(SECOND / 2);
        set(B, H24 | 0x40);
        set(B, H24);
        assertThat(get(0)).isEqualTo(0x57);
        clock.advance(SECOND / 2);
        assertThat(get(0)).isEqualTo(0x58);
    }

    @Test
    void updateInProgressPrecedesTheNewSecond() {
        assertThat(get(A) & 0x80).isZero();
        clock.advance(SECOND - 244_000);
        assertThat(get(A) & 0x80).isNotZero();
        assertThat(get(0)).isEqualTo(0x57);
        clock.advance(244_000);
        assertThat(get(A) & 0x80).isZero();
        assertThat(get(0)).isEqualTo(0x58);
    }

    @Test
    void theDividerReleasedFromResetUpdatesAfterHalfASecond() {
        set(A, 0x70);
        clock.advance(7 * SECOND / 3);
        assertThat(get(0)).isEqualTo(0x57);
        set(A, 0x26);
        clock.advance(SECOND / 2 - 1);
        assertThat(get(0)).isEqualTo(0x57);
        clock.advance(1);
        assertThat(get(0)).isEqualTo(0x58);
    }

    @Test
    void theUpdateInterruptComesEverySecondOnceRegisterCIsRead() {
        set(B, H24 | 0x10);
        clock.advance(SECOND);
        assertThat(irq.asserted()).isTrue();
        clock.advance(3 * SECOND);
        assertThat(irq.edges()).as("no more until it is acknowledged").isEqualTo(1);
        assertThat(get(C) & 0x90).isEqualTo(0x90);
        assertThat(irq.asserted()).isFalse();
        assertThat(get(C) & 0xf0).isZero();
        clock.advance(SECOND);
        assertThat(irq.edges()).isEqualTo(2);
    }

    @Test
    void thePeriodicInterruptHasTheRateOfRegisterA() {
        set(A, 0x2a); // 64 Hz
        set(B, H24 | 0x40);
        int count = 0;
        for (int i = 0; i < 1000; i++) {
            clock.advance(SECOND / 1000);
            if (irq.asserted()) {
                count++;
                assertThat(get(C) & 0xc0).isEqualTo(0xc0);
            }
        }
        assertThat(count).isEqualTo(64);
        set(A, 0x20);
        clock.advance(SECOND);
        assertThat(irq.asserted()).isFalse();
    }

    @Test
    void flagsAreSetWithoutTheirInterrupt() {
        set(B, H24);
        get(C);
        clock.advance(SECOND);
        assertThat(get(C)).isEqualTo(0x50);
        assertThat(irq.edges()).isZero();
    }

    @Test
    void theAlarmMatchesAcrossMidnight() {
        set(1, 0x01);
        set(3, 0x00);
        set(5, 0x00);
        set(B, H24 | 0x20);
        clock.advance(3 * SECOND);
        assertThat(irq.asserted()).isFalse();
        clock.advance(SECOND);
        assertThat(irq.asserted()).isTrue();
        assertThat(get(C) & 0xa0).isEqualTo(0xa0);
        clock.advance(86_399 * SECOND);
        assertThat(irq.asserted()).isFalse();
        clock.advance(SECOND);
        assertThat(irq.asserted()).isTrue();
    }

    @Test
    void alarmBytesThatDoNotCareMatchEveryMinuteOrSecond() {
        set(1, 0x10);
        set(3, 0xff);
        set(5, 0xc0);
        set(B, H24 | 0x20);
        int count = 0;
        for (int i = 0; i < 180; i++) {
            clock.advance(SECOND);
            count += (get(C) & 0x20) != 0 ? 1 : 0;
        }
        assertThat(count).isEqualTo(3);
        set(3, 0x77);
        clock.advance(7200 * SECOND);
        assertThat(get(C) & 0x20).as("77 is no minute").isZero();
    }

    @Test
    void cmosRamHasTwoBanksAndSurvivesReset() {
        set(0x0f, 0x05);
        set(0x7f, 0xaa);
        rtc.write(2, 1, 0x7f);
        rtc.write(3, 1, 0x55);
        rtc.reset();
        assertThat(get(0x0f)).isEqualTo(5);
        assertThat(rtc.cmos(0x7f)).isEqualTo(0xaa);
        assertThat(rtc.cmos(0xff)).isEqualTo(0x55);
        rtc.cmos(0x34, 0x12);
        assertThat(get(0x34)).isEqualTo(0x12);
    }

    @Test
    void resetDisablesInterruptsButKeepsTheTime() {
        set(B, H24 | 0x70);
        clock.advance(SECOND);
        rtc.reset();
        assertThat(irq.asserted()).isFalse();
        assertThat(get(B)).isEqualTo(H24);
        assertThat(get(0)).isEqualTo(0x58);
    }

    @Test
    void bit7OfTheIndexMasksNmi() {
        assertThat(rtc.nmiEnabled()).isTrue();
        rtc.write(0, 1, 0x80 | 0x0f);
        assertThat(rtc.nmiEnabled()).isFalse();
        set(0x0f, 1);
        assertThat(rtc.nmiEnabled()).isTrue();
    }

    @Test
    void registerDSaysTheBatteryIsGoodAndCannotBeWritten() {
        set(0x0d, 0);
        assertThat(get(0x0d)).isEqualTo(0x80);
        set(C, 0xff);
        assertThat(get(C)).isZero();
    }
}
