package org.lodgevm.devices.virtio.transport;

import org.lodgevm.devices.chipset.pci.ConfigRegister;
import org.lodgevm.devices.chipset.pci.ConfigSpace;
import org.lodgevm.devices.chipset.pci.PciFunction;
import org.lodgevm.machine.IoRegion;

/** Vendor-specific capabilities that say where a virtio function's structures are. @virtio 4.1.4 */
final class PciCapabilities {
    private static final int VENDOR_SPECIFIC = 0x09;

    /** cfg_type */
    private static final int COMMON_CFG = 1;

    private static final int NOTIFY_CFG = 2;
    private static final int ISR_CFG = 3;
    private static final int DEVICE_CFG = 4;
    private static final int PCI_CFG = 5;

    private static final int LENGTH = 16;
    private static final int LENGTH_WITH_MORE = 20;

    private PciCapabilities() {}

    /** @param structures what {@code bar} shows: a {@link PciStructures} */
    static void add(PciFunction function, int bar, IoRegion structures) {
        add(function, COMMON_CFG, LENGTH, bar, PciStructures.COMMON, CommonRegister.LENGTH);
        add(function, ISR_CFG, LENGTH, bar, PciStructures.ISR, PciStructures.ISR_LENGTH);
        add(function, DEVICE_CFG, LENGTH, bar, PciStructures.DEVICE, PciStructures.PAGE);
        int notify = add(function, NOTIFY_CFG, LENGTH_WITH_MORE, bar, PciStructures.NOTIFY, PciStructures.PAGE);
        function.config().define(ConfigRegister.of(notify + LENGTH, 4).reset(PciStructures.NOTIFY_OFF_MULTIPLIER));
        addWindow(function, bar, structures);
    }

    private static int add(PciFunction function, int type, int size, int bar, int offset, int length) {
        int at = function.addCapability(VENDOR_SPECIFIC, size);
        ConfigSpace config = function.config();
        config.define(ConfigRegister.of(at + 2, 1).reset(size));
        config.define(ConfigRegister.of(at + 3, 1).reset(type));
        config.define(ConfigRegister.of(at + 4, 1).reset(bar));
        config.define(ConfigRegister.of(at + 8, 4).reset(offset));
        config.define(ConfigRegister.of(at + 12, 4).reset(length));
        return at;
    }

    /** A window by which the structures can be accessed through configuration space alone, as firmware may have to. @virtio 4.1.4.9 */
    private static void addWindow(PciFunction function, int bar, IoRegion structures) {
        int at = add(function, PCI_CFG, LENGTH_WITH_MORE, 0, 0, 0);
        ConfigSpace config = function.config();
        ConfigRegister windowBar = ConfigRegister.of(at + 4, 1).writable(0xff);
        ConfigRegister offset = ConfigRegister.of(at + 8, 4).writable(0xffff_ffffL);
        ConfigRegister length = ConfigRegister.of(at + 12, 4).writable(0xffff_ffffL);
        ConfigRegister data = ConfigRegister.of(at + LENGTH, 4).writable(0xffff_ffffL);
        Window window = new Window(config, windowBar, offset, length, data, bar, structures);
        config.define(windowBar);
        config.define(offset);
        config.define(length);
        config.define(data);
        config.beforeRead(data, window::read);
        config.afterWrite(data, window::write);
    }

    private record Window(
            ConfigSpace config,
            ConfigRegister windowBar,
            ConfigRegister offset,
            ConfigRegister length,
            ConfigRegister data,
            int bar,
            IoRegion structures) {
        /** Whether what the driver wrote is an aligned access of one, two or four bytes to the structures. */
        private boolean valid() {
            long size = config.get(length);
            long at = config.get(offset);
            return config.get(windowBar) == bar
                    && (size == 1 || size == 2 || size == Integer.BYTES)
                    && at % size == 0
                    && at + size <= PciStructures.SIZE;
        }

        void read() {
            if (valid()) {
                config.set(data, structures.read(config.get(offset), (int) config.get(length)));
            }
        }

        void write() {
            if (valid()) {
                int size = (int) config.get(length);
                structures.write(config.get(offset), size, config.get(data) & -1L >>> Long.SIZE - Byte.SIZE * size);
            }
        }
    }
}
