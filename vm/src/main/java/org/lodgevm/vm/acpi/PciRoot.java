package org.lodgevm.vm.acpi;

import static org.lodgevm.vm.acpi.Aml.and;
import static org.lodgevm.vm.acpi.Aml.arg;
import static org.lodgevm.vm.acpi.Aml.createDWordField;
import static org.lodgevm.vm.acpi.Aml.eisaId;
import static org.lodgevm.vm.acpi.Aml.equal;
import static org.lodgevm.vm.acpi.Aml.integer;
import static org.lodgevm.vm.acpi.Aml.local;
import static org.lodgevm.vm.acpi.Aml.name;
import static org.lodgevm.vm.acpi.Aml.not;
import static org.lodgevm.vm.acpi.Aml.or;
import static org.lodgevm.vm.acpi.Aml.otherwise;
import static org.lodgevm.vm.acpi.Aml.path;
import static org.lodgevm.vm.acpi.Aml.resourceTemplate;
import static org.lodgevm.vm.acpi.Aml.ret;
import static org.lodgevm.vm.acpi.Aml.serializedMethod;
import static org.lodgevm.vm.acpi.Aml.store;
import static org.lodgevm.vm.acpi.Aml.uuid;
import static org.lodgevm.vm.acpi.Aml.when;

import org.lodgevm.devices.chipset.PcLayout;

/** The PCI Express root bridge. Source: PCI Firmware Specification 3.2, chapter 4. */
final class PciRoot {
    private static final int LAST_PORT = 0xffff;
    private static final int CONFIG_PORTS = 8;
    /** Where a graphics adapter's frame buffer would be. */
    private static final long LEGACY_VIDEO = 0xa_0000;

    private static final long LEGACY_VIDEO_END = 0xc_0000;

    private static final String OSC_UUID = "33db4d5b-1ff7-401c-9657-7441c03dd766";
    /** PME, advanced error reporting and the PCI Express capability structure: the guest may control them. */
    private static final int GRANTED = 0x1c;

    private static final int OSC_UNKNOWN_UUID = 1 << 2;
    private static final int OSC_UNKNOWN_REVISION = 1 << 3;
    private static final int OSC_MASKED = 1 << 4;

    private PciRoot() {}

    static byte[] device() {
        return Aml.device("PCI0",
                name("_HID", eisaId("PNP0A08")),
                name("_CID", eisaId("PNP0A03")),
                name("_UID", integer(0)),
                name("_SEG", integer(0)),
                name("_BBN", integer(0)),
                name("_CRS", windows()),
                PciLinks.routing(),
                operatingSystemCapabilities(),
                IsaDevices.bridge());
    }

    private static byte[] windows() {
        return resourceTemplate(
                Resource.busWindow(0, PcLayout.ECAM_BUSES - 1),
                Resource.io(PcLayout.PCI_CONFIG_ADDRESS, CONFIG_PORTS),
                Resource.ioWindow(0, PcLayout.PCI_CONFIG_ADDRESS - 1),
                Resource.ioWindow(PcLayout.PCI_CONFIG_ADDRESS + CONFIG_PORTS, LAST_PORT),
                Resource.memoryWindow32(LEGACY_VIDEO, LEGACY_VIDEO_END - 1),
                Resource.memoryWindow32(PcLayout.PCI_WINDOW_32, PcLayout.PCI_WINDOW_32_END - 1),
                Resource.memoryWindow64(PcLayout.PCI_WINDOW_64, PcLayout.PCI_WINDOW_64_END - 1));
    }

    /** _OSC: who controls which PCI Express feature. Arguments: UUID, revision, count, capabilities. @acpi 6.2.11 */
    private static byte[] operatingSystemCapabilities() {
        byte[] status = path("CDW1");
        byte[] control = path("CDW3");
        return serializedMethod("_OSC", 4,
                createDWordField(arg(3), 0, "CDW1"),
                when(equal(arg(0), uuid(OSC_UUID)),
                        createDWordField(arg(3), 8, "CDW3"),
                        and(control, integer(GRANTED), local(0)),
                        when(not(equal(arg(1), integer(1))), or(status, integer(OSC_UNKNOWN_REVISION), status)),
                        when(not(equal(control, local(0))), or(status, integer(OSC_MASKED), status)),
                        store(local(0), control)),
                otherwise(or(status, integer(OSC_UNKNOWN_UUID), status)),
                ret(arg(3)));
    }
}
