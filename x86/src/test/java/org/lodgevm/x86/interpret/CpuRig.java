package org.lodgevm.x86.interpret;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.lodgevm.machine.Accelerator.Cpus;
import org.lodgevm.machine.Bus;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.SystemClock;
import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Tsc;
import org.lodgevm.x86.NoInterrupts;
import org.lodgevm.x86.decode.Decoder;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.decode.Outcome;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.fp.SimdFault;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.StateBlock;

/** A CPU at privilege level 0 with flat segments, no paging and all units enabled, for single instructions. */
final class CpuRig implements AutoCloseable {
    static final int RAM = 1 << 20;
    /** Where memory operands may be, far from both ends of RAM. */
    static final int DATA = 0x8000;
    /** Where instructions are said to be. */
    static final int CODE = 0x1000;
    private static final int PAGE_DIRECTORY = 0x10000;
    private static final int PAGE_TABLE = 0x11000;
    private static final int PAGE = 0x1000;
    private static final int PRESENT_AND_WRITABLE = 3;
    private static final long WHOLE = 0xffff_ffffL;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final Cpu c;
    final GuestMemory memory = new GuestMemory();
    private final SystemClock clock = new SystemClock();
    private final CodeSize size;
    private final Decoder decoder = new Decoder();

    CpuRig(CodeSize size) {
        this.size = size;
        memory.addRam(0, RAM, (bytes, arena) -> arena.allocate(bytes, 4096));
        CodeCache code = new CodeCache(memory, Integer.MAX_VALUE);
        c = new Cpu(0, new Bus(memory), new NoInterrupts(), new Tsc(clock), clock, code, new CpuidModel(new Cpus(1)), Trace.OFF);
        code.join(c);
        c.cr0 = Cr.CR0_PE | Cr.CR0_NE | Cr.CR0_ET;
        c.cr4 = Cr.CR4_OSFXSR | Cr.CR4_OSXMMEXCPT | Cr.CR4_OSXSAVE;
        c.xcr0 = ExtendedState.X87 | ExtendedState.SSE | ExtendedState.AVX;
        c.efer = size.is64() ? Cr.EFER_LMA | Cr.EFER_LME : 0;
        int width = size.is64() ? Segment.L : size == CodeSize.BITS_32 ? Segment.DB : 0;
        for (int i = 0; i < 6; i++) {
            Segmentation.set(c, i, 8, 0, WHOLE, (i == Segment.CS ? Segment.CODE : Segment.DATA) | Segment.G | width);
        }
        FxArea.initialize(c.x87);
        SystemRegisters.unitsChanged(c);
        c.updateMode();
    }

    /** Turns on paging, linear addresses being physical ones, for 32-bit code, and takes one page away. */
    void absent(int linear) {
        put32(PAGE_DIRECTORY, PAGE_TABLE | PRESENT_AND_WRITABLE);
        for (int page = 0; page < RAM; page += PAGE) {
            put32(PAGE_TABLE + page / PAGE * Integer.BYTES, page == linear ? 0 : page | PRESENT_AND_WRITABLE);
        }
        c.cr3 = PAGE_DIRECTORY;
        c.cr0 |= Cr.CR0_PG;
        c.updatePaging();
        c.flushTlb(true);
    }

    /** Changes control registers without their checks. */
    void control(long cr0, long cr4) {
        c.cr0 = cr0;
        c.cr4 = cr4;
        SystemRegisters.unitsChanged(c);
    }

    void put32(int address, int value) {
        memory.at(address, Integer.BYTES).set(INT, 0, value);
    }

    int get32(int address) {
        return memory.at(address, Integer.BYTES).get(INT, 0);
    }

    void put64(int address, long value) {
        memory.at(address, Long.BYTES).set(LONG, 0, value);
    }

    long get64(int address) {
        return memory.at(address, Long.BYTES).get(LONG, 0);
    }

    /** Half of an XMM register. */
    long xmm(int number, int half) {
        return HostMemory.get64(c.block + StateBlock.XMM + 16L * number + 8L * half);
    }

    void xmm(int number, long low, long high) {
        HostMemory.put64(c.block + StateBlock.XMM + 16L * number, low);
        HostMemory.put64(c.block + StateBlock.XMM + 16L * number + 8, high);
    }

    /** Half of a YMM register's upper half. */
    long high(int number, int half) {
        return HostMemory.get64(c.block + StateBlock.YMM_HIGH + 16L * number + 8L * half);
    }

    void high(int number, long low, long high) {
        HostMemory.put64(c.block + StateBlock.YMM_HIGH + 16L * number, low);
        HostMemory.put64(c.block + StateBlock.YMM_HIGH + 16L * number + 8, high);
    }

    /** The op of an instruction. */
    Op bind(byte... bytes) {
        Instruction in = new Instruction();
        Outcome outcome = decoder.decode(bytes, 0, bytes.length, size, in);
        if (outcome != Outcome.DECODED) {
            throw new AssertionError(HexFormat.of().formatHex(bytes) + " is " + outcome);
        }
        return new Binder(c).bind(in, CODE, size.is64() ? -1L : WHOLE);
    }

    /** Executes bytes given in hexadecimal and returns the fault, or null. */
    String run(String hex) {
        return run(bind(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    String run(Op op) {
        c.rip = op.next;
        try {
            op.run(c);
            return null;
        } catch (GuestFault fault) {
            return fault.getMessage();
        } catch (SimdFault fault) {
            return Units.simdFault(c).getMessage();
        }
    }

    @Override
    public void close() {
        memory.close();
        clock.close();
    }
}
