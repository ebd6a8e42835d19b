package org.lodgevm.vm.acpi;

import static org.lodgevm.vm.acpi.Aml.device;
import static org.lodgevm.vm.acpi.Aml.eisaId;
import static org.lodgevm.vm.acpi.Aml.field;
import static org.lodgevm.vm.acpi.Aml.integer;
import static org.lodgevm.vm.acpi.Aml.join;
import static org.lodgevm.vm.acpi.Aml.name;
import static org.lodgevm.vm.acpi.Aml.operationRegion;
import static org.lodgevm.vm.acpi.Aml.resourceTemplate;
import static org.lodgevm.vm.acpi.Aml.string;

import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.vm.acpi.Aml.FieldUnit;

/** The LPC bridge with the devices behind it. Identifiers: "Plug and Play ID" registry, ISA section; QEMU for QEMU0002. */
final class IsaDevices {
    private static final int IRQ_CASCADE = 2;
    private static final int IRQ_FPU = 13;
    private static final int DMA_CASCADE = 4;
    private static final long FUNCTION_SHIFT = 16;
    /** PIRQA_ROUT to PIRQD_ROUT; the other four follow after a gap of as many bytes. */
    private static final int PIRQ_ROUT = 0x60;

    private static final int PIRQ_ROUT_SIZE = 12;

    private IsaDevices() {}

    static byte[] bridge() {
        return device("ISA",
                name("_ADR", integer((long) PcLayout.SLOT_LPC_BRIDGE << FUNCTION_SHIFT)),
                operationRegion("PIRQ", Aml.PCI_CONFIG, PIRQ_ROUT, PIRQ_ROUT_SIZE),
                field("PIRQ", routingRegisters()),
                legacyDevices(),
                serialPorts(),
                firmwareConfiguration(),
                motherboard());
    }

    private static FieldUnit[] routingRegisters() {
        FieldUnit[] units = new FieldUnit[9];
        for (int link = 0; link < 8; link++) {
            units[link < 4 ? link : link + 1] = new FieldUnit(PciLinks.register(link), 8);
        }
        units[4] = new FieldUnit("", 32);
        return units;
    }

    private static byte[] legacyDevices() {
        return join(
                isa("PIC", "PNP0000", Resource.io(PcLayout.PIC_1, 2), Resource.io(PcLayout.PIC_2, 2), Resource.io(PcLayout.ELCR, 2),
                        Resource.irq(IRQ_CASCADE)),
                isa("TIMR", "PNP0100", Resource.io(PcLayout.PIT, 4), Resource.irq(PcLayout.IRQ_TIMER)),
                isa("DMAC", "PNP0200", Resource.io(PcLayout.DMA_1, 16), Resource.io(PcLayout.DMA_PAGE, 15),
                        Resource.io(PcLayout.DMA_2, 32), Resource.dma(DMA_CASCADE)),
                isa("RTC", "PNP0B00", Resource.io(PcLayout.RTC, 8), Resource.irq(PcLayout.IRQ_RTC)),
                isa("KBD", "PNP0303", Resource.io(PcLayout.KEYBOARD_DATA, 1), Resource.io(PcLayout.KEYBOARD_COMMAND, 1),
                        Resource.irq(PcLayout.IRQ_KEYBOARD)),
                isa("MOU", "PNP0F13", Resource.irq(PcLayout.IRQ_MOUSE)),
                isa("SPKR", "PNP0800", Resource.io(PcLayout.SYSTEM_CONTROL_B, 1)),
                isa("FPU", "PNP0C04", Resource.io(0xf0, 1), Resource.irq(IRQ_FPU)));
    }

    private static byte[] isa(String name, String id, byte[]... resources) {
        return device(name, name("_HID", eisaId(id)), name("_CRS", resourceTemplate(resources)));
    }

    private static byte[] serialPorts() {
        byte[][] ports = new byte[PcLayout.UART_COUNT][];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = device("COM" + (i + 1),
                    name("_HID", eisaId("PNP0501")),
                    name("_UID", integer(i + 1)),
                    name("_CRS", resourceTemplate(Resource.io(PcLayout.uart(i), 8), Resource.irq(PcLayout.uartIrq(i)))));
        }
        return join(ports);
    }

    private static byte[] firmwareConfiguration() {
        return device("FWCF",
                name("_HID", string("QEMU0002")),
                name("_STA", integer(0xb)),
                name("_CRS", resourceTemplate(Resource.io(PcLayout.FW_CFG, PcLayout.FW_CFG_DMA + 8 - PcLayout.FW_CFG))));
    }

    /** What belongs to no driver, and must not be given to PCI devices. */
    private static byte[] motherboard() {
        return device("MBRD",
                name("_HID", eisaId("PNP0C02")),
                name("_UID", integer(0)),
                name("_CRS", resourceTemplate(
                        Resource.io(PcLayout.POST, 1),
                        Resource.io(PcLayout.SYSTEM_CONTROL_A, 1),
                        Resource.io(PcLayout.SMI_COMMAND, 2),
                        Resource.io(PcLayout.PM, PcLayout.PM_SIZE),
                        Resource.memory32(PcLayout.ECAM, PcLayout.ECAM_SIZE),
                        Resource.memory32(PcLayout.ROOT_COMPLEX, 0x4000),
                        Resource.memory32(PcLayout.LOCAL_APIC, PcLayout.MSI_WINDOW_SIZE))));
    }
}
