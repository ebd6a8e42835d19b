package org.lodgevm.devices.chipset;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.devices.chipset.pci.PciFunction;
import org.lodgevm.devices.chipset.pci.PciIdentity;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;
import org.lodgevm.machine.IrqLine;

class ChipsetTest {
    private static final int LEVEL = 1 << 15;
    private static final long SVR = PcLayout.LOCAL_APIC + 0xf0;
    private static final long EOI = PcLayout.LOCAL_APIC + 0xb0;

    private final ManualClock clock = new ManualClock();
    private final ChipsetRig rig = new ChipsetRig(clock, 2);
    private final Chipset chipset = rig.chipset;

    @AfterEach
    void close() {
        rig.close();
    }

    /** Local APICs accept interrupts. */
    private void enableApics() {
        for (int i = 0; i < 2; i++) {
            chipset.socket(i).bus().write(SVR, 4, 0x1ff);
        }
    }

    private int serve(int cpu) {
        int vector = chipset.localApic(cpu).acknowledge();
        chipset.socket(cpu).bus().write(EOI, 4, 0);
        return vector;
    }

    @Test
    void everythingIsWhereTheLayoutSays() {
        assertThat(rig.pci(PcLayout.SLOT_HOST_BRIDGE, 0, 4)).isEqualTo(0x29c0_8086);
        assertThat(rig.pci(PcLayout.SLOT_LPC_BRIDGE, 0, 4)).isEqualTo(0x2918_8086);
        assertThat(rig.bus.read(PcLayout.HPET, 4)).isEqualTo(0x8086_a201L);
        rig.bus.write(PcLayout.IO_APIC, 4, 1);
        assertThat(rig.bus.read(PcLayout.IO_APIC + 0x10, 4)).isEqualTo(0x17_0020L);
        assertThat(rig.bus.read(PcLayout.LOCAL_APIC + 0x30, 4)).isEqualTo(0x0106_0014L);
        for (int i = 0; i < PcLayout.UART_COUNT; i++) {
            assertThat(rig.in(PcLayout.uart(i) + 5, 1)).isEqualTo(0x60);
        }
        assertThat(rig.in(PcLayout.DEBUG_CONSOLE, 1)).isEqualTo(0xe9);
        assertThat(rig.in(PcLayout.FIRMWARE_LOG, 1)).isEqualTo(0xe9);
        rig.out(PcLayout.FW_CFG, 2, 0);
        assertThat(rig.in(PcLayout.FW_CFG + 1, 1)).isEqualTo('Q');
        assertThat(rig.in(PcLayout.FW_CFG_DMA, 4)).isEqualTo(0x554d_4551);
        rig.out(PcLayout.POST, 1, 0xa5);
        assertThat(rig.in(PcLayout.POST, 1)).isEqualTo(0xa5);
        rig.out(PcLayout.TEST_DEVICE_ECHO, 4, 0x1234_5678);
        assertThat(rig.in(PcLayout.TEST_DEVICE_ECHO + 1, 2)).isEqualTo(0x3456);
        assertThat(rig.in(PcLayout.KEYBOARD_COMMAND, 1) & 1).isZero();
        assertThat(rig.in(PcLayout.RTC + 1, 1)).isNotEqualTo(0xff);
    }

    @Test
    void eachCpuSeesItsOwnLocalApic() {
        assertThat(chipset.socket(0).bus().read(PcLayout.LOCAL_APIC + 0x20, 4)).isZero();
        assertThat(chipset.socket(1).bus().read(PcLayout.LOCAL_APIC + 0x20, 4)).isEqualTo(1L << 24);
        assertThat(rig.machineBus.read(PcLayout.LOCAL_APIC + 0x20, 4)).as("nobody's").isEqualTo(0xffff_ffffL);
    }

    @Test
    void asFirmwareLeavesItTheTimerTicksThroughThePicOfTheBootCpu() {
        chipset.programLikeFirmware();
        rig.out(PcLayout.PIC_1 + 1, 1, 0xfe);
        clock.advance(54_925_500);
        assertThat(chipset.localApic(1).pending()).isFalse();
        assertThat(chipset.localApic(0).acknowledge()).isEqualTo(0x08);
        rig.out(PcLayout.PIC_1, 1, 0x20);
        clock.advance(54_925_500);
        assertThat(chipset.localApic(0).acknowledge()).isEqualTo(0x08);
    }

