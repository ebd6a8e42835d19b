package org.lodgevm.x86.oracle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.lodgevm.machine.Accelerator;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.machine.VcpuState;

/**
 * A CPU under test whose host puts each case into memory and registers, and takes its result from there: its own kernel does no more than to
 * stop at an exception. For accelerators that execute ring 3 itself, and of ring 0 perhaps little.
 */
final class HostedCpu extends GuestCpu {
    /** Of {@link VcpuState#segments}. */
    private static final int ES = 0;

    private static final int CS = 1;
    private static final int SS = 2;
    private static final int DS = 3;
    private static final int FS = 4;
    private static final int GS = 5;
    private static final int RSP = 4;

    private static final int RING = 3;
    private static final int IN_LDT = 4;

    /** Of a descriptor. @sdm 3A:3.4.5 */
    private static final long GRANULAR = 1L << 55;

    private static final int ATTRIBUTES = 0xF0FF;

    /** Of an XSAVE image: what comes before the bytes that FXSAVE leaves alone. @sdm 1:13.4 */
    private static final int LEGACY = 416;

    private static final int XSTATE_BV = 512;
    private static final int YMM = 576;
    private static final long X87_SSE = 3;
    private static final long AVX = 4;

    HostedCpu(Accelerator accelerator) {
        super(accelerator, GuestRunner.exceptions(DIRECT_MAP + KERNEL));
    }

    @Override
    public void run(int count) {
        for (int i = 0; i < count; i++) {
            attempt(i);
        }
    }

    private void attempt(int index) {
        Case input = input(index);
        Case output = output(index);
        load(input);
        String problem = resume();
        if (problem != null) {
            throw lost(index, problem);
        }
        VcpuState state = cpu.state();
        MemorySegment frame = at(state.gpr[RSP] - DIRECT_MAP, GuestRunner.FRAME_SS + Long.BYTES);
        if ((frame.get(ValueLayout.JAVA_LONG, GuestRunner.FRAME_CS) & RING) == 0) {
            throw lost(index, "faulted in its kernel");
        }
        output.record().fill((byte) 0);
        storeRegisters(state, output);
        storeException(frame, output);
        storeVectors(state.xsave, input, output);
        storeMemory(input, output);
    }

    /** Whether the guest has YMM registers. */
    boolean hasAvx() {
        return cpu.state().xsave.length > YMM;
    }

    private void load(Case input) {
        memory.write(DATA + input.get32(Layout.WINDOW_AT), input.bytes(Layout.WINDOW, Layout.WINDOW_BYTES));
        memory.write(CODE + input.get32(Layout.CODE_AT), input.bytes(Layout.CODE_COPY, input.get32(Layout.CODE_LENGTH)));
        VcpuState state = cpu.state();
        for (int i = 0; i < state.gpr.length; i++) {
            state.gpr[i] = input.gpr(i);
        }
        state.gpr[RSP] = input.get64(Layout.RSP);
        state.rip = input.get64(Layout.RIP);
        state.rflags = input.get64(Layout.RFLAGS);
        state.segments[CS] = segment((int) input.get64(Layout.CS));
        state.segments[SS] = segment((int) input.get64(Layout.SS));
        state.segments[DS] = segment(input.get16(Layout.DS));
        state.segments[ES] = segment(input.get16(Layout.ES));
        state.segments[FS] = based(segment(input.get16(Layout.FS)), input.get64(Layout.FS_BASE));
        state.segments[GS] = based(segment(input.get16(Layout.GS)), input.get64(Layout.GS_BASE));
        loadVectors(state.xsave, input);
        cpu.state(state);
    }

    /** What loading the selector makes of a segment register. */
    private VcpuState.Segment segment(int selector) {
        if ((selector & ~RING) == 0) {
            return new VcpuState.Segment(selector, 0, 0, 0);
        }
        long at = ((selector & IN_LDT) != 0 ? LDT : GDT) + (selector & ~(RING | IN_LDT));
        long descriptor = HostMemory.get64(memory.slot(at).host(at));
        long base = descriptor >>> 16 & 0xFF_FFFF | descriptor >>> 32 & 0xFF00_0000L;
        int limit = (int) (descriptor & 0xFFFFL | descriptor >>> 32 & 0xF_0000);
        boolean pages = (descriptor & GRANULAR) != 0;
        return new VcpuState.Segment(
                selector, base, pages ? limit << 12 | Layout.PAGE - 1 : limit, (int) (descriptor >>> 40) & ATTRIBUTES);
    }

