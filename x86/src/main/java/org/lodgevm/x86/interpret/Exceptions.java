package org.lodgevm.x86.interpret;

import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/**
 * Delivery of exceptions and interrupts: which of several it is, and the way into a real-mode handler. {@link ProtectedGates} and
 * {@link LongGates} are the ways in the other modes. @sdm 3A:6.12, 3A:6.15, 3A:20.1.4
 *
 * <p>Nothing of the CPU changes until the frame is written, so that a fault on the way leaves the state of before, from
 * which the next exception is delivered.
 */
final class Exceptions {
    /** Error code: the event was not the program's doing. */
    static final int EXT = 1;
    /** Error code: the index is of the IDT. */
    private static final int IDT = 2;
    static final int NO_ERROR_CODE = -1;

    private Exceptions() {}

    /** Delivers a fault; one on the way becomes a double fault or replaces it, one in a double fault ends in shutdown. @sdm 3A:6.15 */
    static void raise(Cpu c, GuestFault fault) {
        int vector = fault.vector();
        int error = fault.errorCode();
        noted(c, fault);
        while (true) {
            boolean isFault = vector != Vector.BP && vector != Vector.OF;
            try {
                deliver(c, vector, Vector.hasErrorCode(vector) ? error : NO_ERROR_CODE, false, isFault ? Rflags.RF : 0);
                return;
            } catch (GuestFault next) {
                if (vector == Vector.DF) {
                    Reset.shutdown(c, "triple fault: %s while delivering #DF".formatted(next.getMessage()));
                    return;
                }
                boolean doubled = contributory(vector) && contributory(next.vector())
                        || vector == Vector.PF && (contributory(next.vector()) || next.vector() == Vector.PF);
                vector = doubled ? Vector.DF : next.vector();
                error = doubled ? 0 : next.errorCode();
                noted(c, next);
            }
        }
    }

    private static void noted(Cpu c, GuestFault fault) {
        if (c.tracer.interrupts || c.tracer.mmu) {
            c.tracer.fault(c, fault);
        }
        if (fault.vector() == Vector.PF) {
            c.cr2 = fault.address();
        }
    }

    private static boolean contributory(int vector) {
        return vector == Vector.DE || vector >= Vector.TS && vector <= Vector.GP;
    }

    /** An external interrupt, or an NMI. */
    static void interrupt(Cpu c, int vector) {
        event(c, vector);
    }

    /** #DB after an instruction, or before one that has a breakpoint; RF is saved as it is. @sdm 3B:18.3.1.1 */
    static void debug(Cpu c) {
        event(c, Vector.DB);
    }

    private static void event(Cpu c, int vector) {
        if (c.tracer.interrupts) {
            c.tracer.interrupt(c, vector);
        }
        try {
            deliver(c, vector, NO_ERROR_CODE, false, 0);
        } catch (GuestFault fault) {
            raise(c, fault);
        }
    }

    /** INT n, INT3, INTO: rIP is already that of the next instruction. Throws what delivery meets. */
    static void software(Cpu c, int vector) {
        c.breakpoints.suppressStep();
        if (c.tracer.interrupts) {
            c.tracer.software(c, vector);
        }
        deliver(c, vector, NO_ERROR_CODE, true, 0);
    }

    /** @param alsoFlags to be saved as set in RFLAGS */
    private static void deliver(Cpu c, int vector, int error, boolean software, int alsoFlags) {
        if (!c.protectedMode()) {
            deliverReal(c, vector);
        } else if (c.longMode) {
            LongGates.deliver(c, vector, error, software, alsoFlags);
        } else {
            ProtectedGates.deliver(c, vector, error, software, alsoFlags);
        }
    }

    private static void deliverReal(Cpu c, int vector) {
        int at = vector * 4;
        if (at + 3 > c.idtLimit) {
            throw c.protection();
        }
        long entry = Linear.read32(c, c.idtBase + at, Segment.DS) & 0xffff_ffffL;
        Segment cs = c.segments[Segment.CS];
        Frame frame = new Frame(c, c.segments[Segment.SS], c.r[Gpr.RSP], c.stackMask, 2, 0);
        frame.push(c.rflags());
        frame.push(cs.selector);
        frame.push(c.rip);
        c.stackPointer(frame.pointer());
        c.flagsOther &= ~(Rflags.IF | Rflags.TF | Rflags.RF | Rflags.AC);
        int selector = (int) (entry >>> 16);
        Segmentation.set(c, Segment.CS, selector, (long) selector << 4, cs.limit, cs.attributes);
        c.rip = entry & 0xffff;
    }

    // --- for the gates of both modes -----------------------------------------------------------------------------------------

    /** The first eight bytes of a vector's gate, which is {@code bytes} long. */
    static long gate(Cpu c, int vector, int bytes, int ext) {
        if (vector * bytes + bytes - 1 > c.idtLimit) {
            throw c.fault(Vector.GP, gateError(vector, ext));
        }
        return Segmentation.readSystem(c, c.idtBase + vector * bytes);
    }

    static int gateError(int vector, int ext) {
        return vector * 8 + IDT + ext;
    }

    /** Privilege of a software interrupt, and presence. */
    static void checkGate(Cpu c, int vector, long gate, boolean software) {
        if (software && Descriptor.dpl(gate) < c.cpl) {
            throw c.fault(Vector.GP, gateError(vector, 0));
        }
        if (!Descriptor.present(gate)) {
            throw c.fault(Vector.NP, gateError(vector, software ? 0 : EXT));
        }
    }

    /** The handler's code segment, checked. */
    static long handlerCode(Cpu c, int selector, int ext) {
        int error = selector & Segmentation.INDEX_AND_TABLE | ext;
        if (Segmentation.isNull(selector)) {
            throw c.fault(Vector.GP, ext);
        }
        long code = Segmentation.descriptor(c, selector, Vector.GP, ext);
        boolean not64 = (Descriptor.attributes(code) & (Segment.L | Segment.DB)) != Segment.L;
        if (!Descriptor.code(code) || Descriptor.dpl(code) > c.cpl || c.longMode && not64) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(code)) {
            throw c.fault(Vector.NP, error);
        }
        return code;
    }

    static int handlerLevel(Cpu c, long code) {
        return Descriptor.conforming(code) ? c.cpl : Descriptor.dpl(code);
    }

    /** Until {@link Cpu#updateRegime} memory is accessed as at the handler's level. */
    static void useRegime(Cpu c, int cpl) {
        c.implicitSupervisor();
        if (cpl == 3) {
            c.regime = Tlb.USER;
            c.tlb = c.mmu.tlb.regime(Tlb.USER);
        }
    }
}
