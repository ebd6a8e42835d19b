package org.lodgevm.linux.kvm;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put8;

import org.lodgevm.machine.Bus;
import org.lodgevm.machine.LocalApics;
import org.lodgevm.machine.LocalInterrupts;
import org.lodgevm.machine.MsrFault;
import org.lodgevm.machine.Trace;

/** Serves accesses that the kernel leaves to us: ports and devices in memory by the bus, some MSRs by the local APIC. */
final class ExitHandler {
    private final RunArea area;
    private final Bus bus;
    private final LocalInterrupts interrupts;
    private final LocalApics apics;
    private final Trace trace;
    private final boolean traced;

    /** @param apics null if the board has its local APICs itself */
    ExitHandler(RunArea area, Bus bus, LocalInterrupts interrupts, LocalApics apics, Trace trace) {
        this.apics = apics;
        this.area = area;
        this.bus = bus;
        this.interrupts = interrupts;
        this.trace = trace;
        traced = trace.on(Trace.Category.IO);
    }

    /** IN and OUT; of string instructions, as many as the kernel has collected. */
    void port() {
        int port = area.ioPort();
        int size = area.ioSize();
        boolean out = area.ioIsOut();
        long data = area.ioData();
        for (int i = 0; i < area.ioCount(); i++, data += size) {
            if (out) {
                bus.writePort(port, size, get(data, size));
            } else {
                put(data, size, bus.readPort(port, size));
            }
            if (traced) {
                trace.line("%s port %04x, %d bytes: %x".formatted(out ? "write" : "read", port, size, get(data, size)));
            }
        }
    }

    private static int get(long data, int size) {
        return switch (size) {
            case 1 -> get8(data);
            case 2 -> get16(data);
            default -> get32(data);
        };
    }

    private static void put(long data, int size, int value) {
        switch (size) {
            case 1 -> put8(data, value);
            case 2 -> put16(data, value);
            default -> put32(data, value);
        }
    }

    /** An access where there is no memory, or a write to ROM. Its length need not be a power of two. */
    void memory() {
        long gpa = area.mmioAddress();
        int length = area.mmioLength();
        boolean write = area.mmioIsWrite();
        long data = write ? area.mmioData() : 0;
        for (int done = 0; done < length;) {
            int size = Integer.highestOneBit(length - done);
            if (write) {
                bus.write(gpa + done, size, data >>> 8 * done);
            } else {
                data |= bus.read(gpa + done, size) << 8 * done;
            }
            done += size;
        }
        if (!write) {
            area.mmioData(data);
        }
        if (traced) {
            trace.line("%s memory %x, %d bytes: %x".formatted(write ? "write" : "read", gpa, length, length == 8 ? area.mmioData() : area.mmioData() & (1L << 8 * length) - 1));
        }
    }

    void readMsr() {
        try {
            area.msrData(interrupts.readMsr(owned(area.msrIndex())));
        } catch (MsrFault e) {
            area.msrFault();
        }
        traceMsr("read");
    }

    void writeMsr() {
        try {
            interrupts.writeMsr(owned(area.msrIndex()), area.msrData());
            area.msrData(area.msrData());
        } catch (MsrFault e) {
            area.msrFault();
        }
        traceMsr("write");
    }

    /** At a local APIC of the kernel's. */
    void endOfInterrupt() {
        apics.endOfInterrupt(area.eoiVector());
    }

    private void traceMsr(String access) {
        if (traced) {
            trace.line("%s MSR %x: %x".formatted(access, area.msrIndex(), area.msrData()));
        }
    }

    /** The guest is given an external interrupt. */
    void traceInterrupt(int vector) {
        if (trace.on(Trace.Category.INT)) {
            trace.line("interrupt %02x".formatted(vector));
        }
    }

    /** The kernel knows all MSRs that a guest may have but the local APIC's. */
    private int owned(int msr) {
        if (!interrupts.ownsMsr(msr)) {
            throw MsrFault.INSTANCE;
        }
        return msr;
    }
}
