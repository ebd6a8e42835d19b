package org.lodgevm.linux.kvm;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Doorbell;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.LocalApics;
import org.lodgevm.machine.RamSource;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;

/** A bare machine with one CPU: RAM, a port that records, a page of registers, and code at {@link #CODE}. */
final class Rig implements AutoCloseable {
    static final int RAM = 2 << 20;
    /** RAM that there may be beside that. */
    static final int MORE_RAM = 0x100_0000;

    static final int CODE = 0x1000;
    static final int ROM = 0x40_0000;
    static final int STACK = 0x8000;
    static final int IDT = 0xa000;
    private static final int GDT = 0xb000;
    static final int PAGE_TABLES = 0x10_0000;
    /** A write to it ends {@link #run}. */
    static final int STOP_PORT = 0x10;

    static final int PORT = 0x80;
    static final int STRING_PORT = 0x90;
    private static final long APICS = 0xfee0_0000L;
    static final long DEVICE = 0xfe00_0000L;
    /** A doorbell for any write, and 16 bytes on one for 32 bits that are {@link #RINGING_VALUE}. */
    static final long DOORBELLS = DEVICE + 0x2000;

    static final int RINGING_VALUE = 7;

    /** A byte of memory that is as {@link #STOP_PORT}. */
    static final long STOP = DEVICE + 0x6000;

    static final int CS = 1;
    static final int SS = 2;
    static final int CODE_SELECTOR = 8;
    static final int DATA_SELECTOR = 16;
    private static final int CODE_ATTRIBUTES = 0x9b;
    private static final int DATA_ATTRIBUTES = 0x93;
    private static final int BIG = 0xc000;
    private static final int LONG = 0xa000;
    private static final int DPL3 = 3 << 5;
    private static final long PE = 1;
    private static final long PG = 1L << 31;
    private static final long ET = 1 << 4;
    private static final long PAE = 1 << 5;
    private static final long LME_LMA = 5 << 8;
    private static final long LARGE_USER_PAGE = 0x87;
    private static final int LARGE_PAGE = 2 << 20;
    private static final long USER_TABLE = 7;

    final GuestMemory memory = new GuestMemory();
    final SystemClock clock = new SystemClock();
    final List<String> accesses = new ArrayList<>();
    final Semaphore firstAccess = new Semaphore(0);
    final Semaphore rung = new Semaphore(0);
    final Interrupts interrupts = new Interrupts();
    final Bus bus = new Bus(memory);
    final Accelerator.VcpuFactory factory;
    final Vcpu vcpu;

    Rig(Accelerator accelerator) {
        this(accelerator, null);
    }

    /** @param apics null if the local APIC is nothing but {@link #interrupts} */
    Rig(Accelerator accelerator, LocalApics apics) {
        this(accelerator, apics, 0, null);
    }

    /**
     * @param more bytes of RAM at {@link #MORE_RAM}
     * @param source of that RAM
     */
    Rig(Accelerator accelerator, LocalApics apics, long more, RamSource source) {
        memory.addRam(0, RAM, (size, arena) -> arena.allocate(size, 4096));
        if (more > 0) {
            memory.addRam(MORE_RAM, more, source);
        }
        memory.addRom(ROM, new byte[4096]);
        bus.mapPorts(STOP_PORT, 1, device("stop", value -> vcpu().kick()));
        bus.mapPorts(PORT, 4, device("port", value -> {}));
        bus.mapPorts(STRING_PORT, 1, device("string", value -> {}));
        bus.mapMmio(DEVICE, 0x1000, device("memory", value -> {}));
        bus.mapMmio(STOP, 1, device("stop", value -> vcpu().kick()));
        bus.mapMmio(DOORBELLS, 0x1000, doorbells(device("doorbell", value -> {})));
        factory = accelerator.open(new Accelerator.MachineContext(memory, clock, new Accelerator.Cpus(1), Trace.OFF, null, apics));
        vcpu = factory.create(0, bus, interrupts, new Tsc(clock));
        interrupts.signals = vcpu;
    }

    private Vcpu vcpu() {
        return vcpu;
    }

