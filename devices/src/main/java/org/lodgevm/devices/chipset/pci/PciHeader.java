package org.lodgevm.devices.chipset.pci;

/** The registers that every function with a type 0 header has. @pci 6.1, figure 6-1 */
public final class PciHeader {
    private PciHeader() {}

    public static final ConfigRegister VENDOR_ID = ConfigRegister.of(0x00, 2);
    public static final ConfigRegister DEVICE_ID = ConfigRegister.of(0x02, 2);

    /** @pci 6.2.2 */
    public static final class Command {
        private Command() {}

        public static final int IO_SPACE = 1;
        public static final int MEMORY_SPACE = 1 << 1;
        public static final int BUS_MASTER = 1 << 2;
        public static final int PARITY_ERROR_RESPONSE = 1 << 6;
        public static final int SERR_ENABLE = 1 << 8;
        public static final int INTERRUPT_DISABLE = 1 << 10;
        static final int WRITABLE =
                IO_SPACE | MEMORY_SPACE | BUS_MASTER | PARITY_ERROR_RESPONSE | SERR_ENABLE | INTERRUPT_DISABLE;
    }

    public static final ConfigRegister COMMAND = ConfigRegister.of(0x04, 2).writable(Command.WRITABLE);

    /** @pci 6.2.3 */
    public static final class Status {
        private Status() {}

        public static final int INTERRUPT = 1 << 3;
        public static final int CAPABILITIES_LIST = 1 << 4;
        /** Errors that were reported or seen: aborts, parity, SERR#. */
        static final int ERRORS = 0xf900;
    }

    public static final ConfigRegister STATUS = ConfigRegister.of(0x06, 2).clearable(Status.ERRORS);
    public static final ConfigRegister REVISION_ID = ConfigRegister.of(0x08, 1);
    public static final ConfigRegister CLASS_CODE = ConfigRegister.of(0x09, 3);
    public static final ConfigRegister CACHE_LINE_SIZE = ConfigRegister.of(0x0c, 1).writable(0xff);
    public static final ConfigRegister LATENCY_TIMER = ConfigRegister.of(0x0d, 1).writable(0xff);
    public static final ConfigRegister HEADER_TYPE = ConfigRegister.of(0x0e, 1);
    public static final int MULTIFUNCTION = 1 << 7;

    /** The first of six base address registers. */
    static final int BASE_ADDRESS = 0x10;

    static final int BASE_ADDRESSES = 6;

    public static final ConfigRegister SUBSYSTEM_VENDOR_ID = ConfigRegister.of(0x2c, 2);
    public static final ConfigRegister SUBSYSTEM_ID = ConfigRegister.of(0x2e, 2);
    public static final ConfigRegister CAPABILITIES_POINTER = ConfigRegister.of(0x34, 1);
    public static final ConfigRegister INTERRUPT_LINE = ConfigRegister.of(0x3c, 1).writable(0xff);
    public static final ConfigRegister INTERRUPT_PIN = ConfigRegister.of(0x3d, 1);

    /** Here the header ends. */
    static final int SIZE = 0x40;
}
