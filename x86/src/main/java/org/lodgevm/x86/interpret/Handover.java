package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;
import static org.lodgevm.machine.HostMemory.put8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;

/** Hands the registers over between the interpreter, whose fields they are, and translated code, which has them in the state block. */
final class Handover {
    private static final int ALL_MASKED = 0x1f80;

    private final Cpu c;
    private final MemorySegment registers;

    Handover(Cpu cpu) {
        c = cpu;
        registers = HostMemory.segment(c.block + StateBlock.GPR, 8L * Gpr.COUNT);
    }

    /** Whether the CPU is in a mode whose code is translated: 64-bit, or 32-bit with flat segments, and in no ring between. */
    boolean suits() {
        return c.cpl % 3 == 0 && (c.code64 || hasFlatSegments());
    }

    private boolean hasFlatSegments() {
        Segment cs = c.segments[Segment.CS];
        return cs.base == 0 && cs.big() && cs.limit == 0xffff_ffffL && c.segments[Segment.SS].big()
                && isFlat(Segment.SS) && isFlat(Segment.DS) && isFlat(Segment.ES);
    }

    private boolean isFlat(int segment) {
        return c.segments[segment].unlimited() && c.segments[segment].base == 0;
    }

    void enter() {
        MemorySegment.copy(c.r, 0, registers, ValueLayout.JAVA_LONG, 0, Gpr.COUNT);
        int status = Flags.status(c);
        put16(c.block + StateBlock.FLAGS, status << 8 | ((status & Rflags.OF) != 0 ? 1 : 0));
        put32(c.block + StateBlock.SYSTEM_FLAGS, c.flagsOther);
        enterSegments();
        enterSystem();
        int mxcsr = c.sse.mxcsr;
        put32(c.block + StateBlock.GUEST_MXCSR, mxcsr);
        put8(c.block + StateBlock.UNITS, 0);
        int allowed = vectorsAllowed(mxcsr);
        if (!c.fpuBlocked && c.x87.masksAll()) {
            allowed |= StateBlock.X87_REGISTERS;
            c.x87.store();
            put32(c.block + StateBlock.X87_LAST, -1);
            put32(c.block + StateBlock.X87_LAST_OPERAND, -1);
        }
        put8(c.block + StateBlock.UNITS_ALLOWED, allowed);
    }

    private void enterSegments() {
        for (int i = 0; i < c.segments.length; i++) {
            put16(c.block + StateBlock.SELECTORS + 2 * i, c.segments[i].selector);
            if (!c.code64) {
                put8(c.block + StateBlock.FLAT + i, c.segments[i].unlimited() ? 1 : 0);
            }
        }
    }

    /** What system calls and returns need. */
    private void enterSystem() {
        put32(c.block + StateBlock.CONTEXT, c.context);
        put64(c.block + StateBlock.KERNEL_GS_BASE, c.msrs.kernelGsBase);
        put64(c.block + StateBlock.SYSCALL_TARGET, c.msrs.lstar);
        put32(c.block + StateBlock.SYSCALL_FLAGS, ~(int) c.msrs.fmask);
        put32(c.block + StateBlock.SYSCALL_SELECTORS, SystemCalls.callSelectors(c));
        put32(c.block + StateBlock.SYSRET_SELECTORS, SystemCalls.returnSelectors(c));
        boolean enabled = (c.efer & Cr.EFER_SCE) != 0 && c.mmu.canonical(c.msrs.lstar);
        put8(c.block + StateBlock.SYSCALL_ENABLED, enabled ? 1 : 0);
    }

    /** Brings the CPU's own mode up to date with the context that translated code is in now. The registers stay where they are. */
    void follow() {
        int context = get32(c.block + StateBlock.CONTEXT);
        if (context == c.context) {
            return;
        }
        c.flagsOther = get32(c.block + StateBlock.SYSTEM_FLAGS);
        int cpl = Cpu.cpl(context);
        if (cpl == c.cpl) {
            c.updateRegime();
        } else {
            long selectors = c.block + StateBlock.SELECTORS;
            SystemCalls.enter64(c, get16(selectors + 2 * Segment.CS), get16(selectors + 2 * Segment.SS), cpl);
        }
        if (c.context != context) {
            throw new IllegalStateException("translated code is in context %x, the CPU in %x".formatted(context, c.context));
        }
    }

    void leave() {
        MemorySegment.copy(registers, ValueLayout.JAVA_LONG, 0, c.r, 0, 16);
        int flags = get16(c.block + StateBlock.FLAGS);
        Flags.status(c, flags >> 8 | ((flags & 1) != 0 ? Rflags.OF : 0));
        c.flagsOther = get32(c.block + StateBlock.SYSTEM_FLAGS);
        long gsBase = get64(c.block + StateBlock.GPR + 8L * (Gpr.SEGMENT_BASE + Segment.GS));
        if (gsBase != c.segments[Segment.GS].base) {
            Segmentation.gsBase(c, gsBase);
            c.msrs.kernelGsBase = get64(c.block + StateBlock.KERNEL_GS_BASE);
        }
        c.sse.mxcsr = get32(c.block + StateBlock.GUEST_MXCSR);
        if ((get8(c.block + StateBlock.UNITS) & StateBlock.X87_REGISTERS) != 0) {
            c.x87.load();
        }
    }

    private int vectorsAllowed(int mxcsr) {
        if ((mxcsr & ALL_MASKED) != ALL_MASKED) {
            return 0;
        }
        return (c.sseBlocked ? 0 : StateBlock.LOWER_HALVES) | (c.avxBlocked ? 0 : StateBlock.UPPER_HALVES);
    }
}
