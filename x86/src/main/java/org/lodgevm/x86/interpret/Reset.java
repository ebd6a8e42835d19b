package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Rflags;

/** Power-up, INIT, start-up IPI and shutdown. @sdm 10.1, table 10-1 */
final class Reset {
    private static final int RDX = 2;
    /** What RDX shows after reset: family, model and stepping. */
    private static final long SIGNATURE = 0x0001_06a3;
    private static final long RESET_RIP = 0xfff0;
    private static final int RESET_SELECTOR = 0xf000;
    private static final long RESET_BASE = 0xffff_0000L;
    private static final int LDT_ATTRIBUTES = Segment.P | Segment.SYSTEM_LDT;
    private static final int TSS_ATTRIBUTES = Segment.P | Segment.SYSTEM_TSS_BUSY;

    private Reset() {}

    static void powerUp(Cpu c) {
        core(c);
        c.answer(Attention.INIT | Attention.STARTUP);
        c.cr0 = Cr.CR0_CD | Cr.CR0_NW | Cr.CR0_ET;
        c.msrs.reset();
        c.xcr0 = 1;
        ExtendedState.reset(c);
        c.waitingForStartup = c.index != 0;
        finish(c);
    }

    /** Leaves the MSRs, the vector and x87 state and CR0's CD and NW as they are. */
    static void init(Cpu c) {
        core(c);
        c.cr0 = c.cr0 & (Cr.CR0_CD | Cr.CR0_NW) | Cr.CR0_ET;
        c.interrupts.reset(true);
        c.waitingForStartup = c.index != 0;
        finish(c);
    }

    static void startup(Cpu c, int vector) {
        c.waitingForStartup = false;
        c.answer(Attention.HALTED);
        Segment cs = c.segments[Segment.CS];
        Segmentation.set(c, Segment.CS, vector << 8, (long) vector << 12, cs.limit, cs.attributes);
        c.rip = 0;
    }

    private static void core(Cpu c) {
        c.noShadow();
        c.answer(Attention.STACK_LOADED | Attention.STEP | Attention.HALTED | Attention.SHUTDOWN
                | Attention.DEBUG_TRAP | Attention.NMIS | Attention.INTERRUPT);
        c.clearRegisters();
        c.gpr(RDX, SIGNATURE);
        Flags.status(c, Rflags.FIXED);
        c.flagsOther = 0;
        c.cpl = 0;
        c.cr2 = c.cr3 = c.cr4 = c.efer = 0;
        c.nmiBlocked = false;
        c.nmiPending = false;
        c.failure = null;
        for (int i = 0; i < 6; i++) {
            c.segments[i].set(0, 0, 0xffff, Segment.DATA);
            c.segmentBase(i, 0);
        }
        c.segments[Segment.CS].set(RESET_SELECTOR, RESET_BASE, 0xffff, Segment.DATA);
        c.segmentBase(Segment.CS, RESET_BASE);
        c.ldtr.set(0, 0, 0xffff, LDT_ATTRIBUTES);
        c.tr.set(0, 0, 0xffff, TSS_ATTRIBUTES);
        c.gdtBase = c.idtBase = 0;
        c.gdtLimit = c.idtLimit = 0xffff;
        c.rip = RESET_RIP;
        c.breakpoints.reset();
    }

    private static void finish(Cpu c) {
        c.updatePaging();
        c.flushTlb(true);
        SystemRegisters.unitsChanged(c);
        c.updateMode();
        if (c.waitingForStartup) {
            c.ask(Attention.HALTED);
        }
    }

    static void shutdown(Cpu c, String reason) {
        c.failure = reason + ", " + CpuDump.registers(c);
        c.ask(Attention.SHUTDOWN);
    }
}
