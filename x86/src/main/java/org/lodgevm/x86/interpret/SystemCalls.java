package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Cr.EFER_SCE;

import org.lodgevm.x86.state.Rflags;

/** SYSCALL, SYSRET, SYSENTER, SYSEXIT. @sdm 5.8.7, 5.8.8 */
final class SystemCalls {
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RSP = 4;
    private static final int R11 = 11;
    private static final int CODE64 = Segment.CODE | Segment.L | Segment.G;
    private static final int CODE32 = Segment.CODE | Segment.DB | Segment.G;
    private static final int DATA = Segment.DATA | Segment.DB | Segment.G;
    private static final long FLAT = 0xffff_ffffL;

    private SystemCalls() {}

    private static void flat(Cpu c, int codeSelector, int codeAttributes, int stackSelector, int cpl) {
        c.cpl = cpl;
        int dpl = cpl << Segment.DPL_SHIFT;
        c.segments[Segment.SS].set(stackSelector, 0, FLAT, DATA | dpl);
        c.segmentBase(Segment.SS, 0);
        Segmentation.set(c, Segment.CS, codeSelector, 0, FLAT, codeAttributes | dpl);
    }

    /** CS and SS of SYSCALL: CS in the lower half. */
    static int callSelectors(Cpu c) {
        int selector = (int) (c.msrs.star >>> 32) & 0xfffc;
        return both(selector, selector + 8);
    }

    /** Of SYSRET to 64-bit code. */
    static int returnSelectors(Cpu c) {
        int base = (int) (c.msrs.star >>> 48) & 0xffff;
        return both(base + 16 | 3, base + 8 | 3);
    }

    private static int both(int code, int stack) {
        return code & 0xffff | stack << 16;
    }

    /** Loads what SYSCALL or SYSRET has put into CS and SS. */
    static void enter64(Cpu c, int codeSelector, int stackSelector, int cpl) {
        flat(c, codeSelector, CODE64, stackSelector, cpl);
    }

    /** As on Intel's processors in 64-bit mode only. */
    static void syscall(Cpu c, Op o) {
        if (!c.code64 || (c.efer & EFER_SCE) == 0) {
            throw c.undefined();
        }
        c.gpr(RCX, c.rip);
        c.gpr(R11, c.rflags() & ~Rflags.RF);
        c.rip = c.msrs.lstar;
        int flags = c.rflags() & ~Rflags.RF & ~(int) c.msrs.fmask;
        Flags.status(c, flags);
        c.flagsOther = flags & Rflags.ALL & ~Rflags.STATUS;
        int selectors = callSelectors(c);
        enter64(c, selectors & 0xffff, selectors >>> 16, 0);
        c.breakpoints.stepIntoSystem();
    }

    static void sysret(Cpu c, Op o) {
        if (!c.code64 || (c.efer & EFER_SCE) == 0) {
            throw c.undefined();
        }
        boolean to64 = o.instruction.opSize() == 8;
        long rip = c.gpr(RCX);
        if (to64 && !c.mmu.canonical(rip)) {
            throw c.protection();
        }
        int base = (int) (c.msrs.star >>> 48) & 0xffff;
        int flags = (int) c.gpr(R11) & Rflags.ALL & ~(Rflags.RF | Rflags.VM);
        c.rip = to64 ? rip : rip & 0xffff_ffffL;
        flat(c, (to64 ? base + 16 : base) | 3, to64 ? CODE64 : CODE32, base + 8 | 3, 3);
        c.rflags(flags);
        c.breakpoints.stepIntoSystem();
    }

    /** Virtual-8086 tasks may use it too. */
    static void sysenter(Cpu c, Op o) {
        int selector = fastSelector(c);
        c.flagsOther &= ~(Rflags.VM | Rflags.IF | Rflags.RF);
        c.gpr(RSP, c.longMode ? c.msrs.sysenterEsp : c.msrs.sysenterEsp & 0xffff_ffffL);
        c.rip = c.longMode ? c.msrs.sysenterEip : c.msrs.sysenterEip & 0xffff_ffffL;
        flat(c, selector, c.longMode ? CODE64 : CODE32, selector + 8, 0);
    }

    /** IA32_SYSENTER_CS, null where SYSENTER and SYSEXIT are not in use. */
    private static int fastSelector(Cpu c) {
        int selector = (int) c.msrs.sysenterCs & 0xfffc;
        if (selector == 0 || !c.protectedMode()) {
            throw c.protection();
        }
        return selector;
    }

    static void sysexit(Cpu c, Op o) {
        int selector = fastSelector(c);
        boolean to64 = o.instruction.opSize() == 8;
        long rip = c.gpr(RDX);
        long rsp = c.gpr(RCX);
        if (to64 && !(c.mmu.canonical(rip) && c.mmu.canonical(rsp))) {
            throw c.protection();
        }
        c.rip = to64 ? rip : rip & 0xffff_ffffL;
        c.gpr(RSP, to64 ? rsp : rsp & 0xffff_ffffL);
        int code = selector + (to64 ? 32 : 16) | 3;
        flat(c, code, to64 ? CODE64 : CODE32, code + 8, 3);
    }
}
