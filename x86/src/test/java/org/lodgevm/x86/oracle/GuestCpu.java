package org.lodgevm.x86.oracle;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.Clock;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Tsc;
import org.lodgevm.machine.Vcpu;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.NoInterrupts;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Msr;

/**
 * A CPU under test: any accelerator's, in a machine of one CPU and a little memory that runs {@link
 * GuestRunner}.
 */
class GuestCpu implements CaseRunner {
    /**
     * Where the kernel sees all of physical memory; cases cannot tell this half of the address
     * space from Linux's.
     */
    static final long DIRECT_MAP = 0xFFFF_8000_0000_0000L;

    private static final long IDT = 0x1000;
    static final long GDT = 0x2000;
    static final long LDT = 0x3000;
    private static final long TSS = 0x4000;
    static final long CODE = 0x5000;
    static final long DATA = 0x7000;
    private static final long CONSTANTS = 0x9000;
    private static final long EXIT = 0xA000;
    private static final long PAGE_TABLES = 0x1_0000;
    static final long KERNEL = 0x8_0000;
    private static final long INPUTS = 0x10_0000;
    private static final long OUTPUTS = INPUTS + (long) CAPACITY * Layout.RECORD;
    private static final long MEMORY = OUTPUTS + (long) CAPACITY * Layout.RECORD;

    private static final int CODE64 = 0xA09B;
    private static final int DATA_SEGMENT = 0xC093;
    private static final int BUSY_TSS = 0x8B;
    private static final int LDT_SEGMENT = 0x82;
    private static final int INT3 = 0xCC;
    private static final int XSAVE_BYTES = 576;
    private static final int MXCSR_DEFAULT = 0x1F80;

    private static final long PATIENCE_NANOS = 180_000_000_000L;

    private final Arena arena = Arena.ofShared();
    final GuestMemory memory = new GuestMemory();
    private final SystemClock clock = new SystemClock();
    private final GuestRunner kernel;
    private final Accelerator.VcpuFactory factory;
    final Vcpu cpu;
    private final Clock.Timer watchdog;
    private int said = GuestRunner.BATCH_DONE;

    GuestCpu(Accelerator accelerator) {
        this(
                accelerator,
                GuestRunner.batches(
                        DIRECT_MAP + KERNEL,
                        DIRECT_MAP + CODE,
                        DIRECT_MAP + INPUTS,
                        DIRECT_MAP + OUTPUTS));
    }

    GuestCpu(Accelerator accelerator, GuestRunner kernel) {
        this.kernel = kernel;
        memory.addRam(0, MEMORY, (size, unused) -> arena.allocate(size, Layout.PAGE));
        Bus bus = new Bus(memory);
        bus.mapPorts(GuestRunner.PORT, GuestRunner.PORTS, new Doorbell());
        factory =
                accelerator.open(
                        new Accelerator.MachineContext(
                                memory, clock, new Accelerator.Cpus(1), Trace.OFF));
        cpu = factory.create(0, bus, new NoInterrupts(), new Tsc(clock));
        watchdog = clock.timer(cpu::kick);
        fillMemory();
        start();
    }

    private void fillMemory() {
        memory.write(KERNEL, kernel.image());
        at(CODE, Layout.CODE_BYTES).fill((byte) Layout.FILLER);
        at(CODE, Layout.CODE_BYTES)
                .set(ValueLayout.JAVA_LONG_UNALIGNED, Layout.EXIT_POINTER, Layout.EXIT);
        at(EXIT, Layout.PAGE).fill((byte) INT3);
        for (int i = 0; i < Layout.CONSTANTS_BYTES; i++) {
            at(CONSTANTS, Layout.CONSTANTS_BYTES).set(ValueLayout.JAVA_BYTE, i, Layout.constant(i));
        }
        GuestTables tables = new GuestTables(memory, PAGE_TABLES);
        long data = GuestTables.USER | GuestTables.NO_EXECUTE;
        tables.map(DIRECT_MAP, 0, MEMORY, GuestTables.WRITABLE);
        tables.map(Layout.CODE, CODE, Layout.CODE_BYTES, GuestTables.USER);
        tables.map(Layout.EXIT, EXIT, Layout.PAGE, GuestTables.USER);
        tables.map(Layout.DATA, DATA, Layout.DATA_BYTES, data | GuestTables.WRITABLE);
        tables.map(Layout.HIGH_DATA, DATA, Layout.DATA_BYTES, data | GuestTables.WRITABLE);
        tables.map(Layout.CONSTANTS, CONSTANTS, Layout.CONSTANTS_BYTES, data);
        tables.gdt(GDT);
        tables.ldt(LDT);
        tables.idt(IDT, kernel);
        tables.tss(TSS, kernel.stackTop());
    }