    @Test
    void anIsaInterruptReachesBothControllers() {
        chipset.programLikeFirmware();
        enableApics();
        rig.redirect(PcLayout.uartIrq(0), 0x44, 1);
        rig.out(PcLayout.PIC_1 + 1, 1, 0xff & ~(1 << PcLayout.uartIrq(0)));
        rig.out(PcLayout.uart(0) + 1, 1, 2);
        assertThat(serve(1)).isEqualTo(0x44);
        assertThat(serve(0)).isEqualTo(0x08 + 4);
    }

    @Test
    void theTimerIsAtPin2OfTheIoApic() {
        enableApics();
        rig.redirect(PcLayout.GSI_TIMER, 0x30, 0);
        chipset.programLikeFirmware();
        clock.advance(60_000_000);
        assertThat(serve(0)).isEqualTo(0x30);
    }

    @Test
    void pciInterruptsAreLevelsAtTheirPinsAndRoutedToThePic() {
        PciFunction card = chipset.pciBus().plug(3, 0, new PciIdentity(0x1af4, 0x1041, 1, 0x02_00_00));
        IrqLine inta = card.interruptPin(0);
        chipset.programLikeFirmware();
        enableApics();
        int gsi = PcLayout.pciGsi(3, 0);
        rig.redirect(gsi, 0x55 | LEVEL, 1);
        inta.set(true);
        assertThat(serve(1)).isEqualTo(0x55);
        assertThat(serve(1)).as("still asserted").isEqualTo(0x55);
        inta.set(false);
        serve(1);
        assertThat(serve(1)).isEqualTo(-1);
        rig.out(PcLayout.PIC_1 + 1, 1, 0xfb);
        rig.out(PcLayout.PIC_2 + 1, 1, 0);
        inta.set(true);
        assertThat(serve(0)).isEqualTo(0x70 + 11 - 8);
    }

    @Test
    void aMessageWrittenByADeviceInterrupts() {
        enableApics();
        rig.machineBus.write(PcLayout.LOCAL_APIC + 0x1000, 4, 0x61);
        assertThat(serve(1)).isEqualTo(0x61);
    }

    @Test
    void ecamAppearsWhereFirmwarePutsIt() {
        assertThat(rig.bus.read(PcLayout.ECAM, 4)).isEqualTo(0xffff_ffffL);
        chipset.programLikeFirmware();
        assertThat(rig.bus.read(PcLayout.ECAM + (PcLayout.SLOT_LPC_BRIDGE << 15), 4)).isEqualTo(0x2918_8086L);
        assertThat(rig.shadow).contains("f0000 true true").hasSize(13);
    }

    @Test
    void acpiIsEnabledPoweredOffAndToldOfTheButton() {
        chipset.programLikeFirmware();
        enableApics();
        rig.redirect(PcLayout.IRQ_SCI, 0x66 | LEVEL, 0);
        rig.out(PcLayout.PM1_EVENT + 2, 2, 1 << 8);
        rig.out(PcLayout.SMI_COMMAND, 1, PcLayout.ACPI_ENABLE);
        assertThat(rig.in(PcLayout.PM1_CONTROL, 2) & 1).isEqualTo(1);
        chipset.powerButton();
        assertThat(serve(0)).isEqualTo(0x66);
        rig.out(PcLayout.PM1_EVENT, 2, 1 << 8);
        rig.out(PcLayout.PM1_CONTROL, 2, PcLayout.SLP_TYP_S5 << 10 | 1 << 13);
        assertThat(rig.power.requests()).containsExactly("power off");
    }

    @Test
    void thePmTimerRunsAtItsFrequency() {
        chipset.programLikeFirmware();
        clock.advance(1_000_000_000);
        assertThat(rig.in(PcLayout.PM_TIMER, 4)).isEqualTo((int) PcLayout.PM_TIMER_FREQUENCY);
    }