    private static VcpuState.Segment based(VcpuState.Segment segment, long base) {
        return new VcpuState.Segment(segment.selector(), base, segment.limit(), segment.attributes());
    }

    private static void loadVectors(byte[] image, Case input) {
        MemorySegment.copy(input.record(), ValueLayout.JAVA_BYTE, Layout.FXSAVE, image, 0, LEGACY);
        long inUse = X87_SSE;
        if (image.length > YMM) {
            MemorySegment.copy(input.record(), ValueLayout.JAVA_BYTE, Layout.YMM_HIGH, image, YMM, Layout.YMM_HIGH_BYTES);
            inUse |= AVX;
        }
        words(image).putLong(XSTATE_BV, inUse);
    }

    private static ByteBuffer words(byte[] image) {
        return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void storeRegisters(VcpuState state, Case output) {
        for (int i = 0; i < state.gpr.length; i++) {
            output.gpr(i, state.gpr[i]);
        }
        output.put16(Layout.DS, state.segments[DS].selector());
        output.put16(Layout.ES, state.segments[ES].selector());
        output.put16(Layout.FS, state.segments[FS].selector());
        output.put16(Layout.GS, state.segments[GS].selector());
        output.put64(Layout.FS_BASE, state.segments[FS].base());
        output.put64(Layout.GS_BASE, state.segments[GS].base());
        output.put64(Layout.CR2, state.cr2);
    }

    private static void storeException(MemorySegment frame, Case output) {
        Case from = new Case(frame);
        output.gpr(RSP, from.get64(GuestRunner.FRAME_RSP));
        output.put64(Layout.RIP, from.get64(GuestRunner.FRAME_RIP));
        output.put64(Layout.CS, from.get64(GuestRunner.FRAME_CS));
        output.put64(Layout.RFLAGS, from.get64(GuestRunner.FRAME_RFLAGS));
        output.put64(Layout.SS, from.get64(GuestRunner.FRAME_SS));
        output.put64(Layout.ERROR_CODE, from.get64(GuestRunner.FRAME_ERROR));
        int vector = from.get32(GuestRunner.FRAME_VECTOR);
        output.put32(Layout.VECTOR, vector);
        boolean exit = vector == GuestRunner.BP && from.get64(GuestRunner.FRAME_RIP) == Layout.EXIT + GuestRunner.INT3_BYTES;
        output.put32(Layout.OUTCOME, exit ? Layout.EXITED : Layout.FAULTED);
    }

    /** A component that is not in use is zero; upper halves of YMM registers stay as they were where the CPU has none. */
    private static void storeVectors(byte[] image, Case input, Case output) {
        output.put(Layout.FXSAVE, Arrays.copyOf(image, LEGACY));
        if (image.length <= YMM) {
            output.put(Layout.YMM_HIGH, input.bytes(Layout.YMM_HIGH, Layout.YMM_HIGH_BYTES));
        } else if ((words(image).getLong(XSTATE_BV) & AVX) != 0) {
            output.put(Layout.YMM_HIGH, Arrays.copyOfRange(image, YMM, YMM + Layout.YMM_HIGH_BYTES));
        }
    }

    /** No case finds what another has left. */
    private void storeMemory(Case input, Case output) {
        output.put(Layout.WINDOW, memory.read(DATA + input.get32(Layout.WINDOW_AT), Layout.WINDOW_BYTES));
        memory.write(DATA, new byte[Layout.DATA_BYTES]);
        byte[] filler = new byte[input.get32(Layout.CODE_LENGTH)];
        Arrays.fill(filler, (byte) Layout.FILLER);
        memory.write(CODE + input.get32(Layout.CODE_AT), filler);
    }
}
