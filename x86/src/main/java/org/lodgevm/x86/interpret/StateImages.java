package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.x86.interpret.ExtendedState.AVX;
import static org.lodgevm.x86.interpret.ExtendedState.COMPACTED;
import static org.lodgevm.x86.interpret.ExtendedState.HEADER_END;
import static org.lodgevm.x86.interpret.ExtendedState.SSE;
import static org.lodgevm.x86.interpret.ExtendedState.X87;
import static org.lodgevm.x86.interpret.ExtendedState.XCOMP_BV;
import static org.lodgevm.x86.interpret.ExtendedState.XSTATE_BV;
import static org.lodgevm.x86.interpret.ExtendedState.assemble;
import static org.lodgevm.x86.interpret.ExtendedState.image;
import static org.lodgevm.x86.interpret.ExtendedState.inUse;
import static org.lodgevm.x86.interpret.ExtendedState.inUseOrMxcsr;
import static org.lodgevm.x86.interpret.ExtendedState.load;
import static org.lodgevm.x86.interpret.ExtendedState.loadXmm;
import static org.lodgevm.x86.interpret.ExtendedState.validHeader;
import static org.lodgevm.x86.interpret.ExtendedState.xmmBytes;
import static org.lodgevm.x86.state.Gpr.RAX;
import static org.lodgevm.x86.state.Gpr.RCX;
import static org.lodgevm.x86.state.Gpr.RDX;

import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.fp.Sse;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Vector;

/** FXSAVE, XSAVE and their relatives: {@link ExtendedState} in guest memory. @sdm 1:10.5, 1:13.7 to 1:13.12 */
final class StateImages {
    private static final int FX_ALIGNMENT = 16;
    private static final int XSAVE_ALIGNMENT = 64;

    private StateImages() {}

    // --- FXSAVE --------------------------------------------------------------------------------------------------------------

    static void fxsave(Cpu c, Op o) {
        checkFx(c);
        long la = fxArea(c, o, true);
        assemble(c, wide(o), xmmBytes(c));
        Linear.writeBytes(c, la, image(c), fxBytes(c), o.segment);
    }

    static void fxrstor(Cpu c, Op o) {
        checkFx(c);
        int size = fxBytes(c);
        Linear.readBytes(c, fxArea(c, o, false), image(c), size, o.segment);
        int mxcsr = loadedMxcsr(c);
        FxArea.restore(c.x87, image(c), wide(o));
        c.sse.mxcsr = mxcsr;
        if (size > FxArea.XMM) {
            loadXmm(c, xmmBytes(c));
        }
    }

    private static void checkFx(Cpu c) {
        if ((c.cr0 & Cr.CR0_EM) != 0) {
            throw c.undefined();
        }
        checkTaskSwitched(c);
    }

    private static void checkTaskSwitched(Cpu c) {
        if ((c.cr0 & Cr.CR0_TS) != 0) {
            throw c.fault(Vector.NM, 0);
        }
    }

    /** Where misaligned doublewords are #AC, so is an area at an address that would be one. */
    private static long fxArea(Cpu c, Op o, boolean write) {
        SlowMemory.checkAlignment(c, o.linear(c, FxArea.BYTES, write), Integer.BYTES);
        return area(c, o, FxArea.BYTES, FX_ALIGNMENT, write);
    }

    /** Without CR4.OSFXSR the XMM registers are left out. */
    private static int fxBytes(Cpu c) {
        return (c.cr4 & Cr.CR4_OSFXSR) == 0 ? FxArea.XMM : FxArea.XMM + xmmBytes(c);
    }

    // --- XSAVE ---------------------------------------------------------------------------------------------------------------

    static void xsave(Cpu c, Op o) {
        saveStandard(c, o, false);
    }

    /** Leaves out what is in its initial state; does not track what is unmodified. */
    static void xsaveopt(Cpu c, Op o) {
        saveStandard(c, o, true);
    }

    static void xsavec(Cpu c, Op o) {
        saveCompacted(c, o);
    }

    /** There are no supervisor components, which leaves no difference. */
    static void xsaves(Cpu c, Op o) {
        saveCompacted(c, o);
    }

    /** @sdm 1:13.7, 1:13.9 */
    private static void saveStandard(Cpu c, Op o, boolean onlyInUse) {
        checkXsave(c);
        long requested = requested(c);
        int size = ExtendedState.size(requested);
        long la = area(c, o, size, XSAVE_ALIGNMENT, true);
        long inUse = inUse(c);
        long old = Linear.read64(c, la + XSTATE_BV, o.segment);
        SlowMemory.checkWrite(c, la, size, o.segment);
        assemble(c, wide(o), xmmBytes(c));
        writeComponents(c, la, o.segment, onlyInUse ? requested & inUse : requested, (requested & (SSE | AVX)) != 0);
        Linear.write64(c, la + XSTATE_BV, o.segment, old & ~requested | requested & inUse);
    }

