package org.lodgevm.devices.chipset;

import java.util.List;

/**
 * Every fixed address of the machine: memory map, ports, interrupt lines. The one place where they are written down; the
 * chipset maps its devices from here and the machine's ACPI tables describe them from here.
 *
 * <p>The machine is a Q35: a 82G33 memory controller hub with an ICH9 south bridge. Sources: Intel ICH9 datasheet
 * (316972) chapter 9 "Register and memory mappings"; Intel 3 Series MCH datasheet (316966) chapter 5; "ISA port" means the
 * IBM PC/AT assignment. Where firmware chooses an address, it is the one SeaBIOS and OVMF choose for Q35.
 */
public final class PcLayout {
    private PcLayout() {}

    // ---- memory map -------------------------------------------------------------------------------------------

    /** RAM below 4 GiB ends here at the latest; the rest continues at {@link #HIGH_RAM}. */
    public static final long LOW_RAM_LIMIT = 0xb000_0000L;

    /** Memory-mapped configuration space (PCI Express ECAM), 1 MiB for each of 256 buses. @pcie 7.2.2 */
    public static final long ECAM = 0xb000_0000L;

    public static final int ECAM_BUSES = 256;
    public static final long ECAM_SIZE = (long) ECAM_BUSES << 20;

    /** Window for 32-bit base address registers. */
    public static final long PCI_WINDOW_32 = 0xc000_0000L;

    public static final long PCI_WINDOW_32_END = 0xfeb0_0000L;

    /** Registers of virtio devices that are not on the PCI bus, a page each. */
    public static final long VIRTIO_MMIO = 0xfeb0_0000L;

    private static final long VIRTIO_MMIO_SIZE = 0x1000;

    public static long virtioMmio(int index) {
        return VIRTIO_MMIO + VIRTIO_MMIO_SIZE * index;
    }

    public static final long IO_APIC = 0xfec0_0000L;
    public static final long HPET = 0xfed0_0000L;

    /** Where firmware would place the root complex registers of the ICH9 (RCBA), which are absent: kept free. */
    public static final long ROOT_COMPLEX = 0xfed1_c000L;

    /** Local APIC page of every CPU until it relocates it, and the window for message-signalled interrupts. @sdm 11.4.1, 11.11.1 */
    public static final long LOCAL_APIC = 0xfee0_0000L;

    public static final long MSI_WINDOW_SIZE = 0x10_0000L;

    /** A page that has the machine's generation number. */
    public static final long GENERATION_ID = LOCAL_APIC + MSI_WINDOW_SIZE;

    /** Memory of the test device that kvm-unit-tests expects. */
    public static final long TEST_DEVICE_MEMORY = 0xff00_0000L;

    /** Firmware ROM ends here, at 4 GiB. */
    public static final long ROM_END = 0x1_0000_0000L;

    /** RAM that does not fit below {@link #LOW_RAM_LIMIT}. Persistent memory follows it, aligned to {@link #LARGEST_PAGE}. */
    public static final long HIGH_RAM = 0x1_0000_0000L;

    /** @sdm 4.5.4 */
    public static final long LARGEST_PAGE = 1 << 30;

    /** Window for 64-bit base address registers: 256 to 512 GiB. */
    public static final long PCI_WINDOW_64 = 0x40_0000_0000L;

    public static final long PCI_WINDOW_64_END = 0x80_0000_0000L;

    /** MAXPHYADDR of the CPUs: which bits of IA32_APIC_BASE are reserved. @sdm 11.4.4 */
    public static final int PHYSICAL_ADDRESS_BITS = 40;

    // ---- ports ------------------------------------------------------------------------------------------------

    public static final int DMA_1 = 0x00;
    public static final int PIC_1 = 0x20;
    public static final int PIT = 0x40;
    public static final int KEYBOARD_DATA = 0x60;
    /** NMI status and control, PIT channel 2 gate, speaker. */
    public static final int SYSTEM_CONTROL_B = 0x61;
    public static final int KEYBOARD_COMMAND = 0x64;
    public static final int RTC = 0x70;
    public static final int POST = 0x80;
    public static final int DMA_PAGE = 0x81;
    /** A20 and fast reset. */
    public static final int SYSTEM_CONTROL_A = 0x92;
    public static final int PIC_2 = 0xa0;
    /** APM control, written to enter or leave ACPI mode; status is the next port. */
    public static final int SMI_COMMAND = 0xb2;
    public static final int DMA_2 = 0xc0;
    /** Echo port, flush port and interrupt lines of the kvm-unit-tests device. */
    public static final int TEST_DEVICE_ECHO = 0xe0;
    public static final int TEST_DEVICE_FLUSH = 0xe4;
    public static final int DEBUG_CONSOLE = 0xe9;
    public static final int DEBUG_EXIT = 0xf4;
    /** SeaBIOS and OVMF write their log here. */
    public static final int FIRMWARE_LOG = 0x402;
    /** Edge/level control registers of the PICs. */
    public static final int ELCR = 0x4d0;
    public static final int FW_CFG = 0x510;
    public static final int FW_CFG_DMA = 0x514;
    /** ACPI power management block (PMBASE of the LPC bridge). */
    public static final int PM = 0x600;
    public static final int PCI_CONFIG_ADDRESS = 0xcf8;
    public static final int RESET_CONTROL = 0xcf9;
    public static final int PCI_CONFIG_DATA = 0xcfc;
    public static final int TEST_DEVICE_IRQ = 0x2000;
    /** Window for base address registers of ports. */
    public static final int PCI_PORTS = 0xc000;

