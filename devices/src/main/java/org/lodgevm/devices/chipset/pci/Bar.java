package org.lodgevm.devices.chipset.pci;

import org.lodgevm.devices.chipset.pci.PciHeader.Command;
import org.lodgevm.devices.chipset.wiring.Window;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.IoRegion;

/** A base address register and the region that it shows on the machine's bus. @pci 6.2.5 */
final class Bar {
    enum Kind {
        IO(2, 4, Command.IO_SPACE, 0b01),
        MEMORY_32(4, 4, Command.MEMORY_SPACE, 0b0000),
        /** Prefetchable, since it lies above what bridges decode otherwise. */
        MEMORY_64(4, 8, Command.MEMORY_SPACE, 0b1100);

        private final int flagBits;
        private final int registerSize;
        private final int decodeEnable;
        private final int flags;

        Kind(int flagBits, int registerSize, int decodeEnable, int flags) {
            this.flagBits = flagBits;
            this.registerSize = registerSize;
            this.decodeEnable = decodeEnable;
            this.flags = flags;
        }
    }

    private static final long PORTS = 0x1_0000;
    private static final long FOUR_GIB = 1L << 32;

    private final Kind kind;
    private final long size;
    private final ConfigRegister register;
    private final ConfigSpace config;
    private final Window window;

    /** @param size a power of two */
    Bar(Kind kind, int index, long size, IoRegion region, ConfigSpace config, Bus bus) {
        if (Long.bitCount(size) != 1 || size < 1L << kind.flagBits) {
            throw new IllegalArgumentException("a base address register cannot decode 0x%x bytes".formatted(size));
        }
        this.kind = kind;
        this.size = size;
        this.config = config;
        this.window = kind == Kind.IO ? Window.ofPorts(bus, region) : Window.ofMemory(bus, region);
        int offset = PciHeader.BASE_ADDRESS + Integer.BYTES * index;
        register = ConfigRegister.of(offset, kind.registerSize).reset(kind.flags).writable(-size);
        config.define(register, this::update);
    }

    Kind kind() {
        return kind;
    }

    long size() {
        return size;
    }

    /** The guest's firmware writes an address. */
    void program(long address) {
        for (int i = 0; i < kind.registerSize; i += Integer.BYTES) {
            config.write(register.offset() + i, Integer.BYTES, (int) (address >>> Byte.SIZE * i));
        }
    }

    /** Shows the region where the register says, if the command register enables it. */
    void update() {
        boolean enabled = (config.get(PciHeader.COMMAND) & kind.decodeEnable) != 0;
        long address = config.get(register) & -1L << kind.flagBits;
        window.place(enabled && !isSizing(address) ? address : Window.NOWHERE, size);
    }

    /** Zero, or the all ones that a guest writes to learn the size, maybe without turning decoding off. */
    private boolean isSizing(long address) {
        long end = address + size;
        return switch (kind) {
            case IO -> address == 0 || end > PORTS;
            case MEMORY_32 -> address == 0 || end >= FOUR_GIB;
            case MEMORY_64 -> address == 0 || end <= 0 || end == FOUR_GIB;
        };
    }
}