    @Test
    void theMachineIsResetThroughThreePorts() {
        rig.out(PcLayout.RESET_CONTROL, 1, PcLayout.RESET_VALUE);
        rig.out(PcLayout.SYSTEM_CONTROL_A, 1, 1);
        rig.out(PcLayout.KEYBOARD_COMMAND, 1, 0xfe);
        assertThat(rig.power.requests())
                .containsExactly("reset by port 0xcf9", "reset by port 0x92", "reset by keyboard controller");
    }

    @Test
    void addressLine20IsOpenIfEitherGateSaysSo() {
        assertThat(rig.a20.asserted()).isTrue();
        rig.out(PcLayout.KEYBOARD_COMMAND, 1, 0xdd);
        assertThat(rig.a20.asserted()).isFalse();
        rig.out(PcLayout.SYSTEM_CONTROL_A, 1, 2);
        assertThat(rig.a20.asserted()).isTrue();
    }

    @Test
    void theDebugExitPassesItsCodeOn() {
        rig.out(PcLayout.DEBUG_EXIT, 4, 0x31);
        assertThat(rig.power.requests()).containsExactly("exit 49");
    }

    @Test
    void whatTheGuestPrintsReachesItsStreams() {
        for (char c : "serial".toCharArray()) {
            rig.out(PcLayout.uart(0), 1, c);
        }
        for (char c : "debug".toCharArray()) {
            rig.out(PcLayout.DEBUG_CONSOLE, 1, c);
        }
        chipset.drain();
        assertThat(rig.com1.toString(US_ASCII)).isEqualTo("serial");
        assertThat(rig.log.toString(US_ASCII)).isEqualTo("debug");
    }

    @Test
    void nmiPassesUnlessPort70MasksIt() {
        chipset.programLikeFirmware();
        chipset.nmi();
        assertThat(rig.cpus.get(0).signals).containsExactly("nmi");
        rig.out(PcLayout.RTC, 1, 0x80);
        chipset.nmi();
        assertThat(rig.cpus.get(0).signals).hasSize(1);
    }

    @Test
    void theTestDeviceDrivesInterruptLines() {
        enableApics();
        rig.redirect(0x0e, 0x81, 0);
        rig.out(PcLayout.TEST_DEVICE_IRQ + 0x0e, 1, 1);
        rig.out(PcLayout.TEST_DEVICE_IRQ + 0x0e, 1, 0);
        assertThat(serve(0)).isEqualTo(0x81);
    }

    @Test
    void resetUndoesWhatFirmwareAndGuestDid() {
        chipset.programLikeFirmware();
        rig.out(PcLayout.RTC, 1, 0x0f);
        rig.out(PcLayout.RTC + 1, 1, 5);
        rig.out(PcLayout.uart(1) + 7, 1, 0x42);
        enableApics();
        chipset.reset();
        assertThat(rig.bus.read(PcLayout.ECAM, 4)).isEqualTo(0xffff_ffffL);
        assertThat(rig.in(PcLayout.PM_TIMER, 4)).isEqualTo(-1);
        assertThat(rig.bus.read(SVR, 4)).isEqualTo(0xffL);
        assertThat(rig.in(PcLayout.uart(1) + 7, 1)).isZero();
        assertThat(chipset.rtc().cmos(0x0f)).as("CMOS RAM stays").isEqualTo(5);
        assertThat(clock.armed()).isZero();
    }

    @Test
    void impossibleMachinesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ChipsetConfig.of(0, SerialEndpoint.UNCONNECTED));
        assertThatIllegalArgumentException().isThrownBy(() -> ChipsetConfig.of(256, SerialEndpoint.UNCONNECTED));
        List<SerialEndpoint> five = Collections.nCopies(5, SerialEndpoint.UNCONNECTED);
        ChipsetConfig one = ChipsetConfig.of(1, SerialEndpoint.UNCONNECTED);
        assertThatIllegalArgumentException().isThrownBy(
                () -> new ChipsetConfig(1, five, one.debugConsole(), one.shadowRam(), one.a20()));
    }
}
