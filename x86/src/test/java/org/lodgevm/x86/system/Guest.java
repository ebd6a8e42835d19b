package org.lodgevm.x86.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.DirtyLog;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.TranslationFile;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.state.Msr;

/** A bare-metal guest: code at {@link #KERNEL} and {@link #USER}, tables and stacks at the addresses below, one CPU or more. */
final class Guest implements AutoCloseable {
    static final int RAM = 8 << 20;
    static final int IDT = 0x1000;
    static final int GDT = 0x2000;
    static final int LDT = 0x3000;
    static final int TSS = 0x4000;
    static final int TSS_LIMIT = 103;
    static final int OTHER_TSS = 0x6000;
    static final int HANDLERS = 0x7000;
    static final int KERNEL = 0x9000;
    static final int USER = 0xb000;
    static final int KERNEL_STACK = 0xe000;
    static final int INNER_STACK = 0xf000;
    static final int USER_STACK = 0x1_0000;
    static final int IST_STACK = 0x1_1000;
    static final int PAGE_TABLES = 0x2_0000;
    /** Below this, linear addresses are physical ones; above, nothing is mapped. */
    static final int LOW_MEMORY = 0x8_0000;
    /** Physical memory for pages that tests map. */
    static final int FRAMES = 0x10_0000;

    static final int CODE = 0x08;
    static final int DATA = 0x10;
    static final int USER_CODE = 0x1b;
    static final int USER_DATA = 0x23;
    static final int CODE16 = 0x28;
    static final int DATA16 = 0x30;
    static final int CODE32 = 0x38;
    static final int TASK = 0x40;
    static final int LOCAL = 0x50;
    /** From here on descriptors are free for tests. */
    static final int FREE = 0x60;

    private static final int GDT_LIMIT = 0xfff;
    private static final int STACK_OF_EACH = 0x400;

    final Mode mode;
    final GuestMemory memory = new GuestMemory();
    /** Null where paging is off. */
    final PageTables pages;
    /** How the CPUs start; to be changed before {@link #run}. */
    final VcpuState start = new VcpuState();
    private final Arena arena = Arena.ofShared();
    private final SystemClock clock = new SystemClock();
    private final Accelerator.VcpuFactory factory;
    private final List<GuestCpu> cpus = new ArrayList<>();
    private final Assembler kernel;
    private final Assembler user;

    Guest(Engine engine, Mode mode) {
        this(engine, mode, 1);
    }

    Guest(Engine engine, Mode mode, int cpuCount) {
        this(offered(engine, cpuCount), engine.translations(), mode, cpuCount);
    }

    private static Accelerator offered(Engine engine, int cpuCount) {
        assumeTrue(cpuCount == 1 || engine != Engine.LOCKSTEP, "it compares one CPU only");
        return engine.accelerator();
    }

    /** @param translations null for none */
    Guest(Accelerator accelerator, TranslationFile translations, Mode mode, int cpuCount) {
        this.mode = mode;
        memory.addRam(0, RAM, (bytes, unused) -> arena.allocate(bytes, PageTables.PAGE));
        kernel = mode.assembler(KERNEL);
        user = mode.assembler(USER);
        pages = mode.levels == 0 ? null : new PageTables(memory, mode, PAGE_TABLES);
        if (pages != null) {
            pages.map(0, 0, LOW_MEMORY, PageTables.WRITABLE);
            pages.map(USER, USER, PageTables.PAGE, PageTables.USER | PageTables.WRITABLE);
            pages.map(USER_STACK - PageTables.PAGE, USER_STACK - PageTables.PAGE, PageTables.PAGE, PageTables.USER | PageTables.WRITABLE);
        }
        fillTables();
        fillState();
        factory = accelerator.open(
                new Accelerator.MachineContext(memory, clock, new Accelerator.Cpus(cpuCount), Trace.OFF, translations));
        for (int i = 0; i < cpuCount; i++) {
            cpus.add(new GuestCpu(factory, i, new Bus(memory), clock, this));
        }
    }

