package org.lodgevm.devices.chipset.apic;

import org.lodgevm.devices.chipset.ManualClock;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.Tsc;

/** Some CPUs' local APICs, software-enabled, an I/O APIC and a bus between them. */
final class ApicRig {
    static final int PIC_VECTOR = 0x38;

    static final int ID = 0x20;
    static final int TPR = 0x80;
    static final int PPR = 0xa0;
    static final int EOI = 0xb0;
    static final int LDR = 0xd0;
    static final int DFR = 0xe0;
    static final int SVR = 0xf0;
    static final int ISR = 0x100;
    static final int TMR = 0x180;
    static final int IRR = 0x200;
    static final int ESR = 0x280;
    static final int ICR = 0x300;
    static final int ICR_HIGH = 0x310;
    static final int LVT_TIMER = 0x320;
    static final int LVT_LINT0 = 0x350;
    static final int LVT_LINT1 = 0x360;
    static final int LVT_ERROR = 0x370;
    static final int INITIAL_COUNT = 0x380;
    static final int CURRENT_COUNT = 0x390;
    static final int DIVIDE = 0x3e0;

    static final int MASKED = 1 << 16;
    static final int PERIODIC = 1 << 17;
    static final int TSC_DEADLINE = 2 << 17;
    static final int APIC_BASE_MSR = 0x1b;
    static final int TSC_DEADLINE_MSR = 0x6e0;

    final ManualClock clock = new ManualClock();
    final Tsc tsc = new Tsc(clock);
    final ApicBus bus = new ApicBus();
    final IoApic ioApic = new IoApic(bus);
    final LocalApic[] apics;
    final RecordingCpu[] cpus;
    final Bus[] buses;

    ApicRig(int count) {
        apics = new LocalApic[count];
        cpus = new RecordingCpu[count];
        buses = new Bus[count];
        Bus machine = new Bus(new GuestMemory());
        bus.connect(ioApic);
        for (int i = 0; i < count; i++) {
            buses[i] = machine.overlay();
            cpus[i] = new RecordingCpu();
            apics[i] = new LocalApic(i, clock, tsc, bus, () -> PIC_VECTOR, 40, buses[i]);
            apics[i].attach(cpus[i]);
            bus.connect(apics[i]);
            write(i, SVR, 0x1ff);
        }
    }

    /** Whether the CPU sees its registers at an address. */
    boolean isPageAt(int cpu, long base) {
        return buses[cpu].read(base + 0x30, 4) == 0x0106_0014;
    }

    int read(int cpu, int offset) {
        return (int) apics[cpu].read(offset, 4);
    }

    void write(int cpu, int offset, int value) {
        apics[cpu].write(offset, 4, value & 0xffff_ffffL);
    }

    void x2apic(int cpu) {
        apics[cpu].writeMsr(APIC_BASE_MSR, apics[cpu].readMsr(APIC_BASE_MSR) | 1 << 10);
    }

    /** Sends an IPI in xAPIC mode. */
    void ipi(int cpu, int destination, int command) {
        write(cpu, ICR_HIGH, destination << 24);
        write(cpu, ICR, command);
    }

    /** Takes what is deliverable and ends it. @return the vector or -1 */
    int serve(int cpu) {
        int vector = apics[cpu].acknowledge();
        if (vector >= 0) {
            write(cpu, EOI, 0);
        }
        return vector;
    }

    void redirect(int pin, int low, int destination) {
        ioApicWrite(0x11 + 2 * pin, destination << 24);
        ioApicWrite(0x10 + 2 * pin, low);
    }

    void ioApicWrite(int register, int value) {
        ioApic.write(0, 4, register);
        ioApic.write(0x10, 4, value & 0xffff_ffffL);
    }

    int ioApicRead(int register) {
        ioApic.write(0, 4, register);
        return (int) ioApic.read(0x10, 4);
    }
}
