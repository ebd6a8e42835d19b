package org.lodgevm.devices.virtio.transport;

import java.util.function.Consumer;
import org.lodgevm.devices.chipset.pci.PciBus;
import org.lodgevm.devices.chipset.pci.PciFunction;
import org.lodgevm.devices.chipset.pci.PciIdentity;
import org.lodgevm.devices.virtio.DeviceLogic;
import org.lodgevm.devices.virtio.Interrupts;
import org.lodgevm.devices.virtio.VirtioDevice;
import org.lodgevm.machine.GuestMemory;

/**
 * A virtio device as a PCI function: structures in the memory of one base address register, to which capabilities point, and MSI-X in
 * that of another. @virtio 4.1
 */
public final class VirtioPci {
    private static final int VENDOR = 0x1af4;
    private static final int FIRST_DEVICE = 0x1040;
    /** Not transitional. */
    private static final int REVISION = 1;

    private static final int MSIX_BAR = 1;
    private static final int STRUCTURES_BAR = 4;
    private static final int INTA = 0;

    private final VirtioDevice device;
    private final PciInterrupts interrupts;
    private final PciStructures structures;

    /** @param slot a free one of {@code pci} */
    public VirtioPci(
            PciBus pci, int slot, String name, DeviceLogic.Factory factory, GuestMemory memory, Consumer<String> log) {
        device = new VirtioDevice(name, factory, memory, new Forwarding(), log);
        int id = device.type().id();
        PciFunction function = pci.plug(
                slot, 0, new PciIdentity(VENDOR, FIRST_DEVICE + id, REVISION, device.type().pciClass(), VENDOR, FIRST_DEVICE + id));
        interrupts = new PciInterrupts(
                function.addMsix(device.queues() + 1, MSIX_BAR), function.interruptPin(INTA), device.queues());
        structures = new PciStructures(device, interrupts);
        function.memoryBar64(STRUCTURES_BAR, PciStructures.SIZE, structures);
        PciCapabilities.add(function, STRUCTURES_BAR, structures);
        device.busMaster(false);
        function.onBusMaster(device::busMaster);
        function.onReset(() -> {
            device.reset();
            interrupts.reset();
        });
    }

    /** How many queues a device has is known only once it is made. */
    private final class Forwarding implements Interrupts {
        @Override
        public void usedBuffers(int queue) {
            interrupts.usedBuffers(queue);
        }

        @Override
        public void configurationChanged() {
            interrupts.configurationChanged();
        }
    }

    public VirtioDevice device() {
        return device;
    }
}