    private void fillTables() {
        Handlers handlers = new Handlers(mode, HANDLERS);
        memory.write(HANDLERS, handlers.code());
        for (int vector = 0; vector < Handlers.VECTORS; vector++) {
            if (mode == Mode.REAL) {
                put32(4 * vector, handlers.entry(vector));
            } else {
                gate(vector, CODE, handlers.entry(vector), Descriptors.INTERRUPT_GATE, 0);
            }
        }
        int width = mode.is64() ? Descriptors.LONG : Descriptors.BIG;
        descriptor(CODE, Descriptors.flat(Descriptors.CODE, width));
        descriptor(DATA, Descriptors.flat(Descriptors.DATA, Descriptors.BIG));
        descriptor(USER_CODE, Descriptors.flat(Descriptors.CODE | Descriptors.DPL3, width));
        descriptor(USER_DATA, Descriptors.flat(Descriptors.DATA | Descriptors.DPL3, Descriptors.BIG));
        descriptor(CODE16, Descriptors.segment(0, 0xffff, Descriptors.CODE, 0));
        descriptor(DATA16, Descriptors.segment(0, 0xffff, Descriptors.DATA, 0));
        descriptor(CODE32, Descriptors.flat(Descriptors.CODE, Descriptors.BIG));
        descriptor(TASK, Descriptors.segment(TSS, TSS_LIMIT, Descriptors.TSS_BUSY, 0));
        put32(TSS + 4, INNER_STACK);
        put16(TSS + 102, TSS_LIMIT + 1);
        if (mode.is64()) {
            put64(TSS + 36, IST_STACK);
        } else {
            put16(TSS + 8, DATA);
        }
    }

    private void fillState() {
        boolean real = mode == Mode.REAL;
        start.gdtr = new VcpuState.Table(GDT, GDT_LIMIT);
        start.idtr = new VcpuState.Table(real ? 0 : IDT, GDT_LIMIT);
        start.ldtr = new VcpuState.Segment(0, 0, 0, 0);
        start.tr = new VcpuState.Segment(TASK, TSS, TSS_LIMIT, Descriptors.TSS_BUSY);
        Arrays.fill(start.segments, real ? new VcpuState.Segment(0, 0, 0xffff, Descriptors.DATA) : loaded(DATA));
        if (!real) {
            start.segments[1] = loaded(CODE);
        }
        start.cr0 = mode.cr0();
        start.cr3 = PAGE_TABLES;
        start.cr4 = mode.cr4();
        start.msrs.put(Msr.IA32_EFER, mode.efer());
        start.xsave = new byte[576];
        start.xsave[25] = 0x1f;
        start.xsave[24] = (byte) 0x80;
        start.dr[4] = 0xffff_0ff0L;
        start.dr[5] = 0x400;
    }

    /** A segment register as loading it from the GDT fills it. */
    VcpuState.Segment loaded(int selector) {
        long d = get64(GDT + (selector & ~7));
        long limit = d & 0xffff | d >>> 32 & 0xf_0000;
        boolean pages4k = (d >>> 55 & 1) != 0;
        long base = d >>> 16 & 0xff_ffff | d >>> 32 & 0xff00_0000L;
        return new VcpuState.Segment(selector, base, (int) (pages4k ? limit << 12 | 0xfff : limit), Descriptors.attributes(d));
    }

    // --- code ----------------------------------------------------------------------------------------------------------------

    /** To be assembled at {@link #KERNEL}, where {@link #run} starts. */
    Assembler kernel() {
        return kernel;
    }

    /** To be assembled at {@link #USER}, where {@link #runUser} starts at privilege level 3. */
    Assembler user() {
        return user;
    }

    /** Stops the guest with the event {@code done}. */
    static Assembler done(Assembler a) {
        return a.out(GuestCpu.DONE, Gpr.AL);
    }

