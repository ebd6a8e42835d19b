package org.lodgevm.machine;

import java.util.Arrays;

/**
 * What a CPU's accesses reach: RAM and ROM, memory-mapped devices, and ports.
 *
 * <p>Regions are added while a machine is assembled or by a device that moves (a PCI base address register); lookups
 * read an immutable table and take no lock. Each vCPU may have a bus of its own laid over the machine's
 * ({@link #overlay}), since its local APIC is visible to it alone.
 */
public final class Bus {
    private record Mapping(long start, long size, IoRegion region) {
        boolean contains(long address) {
            return address - start >= 0 && address - start < size;
        }
    }

    private static final long OPEN_BUS = -1L;

    private final GuestMemory memory;
    private final Bus below;
    private volatile Mapping[] mmio = {};
    private volatile Mapping[] ports = {};
    private Doorbell.Keeper keeper;

    public Bus(GuestMemory memory) {
        this(memory, null);
    }

    private Bus(GuestMemory memory, Bus below) {
        this.memory = memory;
        this.below = below;
    }

    /** A bus whose own regions come before this one's. */
    public Bus overlay() {
        return new Bus(memory, this);
    }

    public GuestMemory memory() {
        return memory;
    }

    /** Maps device registers at a physical address. Devices come before RAM where they overlap. */
    public synchronized void mapMmio(long gpa, long size, IoRegion region) {
        Mapping added = new Mapping(gpa, size, region);
        mmio = with(mmio, added);
        tell(added, true);
    }

    public synchronized void unmapMmio(IoRegion region) {
        for (Mapping mapping : mmio) {
            if (mapping.region == region) {
                tell(mapping, false);
            }
        }
        mmio = without(mmio, region);
    }

    /** Has somebody answer the doorbells on the machine's bus, those that are there and those to come; or nobody, by null. */
    public void keeper(Doorbell.Keeper answering) {
        if (below != null) {
            below.keeper(answering);
            return;
        }
        synchronized (this) {
            keeper = answering;
            for (Mapping mapping : mmio) {
                tell(mapping, true);
            }
        }
    }

    private void tell(Mapping mapping, boolean placed) {
        if (keeper == null) {
            return;
        }
        for (Doorbell doorbell : mapping.region.doorbells()) {
            long gpa = mapping.start + doorbell.offset();
            if (placed) {
                keeper.placed(gpa, doorbell);
            } else {
                keeper.removed(gpa, doorbell);
            }
        }
    }

    public synchronized void mapPorts(int first, int count, IoRegion region) {
        ports = with(ports, new Mapping(first, count, region));
    }

    public synchronized void unmapPorts(IoRegion region) {
        ports = without(ports, region);
    }

    private static Mapping[] with(Mapping[] table, Mapping added) {
        Mapping[] grown = Arrays.copyOf(table, table.length + 1);
        grown[table.length] = added;
        return grown;
    }

    private static Mapping[] without(Mapping[] table, IoRegion region) {
        return Arrays.stream(table).filter(m -> m.region != region).toArray(Mapping[]::new);
    }

    /** Whether a device answers somewhere in the page at {@code gpa}; if not, RAM and ROM there may be accessed directly. */
    public boolean hasDeviceInPage(long gpa) {
        long page = gpa & ~0xfffL;
        for (Mapping m : mmio) {
            if (m.start < page + 0x1000 && page < m.start + m.size) {
                return true;
            }
        }
        return below != null && below.hasDeviceInPage(gpa);
    }

    /** Reads memory or a device; where there is neither, all ones. */
    public long read(long gpa, int size) {
        Mapping device = find(mmio, gpa);
        if (device != null) {
            return truncate(device.region.read(gpa - device.start, size), size);
        }
        if (below != null) {
            return below.read(gpa, size);
        }
        GuestMemory.Slot slot = memory.slot(gpa);
        if (slot == null || !slot.contains(gpa + size - 1)) {
            return truncate(OPEN_BUS, size);
        }
        memory.await(gpa, size);
        long host = slot.host(gpa);
        return switch (size) {
            case 1 -> HostMemory.get8(host);
            case 2 -> HostMemory.get16(host);
            case 4 -> HostMemory.get32(host) & 0xffff_ffffL;
            default -> HostMemory.get64(host);
        };
    }

    /** Writes memory or a device; what reaches neither, or ROM, is lost. */
    public void write(long gpa, int size, long value) {
        Mapping device = find(mmio, gpa);
        if (device != null) {
            device.region.write(gpa - device.start, size, truncate(value, size));
            return;
        }
        if (below != null) {
            below.write(gpa, size, value);
            return;
        }
        GuestMemory.Slot slot = memory.slot(gpa);
        if (slot == null || slot.readOnly() || !slot.contains(gpa + size - 1)) {
            return;
        }
        memory.await(gpa, size);
        long host = slot.host(gpa);
        switch (size) {
            case 1 -> HostMemory.put8(host, (int) value);
            case 2 -> HostMemory.put16(host, (int) value);
            case 4 -> HostMemory.put32(host, (int) value);
            default -> HostMemory.put64(host, value);
        }
        memory.written(gpa, size);
    }

    /** Reads a port of 1, 2 or 4 bytes; an absent one reads as all ones. */
    public int readPort(int port, int size) {
        Mapping device = find(ports, port);
        if (device != null) {
            return (int) truncate(device.region.read(port - device.start, size), size);
        }
        return below != null ? below.readPort(port, size) : (int) truncate(OPEN_BUS, size);
    }

    public void writePort(int port, int size, int value) {
        Mapping device = find(ports, port);
        if (device != null) {
            device.region.write(port - device.start, size, truncate(value, size));
        } else if (below != null) {
            below.writePort(port, size, value);
        }
    }

    /** The last mapping wins, so that a region may be laid over another. */
    private static Mapping find(Mapping[] table, long address) {
        for (int i = table.length - 1; i >= 0; i--) {
            if (table[i].contains(address)) {
                return table[i];
            }
        }
        return null;
    }

    private static long truncate(long value, int size) {
        return size == 8 ? value : value & (1L << 8 * size) - 1;
    }
}
