package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.copy;
import static org.lodgevm.machine.HostMemory.fill;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;
import static org.lodgevm.machine.HostMemory.segment;
import static org.lodgevm.x86.state.Gpr.RAX;
import static org.lodgevm.x86.state.Gpr.RCX;
import static org.lodgevm.x86.state.Gpr.RDX;

import java.lang.foreign.MemorySegment;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.fp.Sse;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.StateBlock;
import org.lodgevm.x86.state.Vector;

/**
 * FXSAVE, XSAVE and their relatives. @sdm 1:10.5, 1:13
 *
 * <p>An image is assembled in, or taken apart from, the state block's {@link StateBlock#IMAGE}. Its components are x87 and
 * SSE, which the legacy area has room for; an extended one would follow the header, at the place that CPUID gives.
 */
final class StateImages {
    /** State components: bits of XCR0, XSTATE_BV and XCOMP_BV. @sdm 1:13.1 */
    static final long X87 = 1;
    static final long SSE = 1 << 1;
    private static final long AVX = 1 << 2;
    /** XCOMP_BV: the format is compacted. */
    private static final long COMPACTED = 1L << 63;

    /** The XSAVE header. @sdm 1:13.4.2 */
    private static final int XSTATE_BV = FxArea.BYTES;
    private static final int XCOMP_BV = XSTATE_BV + 8;
    private static final int HEADER_END = XSTATE_BV + 64;
    private static final int FX_ALIGNMENT = 16;
    private static final int XSAVE_ALIGNMENT = 64;
    private static final int XMM_BYTES = 16;
    private static final int POWER_UP_CONTROL = 0x40;
    private static final int ALL_VALID = 0xff;

    private StateImages() {}

    /** Power-up: x87 registers hold valid zeros, unlike after FNINIT. @sdm table 10-1 */
    static void reset(Cpu c) {
        long image = image(c);
        fill(image, HEADER_END, 0);
        put16(image + FxArea.FCW, POWER_UP_CONTROL);
        put16(image + FxArea.FTW, ALL_VALID);
        FxArea.restore(c.x87, image, true);
        fill(c.block + StateBlock.XMM, 16 * XMM_BYTES, 0);
        c.sse.mxcsr = Sse.MXCSR_RESET;
    }

    // --- FXSAVE --------------------------------------------------------------------------------------------------------------

    static void fxsave(Cpu c, Op o) {
        checkFx(c);
        long la = fxArea(c, o, true);
        assemble(c, wide(o));
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
        long la = area(c, o, HEADER_END, XSAVE_ALIGNMENT, true);
        long requested = requested(c);
        long inUse = inUse(c);
        long old = Linear.read64(c, la + XSTATE_BV, o.segment);
        SlowMemory.checkWrite(c, la, HEADER_END, o.segment);
        assemble(c, wide(o));
        writeLegacy(c, la, o.segment, onlyInUse ? requested & inUse : requested, (requested & (SSE | AVX)) != 0);
        Linear.write64(c, la + XSTATE_BV, o.segment, old & ~requested | requested & inUse);
    }

    /** @sdm 1:13.10, 1:13.11 */
    private static void saveCompacted(Cpu c, Op o) {
        checkXsave(c);
        long la = area(c, o, HEADER_END, XSAVE_ALIGNMENT, true);
        long requested = requested(c);
        long saved = requested & inUseOrMxcsr(c);
        SlowMemory.checkWrite(c, la, HEADER_END, o.segment);
        assemble(c, wide(o));
        writeLegacy(c, la, o.segment, saved, (saved & SSE) != 0);
        Linear.write64(c, la + XSTATE_BV, o.segment, saved);
        Linear.write64(c, la + XCOMP_BV, o.segment, requested | COMPACTED);
    }

    /** Writes those parts of the assembled legacy area; the pages were found to be writable. */
    private static void writeLegacy(Cpu c, long la, int segment, long components, boolean mxcsr) {
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
        Linear.readBytes(c, area(c, o, HEADER_END, XSAVE_ALIGNMENT, false), image(c), HEADER_END, o.segment);
        long image = image(c);
        boolean compacted = get64(image + XCOMP_BV) < 0;
        if (onlyCompacted && !compacted || !validHeader(image, c.xcr0)) {
            throw c.protection();
        }
        long requested = requested(c);
        long present = requested & get64(image + XSTATE_BV);
        int mxcsr = c.sse.mxcsr;
        if (compacted ? (present & SSE) != 0 : (requested & (SSE | AVX)) != 0) {
            mxcsr = loadedMxcsr(c);
        } else if ((requested & SSE) != 0) {
            mxcsr = Sse.MXCSR_RESET;
        }
        load(c, requested, present, wide(o), xmmBytes(c));
        c.sse.mxcsr = mxcsr;
    }

    /** Whether a header names no more components than {@code allowed} and has its reserved bits clear. */
    private static boolean validHeader(long image, long allowed) {
        long present = get64(image + XSTATE_BV);
        long format = get64(image + XCOMP_BV);
        for (int offset = XCOMP_BV + 8; offset < HEADER_END; offset += 8) {
            // of these the standard format looks at the first only
            if (get64(image + offset) != 0 && (format < 0 || offset == XCOMP_BV + 8)) {
                return false;
            }
        }
        long components = format & ~COMPACTED;
        return format < 0 ? (components & ~allowed) == 0 && (present & ~components) == 0
                : format == 0 && (present & ~allowed) == 0;
    }