    Stop run() {
        start.rip = KERNEL;
        start.gpr[4] = KERNEL_STACK;
        return begin(start);
    }

    Stop runUser() {
        start.rip = USER;
        start.gpr[4] = USER_STACK;
        start.segments[1] = loaded(USER_CODE);
        for (int i : new int[] {0, 2, 3, 4, 5}) {
            start.segments[i] = loaded(USER_DATA);
        }
        return begin(start);
    }

    private Stop begin(VcpuState state) {
        writeCode();
        cpus.get(0).state(state);
        return cpus.get(0).run();
    }

    private void writeCode() {
        memory.write(KERNEL, kernel.toBytes());
        memory.write(USER, user.toBytes());
    }

    /** Goes on: from a handler, back to what was interrupted. */
    Stop resume() {
        return cpus.get(0).run();
    }

    /** Runs all CPUs at once from {@link #KERNEL} until each has stopped. EDI holds the CPU's number, every stack is another. */
    List<Stop> runAll() {
        writeCode();
        for (int i = 0; i < cpus.size(); i++) {
            start.rip = KERNEL;
            start.gpr[4] = KERNEL_STACK - (long) STACK_OF_EACH * i;
            start.gpr[7] = i;
            cpus.get(i).state(start);
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(cpus.size())) {
            return cpus.stream().map(cpu -> threads.submit(cpu::run)).toList().stream().map(Guest::result).toList();
        }
    }

    private static Stop result(Future<Stop> running) {
        try {
            return running.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** To be closed before the guest. */
    DirtyLog log() {
        return new DirtyLog(memory, factory);
    }

    /** What its CPUs share. */
    Accelerator.VcpuFactory cpus() {
        return factory;
    }

    GuestCpu cpu() {
        return cpus.get(0);
    }

    GuestCpu cpu(int index) {
        return cpus.get(index);
    }

    VcpuState state() {
        return cpus.get(0).state();
    }

    /** Changes the registers of a stopped guest. */
    void change(Consumer<VcpuState> how) {
        VcpuState state = state();
        how.accept(state);
        cpus.get(0).state(state);
    }

    long gpr(int number) {
        return state().gpr[number];
    }

    // --- tables and memory -----------------------------------------------------------------------------------------------------

    void descriptor(int selector, long descriptor) {
        put64(GDT + (selector & ~7), descriptor);
    }

    /** An entry of the IDT. {@code ist}: number of the stack that IA-32e mode switches to, or 0. */
    void gate(int vector, int selector, long offset, int access, int ist) {
        long low = Descriptors.gate(selector, offset, access, ist);
        if (mode.is64()) {
            put64(IDT + 16 * vector, low);
            put64(IDT + 16 * vector + 8, offset >>> 32);
        } else {
            put64(IDT + 8 * vector, low);
        }
    }

    /** Where a vector's handler lies that stops the guest. */
    long handler(int vector) {
        long low = get64(IDT + (mode.is64() ? 16 : 8) * vector);
        return low & 0xffff | low >>> 32 & 0xffff_0000L;
    }

    void put8(long gpa, int value) {
        HostMemory.put8(host(gpa), value);
    }

    void put16(long gpa, int value) {
        HostMemory.put16(host(gpa), value);
    }

    void put32(long gpa, long value) {
        HostMemory.put32(host(gpa), (int) value);
    }

    void put64(long gpa, long value) {
        HostMemory.put64(host(gpa), value);
    }

    int get8(long gpa) {
        return HostMemory.get8(host(gpa));
    }

    int get16(long gpa) {
        return HostMemory.get16(host(gpa));
    }

    int get32(long gpa) {
        return HostMemory.get32(host(gpa));
    }

    long get64(long gpa) {
        return HostMemory.get64(host(gpa));
    }

    private long host(long gpa) {
        return memory.slot(gpa).host(gpa);
    }

    @Override
    public void close() {
        clock.close();
        cpus.forEach(GuestCpu::close);
        factory.close();
        memory.close();
        arena.close();
    }
}