    private IoRegion device(String name, Consumer<Long> written) {
        return new IoRegion() {
            @Override
            public long read(long offset, int size) {
                accesses.add("%s read %d+%d".formatted(name, offset, size));
                return 0x1122_3344_5566_7788L;
            }

            @Override
            public void write(long offset, int size, long value) {
                accesses.add("%s write %d+%d %x".formatted(name, offset, size, value));
                firstAccess.release();
                written.accept(value);
            }
        };
    }

    private IoRegion doorbells(IoRegion device) {
        List<Doorbell> bells = List.of(Doorbell.onAnyWrite(0, rung::release), new Doorbell(16, 4, RINGING_VALUE, rung::release));
        return new IoRegion() {
            @Override
            public long read(long offset, int size) {
                return device.read(offset, size);
            }

            @Override
            public void write(long offset, int size, long value) {
                device.write(offset, size, value);
            }

            @Override
            public List<Doorbell> doorbells() {
                return bells;
            }
        };
    }

    void code(Assembler assembler) {
        memory.write(CODE, assembler.toBytes());
    }

    void realMode() {
        VcpuState state = vcpu.state();
        VcpuState.Segment cs = state.segments[CS];
        state.segments[CS] = new VcpuState.Segment(0, 0, cs.limit(), cs.attributes());
        enter(state);
    }

    void protectedMode() {
        memory.write(GDT + CODE_SELECTOR, new byte[] {-1, -1, 0, 0, 0, (byte) CODE_ATTRIBUTES, (byte) 0xcf, 0});
        VcpuState state = vcpu.state();
        flat(state, 0, BIG);
        state.cr0 = PE | ET;
        state.gdtr = new VcpuState.Table(GDT, DATA_SELECTOR - 1);
        state.idtr = new VcpuState.Table(IDT, 0x7ff);
        enter(state);
    }

    /** RAM, devices and the local APIC mapped one to one, for every level. */
    void longMode(int level) {
        memory.write(PAGE_TABLES, new byte[3 * 4096]);
        put64(PAGE_TABLES, PAGE_TABLES + 0x1000 | USER_TABLE);
        for (int i = 0; i < 4; i++) {
            put64(PAGE_TABLES + 0x1000 + 8 * i, PAGE_TABLES + 0x2000 | USER_TABLE);
        }
        for (GuestMemory.Slot slot : memory.slots()) {
            for (long page = slot.gpa() & -LARGE_PAGE; page < slot.gpa() + slot.size(); page += LARGE_PAGE) {
                put64(PAGE_TABLES + 0x2000 + page / LARGE_PAGE * 8, page | LARGE_USER_PAGE);
            }
        }
        put64(PAGE_TABLES + 0x2000 + 8 * 0x1f0, DEVICE | LARGE_USER_PAGE);
        put64(PAGE_TABLES + 0x2000 + 8 * 0x1f7, APICS | LARGE_USER_PAGE);
        VcpuState state = vcpu.state();
        flat(state, level, LONG);
        state.cr0 = PE | ET | PG;
        state.cr3 = PAGE_TABLES;
        state.cr4 = PAE;
        state.msrs.put(Msr.IA32_EFER, LME_LMA);
        enter(state);
    }

    private static void flat(VcpuState state, int level, int width) {
        int dpl = level == 3 ? DPL3 : 0;
        for (int i = 0; i < state.segments.length; i++) {
            state.segments[i] = new VcpuState.Segment(DATA_SELECTOR | level, 0, -1, DATA_ATTRIBUTES | BIG | dpl);
        }
        state.segments[CS] = new VcpuState.Segment(CODE_SELECTOR | level, 0, -1, CODE_ATTRIBUTES | width | dpl);
    }

    private void enter(VcpuState state) {
        state.rip = CODE;
        state.gpr[4] = STACK;
        state.rflags = 2;
        vcpu.state(state);
    }

    private void put64(long gpa, long value) {
        memory.at(gpa, 8).set(ValueLayout.JAVA_LONG, 0, value);
    }

    Vcpu.Exit run() {
        return vcpu.run();
    }

    @Override
    public void close() {
        vcpu.close();
        factory.close();
        memory.close();
        clock.close();
    }
}