    /** Takes the {@code requested} components from the image, or puts those that are not {@code present} into their initial state. */
    private static void load(Cpu c, long requested, long present, boolean wide, int xmmBytes) {
        if ((present & X87) != 0) {
            FxArea.restore(c.x87, image(c), wide);
        } else if ((requested & X87) != 0) {
            FxArea.initialize(c.x87);
        }
        if ((present & SSE) != 0) {
            loadXmm(c, xmmBytes);
        } else if ((requested & SSE) != 0) {
            fill(c.block + StateBlock.XMM, xmmBytes, 0);
        }
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
    }

    private static long edxEax(Cpu c) {
        return c.register(RDX, 4) << 32 | c.register(RAX, 4);
    }

    /** The requested-feature bitmap RFBM. */
    private static long requested(Cpu c) {
        return c.xcr0 & edxEax(c);
    }

    /** XINUSE: components that are not in their initial state. @sdm 1:13.6 */
    private static long inUse(Cpu c) {
        return (FxArea.isInitial(c.x87) ? 0 : X87) | (anyXmm(c, xmmBytes(c)) ? SSE : 0);
    }

    private static boolean anyXmm(Cpu c, int bytes) {
        long any = 0;
        for (int i = 0; i < bytes; i += 8) {
            any |= get64(c.block + StateBlock.XMM + i);
        }
        return any != 0;
    }

    /** XINUSE knows nothing of MXCSR, which the compacted format needs for SSE state to be complete. */
    private static long inUseOrMxcsr(Cpu c) {
        return inUse(c) | (c.sse.mxcsr != Sse.MXCSR_RESET ? SSE : 0);
    }

    // --- the whole state, for snapshots and other accelerators -------------------------------------------------------------------

    /** An image in the standard format with all that the CPU has. */
    static byte[] saveXsave(Cpu c) {
        fill(image(c), HEADER_END, 0);
        assemble(c, true);
        put64(image(c) + XSTATE_BV, X87 | SSE);
        copy(c.block + StateBlock.XMM, image(c) + FxArea.XMM, 16 * XMM_BYTES);
        return segment(image(c), HEADER_END).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    /** @throws IllegalArgumentException where XRSTOR would have raised #GP, or if there is not a whole image */
    static void loadXsave(Cpu c, byte[] saved) {
        if (saved.length < HEADER_END) {
            throw new IllegalArgumentException("XSAVE image has %d bytes, not %d".formatted(saved.length, HEADER_END));
        }
        long image = image(c);
        MemorySegment.copy(MemorySegment.ofArray(saved), 0, segment(image, HEADER_END), 0, HEADER_END);
        long supported = c.cpuid.xcr0Allowed();
        int mxcsr = get32(image + FxArea.MXCSR);
        if (get64(image + XCOMP_BV) != 0 || !validHeader(image, supported)) {
            throw new IllegalArgumentException("XSAVE image has state components %x, format %x; supported are %x".formatted(
                    get64(image + XSTATE_BV), get64(image + XCOMP_BV), supported));
        }
        if (!Sse.isValidMxcsr(mxcsr)) {
            throw new IllegalArgumentException("XSAVE image has reserved bits of MXCSR set: %x".formatted(mxcsr));
        }
        load(c, supported, get64(image + XSTATE_BV), true, 16 * XMM_BYTES);
        c.sse.mxcsr = mxcsr;
    }

    // --- parts -----------------------------------------------------------------------------------------------------------------

    private static long image(Cpu c) {
        return c.block + StateBlock.IMAGE;
    }

    /** The form with 64-bit instruction and operand pointers. */
    private static boolean wide(Op o) {
        return o.instruction.opSize() == 8;
    }

    /** Outside of 64-bit mode there are eight XMM registers, and the others neither saved nor changed. */
    private static int xmmBytes(Cpu c) {
        return (c.code64 ? 16 : 8) * XMM_BYTES;
    }

    private static long area(Cpu c, Op o, int size, int alignment, boolean write) {
        long la = o.linear(c, size, write);
        if ((la & alignment - 1) != 0) {
            throw c.protection();
        }
        return la;
    }

    /** Fills the legacy area. */
    private static void assemble(Cpu c, boolean wide) {
        long image = image(c);
        FxArea.save(c.x87, image, wide);
        put32(image + FxArea.MXCSR, c.sse.mxcsr);
        put32(image + FxArea.MXCSR_MASK, Sse.MXCSR_MASK);
        copy(c.block + StateBlock.XMM, image + FxArea.XMM, xmmBytes(c));
    }

    private static int loadedMxcsr(Cpu c) {
        int mxcsr = get32(image(c) + FxArea.MXCSR);
        if (!Sse.isValidMxcsr(mxcsr)) {
            throw c.protection();
        }
        return mxcsr;
    }

    private static void loadXmm(Cpu c, int bytes) {
        copy(image(c) + FxArea.XMM, c.block + StateBlock.XMM, bytes);
    }
}
