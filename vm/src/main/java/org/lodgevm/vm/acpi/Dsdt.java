package org.lodgevm.vm.acpi;

import static org.lodgevm.vm.acpi.Aml.arg;
import static org.lodgevm.vm.acpi.Aml.device;
import static org.lodgevm.vm.acpi.Aml.eisaId;
import static org.lodgevm.vm.acpi.Aml.integer;
import static org.lodgevm.vm.acpi.Aml.join;
import static org.lodgevm.vm.acpi.Aml.method;
import static org.lodgevm.vm.acpi.Aml.name;
import static org.lodgevm.vm.acpi.Aml.notification;
import static org.lodgevm.vm.acpi.Aml.pack;
import static org.lodgevm.vm.acpi.Aml.path;
import static org.lodgevm.vm.acpi.Aml.resourceTemplate;
import static org.lodgevm.vm.acpi.Aml.scope;
import static org.lodgevm.vm.acpi.Aml.store;
import static org.lodgevm.vm.acpi.Aml.string;

import org.lodgevm.devices.chipset.PcLayout;

/** The machine's description in AML: sleep states, processors and what hangs off the root bridge. @acpi 5.2.11.1 */
final class Dsdt {
    static final int REVISION = 2;

    private static final int HPET_SIZE = 0x400;

    /** Of a device whose driver knows what it means. @acpi 5.6.6 */
    private static final int CHANGED = 0x80;

    private Dsdt() {}

    /** The table after its header. */
    static byte[] body(int cpus, int virtioMmio) {
        return join(
                softOff(),
                name("PICF", integer(0)),
                method("\\_PIC", 1, store(arg(0), path("PICF"))),
                scope("\\_GPE", method("_E%02X".formatted(PcLayout.GPE_GENERATION), 0, notification(path("\\_SB_.VGEN"), integer(CHANGED)))),
                scope("\\_SB", processors(cpus), hpet(), generationId(), PciRoot.device(), PciLinks.devices(), VirtioMmioDevices.devices(virtioMmio)));
    }

    /** The state S5: SLP_TYP for PM1a and PM1b. @acpi 7.4.2 */
    private static byte[] softOff() {
        byte[] type = integer(PcLayout.SLP_TYP_S5);
        return name("\\_S5", pack(type, type, integer(0), integer(0)));
    }

    /** Processor devices, whose unique ids are those of the MADT. @acpi 8.4 */
    private static byte[] processors(int cpus) {
        byte[][] devices = new byte[cpus][];
        for (int cpu = 0; cpu < cpus; cpu++) {
            devices[cpu] = device("C%03X".formatted(cpu), name("_HID", string("ACPI0007")), name("_UID", integer(cpu)));
        }
        return join(devices);
    }

    /** Microsoft, Virtual Machine Generation ID: its names, and where it stands, the lower half of the address first. */
    private static byte[] generationId() {
        return device("VGEN",
                name("_HID", string("LODG0001")),
                name("_CID", string("VM_Gen_Counter")),
                name("_DDN", string("VM_Gen_Counter")),
                name("ADDR", pack(integer(PcLayout.GENERATION_ID), integer(0))));
    }

    private static byte[] hpet() {
        return device("HPET",
                name("_HID", eisaId("PNP0103")),
                name("_UID", integer(0)),
                name("_CRS", resourceTemplate(Resource.memory32(PcLayout.HPET, HPET_SIZE))));
    }
}
