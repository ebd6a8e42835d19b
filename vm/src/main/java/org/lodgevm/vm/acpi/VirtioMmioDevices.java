package org.lodgevm.vm.acpi;

import static org.lodgevm.vm.acpi.Aml.device;
import static org.lodgevm.vm.acpi.Aml.integer;
import static org.lodgevm.vm.acpi.Aml.join;
import static org.lodgevm.vm.acpi.Aml.name;
import static org.lodgevm.vm.acpi.Aml.resourceTemplate;
import static org.lodgevm.vm.acpi.Aml.string;

import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.devices.virtio.transport.VirtioMmio;

/** Virtio devices that are not on the PCI bus, by the identifier that Linux's driver and others look for. */
final class VirtioMmioDevices {
    private VirtioMmioDevices() {}

    static byte[] devices(int count) {
        byte[][] devices = new byte[count][];
        for (int i = 0; i < count; i++) {
            devices[i] = device("VI%02X".formatted(i),
                    name("_HID", string("LNRO0005")),
                    name("_UID", integer(i)),
                    name("_CCA", integer(1)),
                    name("_CRS", resourceTemplate(
                            Resource.memory32(PcLayout.virtioMmio(i), VirtioMmio.SIZE), Resource.interrupt(PcLayout.virtioMmioGsi(i)))));
        }
        return join(devices);
    }
}