    /** @sdm 1:13.10, 1:13.11 */
    private static void saveCompacted(Cpu c, Op o) {
        checkXsave(c);
        long requested = requested(c);
        int size = ExtendedState.size(requested);
        long la = area(c, o, size, XSAVE_ALIGNMENT, true);
        long saved = requested & inUseOrMxcsr(c);
        SlowMemory.checkWrite(c, la, size, o.segment);
        assemble(c, wide(o), xmmBytes(c));
        writeComponents(c, la, o.segment, saved, (saved & SSE) != 0);
        Linear.write64(c, la + XSTATE_BV, o.segment, saved);
        Linear.write64(c, la + XCOMP_BV, o.segment, requested | COMPACTED);
    }

    /** Writes those parts of the assembled image; the pages were found to be writable. */
    private static void writeComponents(Cpu c, long la, int segment, long components, boolean mxcsr) {
        if ((components & X87) != 0) {
            writePart(c, la, segment, 0, FxArea.MXCSR);
            writePart(c, la, segment, FxArea.REGISTERS, FxArea.XMM);
        }
        if (mxcsr) {
            writePart(c, la, segment, FxArea.MXCSR, FxArea.REGISTERS);
        }
        if ((components & SSE) != 0) {
            writePart(c, la, segment, FxArea.XMM, FxArea.XMM + xmmBytes(c));
        }
        if ((components & AVX) != 0) {
            writePart(c, la, segment, HEADER_END, HEADER_END + xmmBytes(c));
        }
    }

    private static void writePart(Cpu c, long la, int segment, int from, int end) {
        Linear.writeBytes(c, la + from, image(c) + from, end - from, segment);
    }

    static void xrstor(Cpu c, Op o) {
        restore(c, o, false);
    }

    static void xrstors(Cpu c, Op o) {
        restore(c, o, true);
    }

    /** @sdm 1:13.8, 1:13.12 */
    private static void restore(Cpu c, Op o, boolean onlyCompacted) {
        checkXsave(c);
        long la = area(c, o, ExtendedState.size(requested(c)), XSAVE_ALIGNMENT, false);
        long image = image(c);
        Linear.readBytes(c, la, image, HEADER_END, o.segment);
        boolean compacted = get64(image + XCOMP_BV) < 0;
        if (onlyCompacted && !compacted || !validHeader(image, c.xcr0)) {
            throw c.protection();
        }
        long requested = requested(c);
        long present = requested & get64(image + XSTATE_BV);
        if ((present & AVX) != 0) {
            Linear.readBytes(c, la + HEADER_END, image + HEADER_END, xmmBytes(c), o.segment);
        }
        int mxcsr = c.sse.mxcsr;
        if (compacted ? (present & SSE) != 0 : (requested & (SSE | AVX)) != 0) {
            mxcsr = loadedMxcsr(c);
        } else if ((requested & SSE) != 0) {
            mxcsr = Sse.MXCSR_RESET;
        }
        load(c, requested, present, wide(o), xmmBytes(c));
        c.sse.mxcsr = mxcsr;
    }

    private static void checkXsave(Cpu c) {
        checkOsxsave(c);
        checkTaskSwitched(c);
    }

    private static void checkOsxsave(Cpu c) {
        if ((c.cr4 & Cr.CR4_OSXSAVE) == 0) {
            throw c.undefined();
        }
    }

    // --- XCR0 ------------------------------------------------------------------------------------------------------------------

    /** ECX = 1 asks for the components of XCR0 that are in use. */
    static void xgetbv(Cpu c, Op o) {
        checkOsxsave(c);
        int number = (int) c.register(RCX, 4);
        if (number != 0 && number != 1) {
            throw c.protection();
        }
        long value = number == 0 ? c.xcr0 : c.xcr0 & inUseOrMxcsr(c);
        c.register(RAX, 4, value);
        c.register(RDX, 4, value >>> 32);
    }

    static void xsetbv(Cpu c, Op o) {
        checkOsxsave(c);
        long value = edxEax(c);
        boolean avxWithoutSse = (value & (AVX | SSE)) == AVX;
        if ((int) c.register(RCX, 4) != 0 || (value & X87) == 0 || (value & ~c.cpuid.xcr0Allowed()) != 0 || avxWithoutSse) {
            throw c.protection();
        }
        c.xcr0 = value;
        Units.changed(c);
    }

    private static long edxEax(Cpu c) {
        return c.register(RDX, 4) << 32 | c.register(RAX, 4);
    }

    /** The requested-feature bitmap RFBM. */
    private static long requested(Cpu c) {
        return c.xcr0 & edxEax(c);
    }

    // --- parts -----------------------------------------------------------------------------------------------------------------

    /** The form with 64-bit instruction and operand pointers. */
    private static boolean wide(Op o) {
        return o.instruction.opSize() == 8;
    }

    private static long area(Cpu c, Op o, int size, int alignment, boolean write) {
        long la = o.linear(c, size, write);
        if ((la & alignment - 1) != 0) {
            throw c.protection();
        }
        return la;
    }

    private static int loadedMxcsr(Cpu c) {
        int mxcsr = get32(image(c) + FxArea.MXCSR);
        if (!Sse.isValidMxcsr(mxcsr)) {
            throw c.protection();
        }
        return mxcsr;
    }
}