    /** Puts the CPU at the kernel's entry, as a boot loader and Linux's start would. */
    private void start() {
        VcpuState state = new VcpuState();
        state.rip = kernel.entry();
        VcpuState.Segment data =
                new VcpuState.Segment(GuestTables.KERNEL_DATA, 0, -1, DATA_SEGMENT);
        java.util.Arrays.fill(state.segments, data);
        state.segments[1] = new VcpuState.Segment(GuestTables.KERNEL_CODE, 0, -1, CODE64);
        state.gdtr = new VcpuState.Table(DIRECT_MAP + GDT, GuestTables.GDT_BYTES - 1);
        state.idtr = new VcpuState.Table(DIRECT_MAP + IDT, GuestTables.IDT_BYTES - 1);
        state.ldtr =
                new VcpuState.Segment(8, DIRECT_MAP + LDT, GuestTables.ldtBytes() - 1, LDT_SEGMENT);
        state.tr = new VcpuState.Segment(8, DIRECT_MAP + TSS, GuestTables.TSS_BYTES - 1, BUSY_TSS);
        state.cr0 =
                Cr.CR0_PE | Cr.CR0_MP | Cr.CR0_ET | Cr.CR0_NE | Cr.CR0_WP | Cr.CR0_AM | Cr.CR0_PG;
        state.cr3 = PAGE_TABLES;
        state.cr4 =
                Cr.CR4_PAE
                        | Cr.CR4_PGE
                        | Cr.CR4_OSFXSR
                        | Cr.CR4_OSXMMEXCPT
                        | Cr.CR4_FSGSBASE
                        | Cr.CR4_OSXSAVE
                        | Cr.CR4_UMIP;
        state.xcr0 = 7;
        state.msrs.put(Msr.IA32_EFER, Cr.EFER_LME | Cr.EFER_LMA | Cr.EFER_NXE | Cr.EFER_SCE);
        ByteBuffer xsave = ByteBuffer.allocate(XSAVE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        state.xsave = xsave.putInt(24, MXCSR_DEFAULT).array();
        cpu.state(state);
        resume();
    }

    final MemorySegment at(long gpa, long bytes) {
        return memory.at(gpa, bytes);
    }

    @Override
    public final Case input(int index) {
        return new Case(at(INPUTS + (long) index * Layout.RECORD, Layout.RECORD));
    }

    @Override
    public final Case output(int index) {
        return new Case(at(OUTPUTS + (long) index * Layout.RECORD, Layout.RECORD));
    }

    @Override
    public void run(int count) {
        MemorySegment left = at(kernel.left() - DIRECT_MAP, Integer.BYTES);
        left.set(ValueLayout.JAVA_INT, 0, count);
        String problem = resume();
        if (problem != null) {
            throw lost(count - left.get(ValueLayout.JAVA_INT, 0), problem);
        }
    }

    /** The CPU begins anew. */
    final LostException lost(int index, String problem) {
        start();
        return new LostException(index, "the CPU under test " + problem + " in case " + index);
    }

    /** Runs until the kernel rings; what went wrong, or null. */
    final String resume() {
        said = -1;
        watchdog.arm(clock.nanos() + PATIENCE_NANOS);
        Vcpu.Exit exit = cpu.run();
        watchdog.cancel();
        if (exit != Vcpu.Exit.KICKED) {
            return "ended with " + exit + ", " + cpu.failure();
        }
        return said == GuestRunner.BATCH_DONE
                ? null
                : said < 0 ? "did not end" : "faulted in its kernel: " + kernelFault();
    }

    /** The exception frame at the top of the kernel's stack, in words. */
    private String kernelFault() {
        VcpuState state = cpu.state();
        MemorySegment frame = at(state.gpr[4] - DIRECT_MAP, 7 * Long.BYTES);
        StringBuilder text = new StringBuilder("vector, error code, rip, cs, rflags, rsp, ss =");
        for (int i = 0; i < 7; i++) {
            text.append(' ')
                    .append(Long.toHexString(frame.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i)));
        }
        return text.append("; cr2 = ").append(Long.toHexString(state.cr2)).toString();
    }

    @Override
    public void close() {
        clock.close();
        cpu.close();
        factory.close();
        memory.close();
        arena.close();
    }

    private final class Doorbell implements IoRegion {
        @Override
        public long read(long offset, int size) {
            return 0xFF;
        }

        @Override
        public void write(long offset, int size, long value) {
            said = offset == 0 ? (int) value : GuestRunner.BATCH_DONE;
            cpu.kick();
        }
    }
}