    public static final int PCI_PORTS_END = 0x1_0000;

    private static final int[] UARTS = {0x3f8, 0x2f8, 0x3e8, 0x2e8};
    public static final int UART_COUNT = 4;

    /** COM1..COM4: base port of a UART. */
    public static int uart(int index) {
        return UARTS[index];
    }

    // ---- registers in the ACPI power management block, as ports; widths in bytes ----------------------------------

    public static final int PM_SIZE = 128;
    public static final int PM1_EVENT = PM;
    public static final int PM1_EVENT_SIZE = 4;
    public static final int PM1_CONTROL = PM + 0x04;
    public static final int PM1_CONTROL_SIZE = 2;
    public static final int PM_TIMER = PM + 0x08;
    public static final int PM_TIMER_SIZE = 4;
    public static final int GPE0 = PM + 0x20;
    /** Status and enable, eight bytes each. */
    public static final int GPE0_SIZE = 16;
    /** The general-purpose event of a {@link #GENERATION_ID} that has changed. */
    public static final int GPE_GENERATION = 5;

    /** Values for {@link #SMI_COMMAND}. */
    public static final int ACPI_ENABLE = 2;
    public static final int ACPI_DISABLE = 3;
    /** Bits of the PM timer: the FADT's TMR_VAL_EXT is clear. */
    public static final int PM_TIMER_BITS = 24;
    /** SLP_TYP of the soft-off state, for the DSDT's {@code _S5} object. */
    public static final int SLP_TYP_S5 = 0;
    /** Value that resets the machine when written to {@link #RESET_CONTROL}. */
    public static final int RESET_VALUE = 0x0f;

    // ---- interrupts -------------------------------------------------------------------------------------------

    public static final int IRQ_TIMER = 0;
    public static final int IRQ_KEYBOARD = 1;
    public static final int IRQ_RTC = 8;
    /** ACPI's system control interrupt: level-triggered, active high. */
    public static final int IRQ_SCI = 9;
    public static final int IRQ_MOUSE = 12;

    private static final int[] UART_IRQS = {4, 3, 4, 3};

    public static int uartIrq(int index) {
        return UART_IRQS[index];
    }

    public static final int IO_APIC_PINS = 24;
    /** I/O APIC pin that ISA IRQ 0 reaches; pin 0 carries the PIC's INTR. Other ISA IRQs go to the pin of their number. */
    public static final int GSI_TIMER = 2;
    /** Global system interrupt of PIRQA#; PIRQB# to PIRQH# follow. */
    public static final int GSI_PIRQ_A = 16;
    /** I/O APIC pins that HPET timers may be routed to, one bit a pin: 20 to 23, as on an ICH9. */
    public static final int HPET_ROUTES = 0xf << 20;
    /** ISA interrupts of PIRQA# to PIRQD#, and again of PIRQE# to PIRQH#, as firmware routes them. */
    public static final List<Integer> PIRQ_ROUTES = List.of(10, 10, 11, 11);

    /** I/O APIC id: one that no CPU has. */
    public static int ioApicId(int cpus) {
        return cpus > 14 ? 15 : cpus;
    }

    /** GSI of an ISA interrupt. */
    public static int isaGsi(int irq) {
        return irq == IRQ_TIMER ? GSI_TIMER : irq;
    }

    /**
     * Which of PIRQA# to PIRQH# (0 to 7) a device on the root bus drives: slots 0 to 24 are swizzled over PIRQE# to PIRQH#,
     * the chipset's own slots 25 to 31 use PIRQA# to PIRQD#.
     *
     * @param slot device number
     * @param pin 0 for INTA# to 3 for INTD#
     */
    public static int pirq(int slot, int pin) {
        return slot < 25 ? 4 + (slot + pin & 3) : pin;
    }

    /** ISA interrupt that a PCI device's interrupt pin reaches while firmware's routing holds. */
    public static int pciIrq(int slot, int pin) {
        return PIRQ_ROUTES.get(pirq(slot, pin) % PIRQ_ROUTES.size());
    }

    /** GSI that a PCI device's interrupt pin reaches in APIC mode. */
    public static int pciGsi(int slot, int pin) {
        return GSI_PIRQ_A + pirq(slot, pin);
    }

    /** GSI of a virtio device that is not on the PCI bus: those of the chipset's own slots, which have no interrupts, in turn. */
    public static int virtioMmioGsi(int index) {
        return GSI_PIRQ_A + (index & 3);
    }

    // ---- frequencies, Hz --------------------------------------------------------------------------------------

    public static final long PIT_FREQUENCY = 1_193_182;
    public static final long PM_TIMER_FREQUENCY = 3_579_545;
    public static final long HPET_FREQUENCY = 100_000_000;
    /** Input of the local APIC timer's divider. */
    public static final long APIC_TIMER_FREQUENCY = 1_000_000_000;

    // ---- PCI ----------------------------------------------------------------------------------------------------

    public static final int SLOT_HOST_BRIDGE = 0;
    /** Slots for devices that a machine may or may not have. */
    public static final int FIRST_FREE_SLOT = 1;

    public static final int FREE_SLOTS = 24;
    public static final int SLOT_LPC_BRIDGE = 31;
}
