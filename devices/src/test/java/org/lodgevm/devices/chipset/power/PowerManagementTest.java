package org.lodgevm.devices.chipset.power;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.ManualClock;
import org.lodgevm.devices.chipset.RecordingPower;
import org.lodgevm.devices.chipset.Wire;
import org.lodgevm.devices.chipset.timer.Oscillator;

class PowerManagementTest {
    private static final int STATUS = 0;
    private static final int ENABLE = 2;
    private static final int CONTROL = 4;
    private static final int TIMER = 8;
    private static final int GPE0_STATUS = 0x20;
    private static final int GPE0_ENABLE = 0x28;
    private static final int POWER_BUTTON = 1 << 8;
    private static final int SLEEP_ENABLE = 1 << 13;
    private static final int ACPI_ON = 2;
    private static final int ACPI_OFF = 3;

    private final ManualClock clock = new ManualClock();
    private final Wire sci = new Wire();
    private final RecordingPower power = new RecordingPower();
    private final PowerManagement pm = new PowerManagement(clock, new Oscillator(1_000_000), sci, power);
    private final SmiCommand smiCommand = new SmiCommand(pm, ACPI_ON, ACPI_OFF);

    PowerManagementTest() {
        pm.reset();
    }

    private void ticks(long ticks) {
        clock.advance(1000 * ticks);
    }

    @Test
    void theTimerHas24Bits() {
        ticks(0x12_3456);
        assertThat(pm.read(TIMER, 4)).isEqualTo(0x12_3456);
        assertThat(pm.read(TIMER + 1, 1)).isEqualTo(0x34);
        ticks(0x100_0000);
        assertThat(pm.read(TIMER, 4)).isEqualTo(0x12_3456);
    }

    @Test
    void theTimersUppermostBitInterruptsWhenItChanges() {
        pm.write(ENABLE, 2, 1);
        smiCommand.write(0, 1, ACPI_ON);
        ticks(0x7f_ffff);
        assertThat(sci.asserted()).isFalse();
        ticks(1);
        assertThat(sci.asserted()).isTrue();
        pm.write(STATUS, 2, 1);
        assertThat(sci.asserted()).isFalse();
        ticks(0x80_0000);
        assertThat(sci.asserted()).isTrue();
    }

    @Test
    void theTimersStatusIsThereForWhoPollsIt() {
        ticks(0x80_0000);
        assertThat(pm.read(STATUS, 2) & 1).isEqualTo(1);
        pm.write(STATUS, 2, 1);
        assertThat(pm.read(STATUS, 2) & 1).isZero();
        assertThat(clock.armed()).isZero();
    }

    @Test
    void thePowerButtonInterruptsOnceAcpiIsEnabled() {
        pm.write(ENABLE, 2, POWER_BUTTON);
        pm.pressPowerButton();
        assertThat(sci.asserted()).isFalse();
        smiCommand.write(0, 1, ACPI_ON);
        assertThat(pm.read(CONTROL, 2)).isEqualTo(1);
        assertThat(sci.asserted()).isTrue();
        pm.write(STATUS + 1, 1, POWER_BUTTON >> 8);
        assertThat(sci.asserted()).isFalse();
        smiCommand.write(0, 1, ACPI_OFF);
        assertThat(pm.read(CONTROL, 2)).isZero();
    }

    @Test
    void softOffPowersOffByEitherChipsetsNumber() {
        pm.write(CONTROL, 2, SLEEP_ENABLE);
        pm.write(CONTROL, 2, SLEEP_ENABLE | 7 << 10);
        assertThat(power.requests()).containsExactly("power off", "power off");
    }

    @Test
    void sleepThatIsNotOfferedWakesAtOnce() {
        pm.write(CONTROL, 2, SLEEP_ENABLE | 5 << 10 | 1);
        assertThat(power.requests()).isEmpty();
        assertThat(pm.read(STATUS, 2) & 1 << 15).isNotZero();
        assertThat(pm.read(CONTROL, 2)).as("the sleep type is kept, the command is not").isEqualTo(5 << 10 | 1);
    }

    @Test
    void registersMayBeAccessedInAnyWidth() {
        pm.write(STATUS, 4, (long) POWER_BUTTON << 16);
        assertThat(pm.read(ENABLE, 2)).isEqualTo(POWER_BUTTON);
        pm.write(GPE0_ENABLE, 4, 0x1234_5678L);
        pm.write(GPE0_ENABLE + 7, 1, 0x9a);
        assertThat(pm.read(GPE0_ENABLE, 4)).isEqualTo(0x1234_5678L);
        assertThat(pm.read(GPE0_ENABLE + 4, 4)).isEqualTo(0x9a00_0000L);
    }

    @Test
    void anEventInterruptsWhenItIsEnabledAndUntilItIsAnswered() {
        pm.write(CONTROL, 2, 1);
        pm.event(5);
        assertThat(sci.asserted()).isFalse();
        pm.write(GPE0_ENABLE, 1, 1 << 5);
        assertThat(sci.asserted()).isTrue();
        assertThat(pm.read(GPE0_STATUS, 1)).isEqualTo(1 << 5);
        pm.write(GPE0_STATUS, 1, ~(1 << 5) & 0xff);
        assertThat(sci.asserted()).isTrue();
        pm.write(GPE0_STATUS, 1, 1 << 5);
        assertThat(sci.asserted()).isFalse();
        assertThat(pm.read(GPE0_STATUS, 8)).isZero();
    }

    @Test
    void apmAccessesHaveTheirSmiAlready() {
        assertThat(pm.read(0x30, 4)).isEqualTo(1 << 5);
        pm.write(0x30, 4, 0);
        assertThat(pm.read(0x30, 4)).isEqualTo(1 << 5);
        smiCommand.write(1, 1, 0x77);
        assertThat(smiCommand.read(1, 1)).isEqualTo(0x77);
    }

    @Test
    void theResetPortResetsOnARisingEdge() {
        ResetControl control = new ResetControl(power);
        control.write(0, 1, 0x02);
        assertThat(power.requests()).isEmpty();
        control.write(0, 1, 0x06);
        control.write(0, 1, 0x0e);
        assertThat(power.requests()).containsExactly("reset by port 0xcf9");
        assertThat(control.read(0, 1)).isEqualTo(0x0e);
        control.reset();
        control.write(0, 1, 0x0f);
        assertThat(power.requests()).hasSize(2);
    }
}
