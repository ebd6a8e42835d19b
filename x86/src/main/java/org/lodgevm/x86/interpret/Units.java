package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Vector;

/**
 * Whether the x87, MMX, SSE and AVX units may be used, which operating systems forbid to notice their first use after a task
 * switch. @sdm 2.5, 12.1, 13.1
 *
 * <p>Every instruction of these units begins with one of {@link #x87}, {@link #mmx}, {@link #sse}, {@link #sseAndMmx} and {@link #avx},
 * which look at flags of the CPU that {@link #changed} derives from the control registers.
 */
final class Units {
    private Units() {}

    /** To be called when CR0, CR4 or XCR0 have changed. */
    static void changed(Cpu c) {
        c.fpuBlocked = (c.cr0 & (Cr.CR0_EM | Cr.CR0_TS)) != 0;
        c.sseBlocked = c.fpuBlocked || (c.cr4 & Cr.CR4_OSFXSR) == 0;
        c.avxBlocked = (c.cr0 & Cr.CR0_TS) != 0 || !avxEnabled(c);
    }

    private static boolean avxEnabled(Cpu c) {
        long components = ExtendedState.SSE | ExtendedState.AVX;
        return (c.cr4 & Cr.CR4_OSXSAVE) != 0 && (c.xcr0 & components) == components;
    }

    /** Before a waiting x87 instruction. */
    static void x87(Cpu c) {
        x87WithoutWait(c);
        if (c.x87.pendingException()) {
            numericError(c);
        }
    }

    /** Before an x87 instruction that does not mind pending exceptions. */
    static void x87WithoutWait(Cpu c) {
        if (c.fpuBlocked) {
            throw c.fault(Vector.NM, 0);
        }
    }

    static void mmx(Cpu c) {
        if (c.fpuBlocked) {
            refuseMmx(c);
        }
        if (c.x87.pendingException()) {
            numericError(c);
        }
    }

    static void sse(Cpu c) {
        if (c.sseBlocked) {
            refuseSse(c);
        }
    }

    /** Before an instruction on vectors that has a VEX prefix. CR0.EM and CR4.OSFXSR do not matter to it. @sdm 2A:2.4, table 2-17 */
    static void avx(Cpu c) {
        if (c.avxBlocked) {
            throw avxEnabled(c) ? c.fault(Vector.NM, 0) : c.undefined();
        }
    }

    /** Either of the two, by the instruction's encoding. */
    static void vector(Cpu c, Op o) {
        if (o.instruction.row().encoding().vex()) {
            avx(c);
        } else {
            sse(c);
        }
    }

    /** Before an instruction that uses both XMM and MMX registers. */
    static void sseAndMmx(Cpu c) {
        sse(c);
        mmx(c);
    }

    private static void refuseMmx(Cpu c) {
        throw (c.cr0 & Cr.CR0_EM) != 0 ? c.undefined() : c.fault(Vector.NM, 0);
    }

    private static void refuseSse(Cpu c) {
        boolean absent = (c.cr0 & Cr.CR0_EM) != 0 || (c.cr4 & Cr.CR4_OSFXSR) == 0;
        throw absent ? c.undefined() : c.fault(Vector.NM, 0);
    }

    /**
     * An unmasked x87 exception. With CR0.NE clear it is not an exception of the processor's but leaves it on the FERR# wire,
     * which a PC connects to IRQ 13; the instruction then goes on, as it does on a processor whose IGNNE# is asserted.
     *
     * @sdm 1:8.7
     */
    static void numericError(Cpu c) {
        if ((c.cr0 & Cr.CR0_NE) != 0) {
            throw c.fault(Vector.MF, 0);
        }
        c.ferr.set(true);
    }

    /** What becomes of an unmasked SIMD floating-point exception. @sdm 3A:6.15 "Interrupt 19" */
    static GuestFault simdFault(Cpu c) {
        return (c.cr4 & Cr.CR4_OSXMMEXCPT) != 0 ? c.fault(Vector.XM, 0) : c.undefined();
    }
}
