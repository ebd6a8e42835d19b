package org.lodgevm.devices.chipset.pci;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntBinaryOperator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.IrqLine;

/** Bus 0, which has 32 slots of 8 functions. */
public final class PciBus {
    /** What leaves a slot other than by the bus. */
    public interface Wiring {
        /** A new driver on the wire of a slot's interrupt pin. */
        IrqLine pin(int slot, int pin);

        MessageSink messages();
    }

    private static final int SLOTS = 32;
    private static final int FUNCTIONS = 8;

    private final PciFunction[] functions = new PciFunction[SLOTS * FUNCTIONS];
    private final Bus bus;
    private final Wiring wiring;

    /** @param bus where base address registers map their regions */
    public PciBus(Bus bus, Wiring wiring) {
        this.bus = bus;
        this.wiring = wiring;
    }

    /** Puts a function into a free place. @throws IllegalArgumentException if it is taken */
    public PciFunction plug(int slot, int function, PciIdentity identity) {
        int index = slot * FUNCTIONS + function;
        if (functions[index] != null) {
            throw new IllegalArgumentException("PCI slot %02x.%d is taken".formatted(slot, function));
        }
        PciFunction added = new PciFunction(slot, identity, bus, wiring);
        functions[index] = added;
        markMultifunction(slot);
        return added;
    }

    /** The function at a place, or null. */
    public PciFunction function(int slot, int function) {
        return functions[slot * FUNCTIONS + function];
    }

    /** Function 0 says that there are others. @pci 6.2.1 */
    private void markMultifunction(int slot) {
        int first = slot * FUNCTIONS;
        for (int i = first + 1; i < first + FUNCTIONS; i++) {
            if (functions[i] != null && functions[first] != null) {
                functions[first].config().define(PciHeader.HEADER_TYPE.reset(PciHeader.MULTIFUNCTION));
            }
        }
    }

    /**
     * Gives all functions addresses and switches them on, as firmware does.
     *
     * @param memory below 4 GiB, where every guest can reach it
     * @param irqOfPin the ISA interrupt of a slot's pin
     */
    public void programLikeFirmware(AddressRange memory, AddressRange ports, IntBinaryOperator irqOfPin) {
        List<PciFunction> present = Arrays.stream(functions).filter(Objects::nonNull).toList();
        List<Bar> bars = present.stream().flatMap(function -> function.bars().stream()).toList();
        ports.assign(bars.stream().filter(bar -> bar.kind() == Bar.Kind.IO).toList());
        memory.assign(bars.stream().filter(bar -> bar.kind() != Bar.Kind.IO).toList());
        for (int i = 0; i < functions.length; i++) {
            int slot = i / FUNCTIONS;
            if (functions[i] != null) {
                functions[i].enableLikeFirmware(pin -> irqOfPin.applyAsInt(slot, pin));
            }
        }
    }

    public void reset() {
        for (PciFunction function : functions) {
            if (function != null) {
                function.reset();
            }
        }
    }

    /**
     * A configuration read, as both mechanisms make it.
     *
     * @param id bus in 15:8, slot in 7:3, function in 2:0
     * @return all ones where there is no function or no register
     */
    int read(int id, int offset, int size) {
        PciFunction function = id < functions.length ? functions[id] : null;
        return function == null || offset + size > ConfigSpace.SIZE ? -1 : function.read(offset, size);
    }

    void write(int id, int offset, int size, int value) {
        PciFunction function = id < functions.length ? functions[id] : null;
        if (function != null && offset + size <= ConfigSpace.SIZE) {
            function.write(offset, size, value);
        }
    }

    /** Configuration space in memory: 4 KiB a function, 1 MiB a bus. @pcie 7.2.2 */
    IoRegion ecam() {
        return new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return size > Integer.BYTES
                        ? -1
                        : PciBus.this.read((int) (offset >> 12), (int) offset & 0xfff, size);
            }

            @Override
            public void write(long offset, int size, long value) {
                if (size <= Integer.BYTES) {
                    PciBus.this.write((int) (offset >> 12), (int) offset & 0xfff, size, (int) value);
                }
            }
        };
    }
}
