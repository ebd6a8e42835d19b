package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.copy;
import static org.lodgevm.machine.HostMemory.fill;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;
import static org.lodgevm.machine.HostMemory.segment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.fp.Sse;
import org.lodgevm.x86.state.StateBlock;

/**
 * The state that XSAVE manages, and its image in the state block's {@link StateBlock#IMAGE}, where {@link StateImages} moves it
 * from and to guest memory. @sdm 1:13
 *
 * <p>The components are x87 and SSE, which the legacy area has room for, and AVX, the upper halves of the YMM registers. Being the first
 * extended one, AVX directly follows the header in both formats.
 */
final class ExtendedState {
    /** State components: bits of XCR0, XSTATE_BV and XCOMP_BV. @sdm 1:13.1 */
    static final long X87 = 1;
    static final long SSE = 1 << 1;
    static final long AVX = 1 << 2;
    /** XCOMP_BV: the format is compacted. */
    static final long COMPACTED = 1L << 63;

    /** The XSAVE header. @sdm 1:13.4.2 */
    static final int XSTATE_BV = FxArea.BYTES;
    static final int XCOMP_BV = XSTATE_BV + 8;
    static final int HEADER_END = XSTATE_BV + 64;
    /** The AVX component. @sdm 1:13.5.2 */
    static final int AVX_END = HEADER_END + 256;
    private static final int XMM_BYTES = 16;
    private static final int ALL_XMM = 16 * XMM_BYTES;
    private static final int POWER_UP_CONTROL = 0x40;
    private static final int ALL_VALID = 0xff;

    private ExtendedState() {}

    /** Power-up: x87 registers hold valid zeros, unlike after FNINIT. @sdm table 10-1 */
    static void reset(Cpu c) {
        long image = image(c);
        fill(image, HEADER_END, 0);
        put16(image + FxArea.FCW, POWER_UP_CONTROL);
        put16(image + FxArea.FTW, ALL_VALID);
        FxArea.restore(c.x87, image, true);
        fill(c.block + StateBlock.XMM, ALL_XMM, 0);
        fill(c.block + StateBlock.YMM_HIGH, ALL_XMM, 0);
        c.sse.mxcsr = Sse.MXCSR_RESET;
    }

    /** How large an image of these components is, in either format. */
    static int size(long components) {
        return (components & AVX) != 0 ? AVX_END : HEADER_END;
    }

    static long image(Cpu c) {
        return c.block + StateBlock.IMAGE;
    }

    /** Outside of 64-bit mode there are eight vector registers, and the others neither saved nor changed. */
    static int xmmBytes(Cpu c) {
        return c.code64 ? ALL_XMM : ALL_XMM / 2;
    }

    /**
     * Fills the legacy area, and that of the AVX component.
     *
     * @param wide the form with 64-bit instruction and operand pointers
     */
    static void assemble(Cpu c, boolean wide, int xmmBytes) {
        long image = image(c);
        FxArea.save(c.x87, image, wide);
        put32(image + FxArea.MXCSR, c.sse.mxcsr);
        put32(image + FxArea.MXCSR_MASK, Sse.MXCSR_MASK);
        copy(c.block + StateBlock.XMM, image + FxArea.XMM, xmmBytes);
        copy(c.block + StateBlock.YMM_HIGH, image + HEADER_END, xmmBytes);
    }

    static void loadXmm(Cpu c, int bytes) {
        copy(image(c) + FxArea.XMM, c.block + StateBlock.XMM, bytes);
    }

    /** Whether a header names no more components than {@code allowed} and has its reserved bits clear. */
    static boolean validHeader(long image, long allowed) {
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
    static void load(Cpu c, long requested, long present, boolean wide, int xmmBytes) {
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
        if ((present & AVX) != 0) {
            copy(image(c) + HEADER_END, c.block + StateBlock.YMM_HIGH, xmmBytes);
        } else if ((requested & AVX) != 0) {
            fill(c.block + StateBlock.YMM_HIGH, xmmBytes, 0);
        }
    }

    /** XINUSE: components that are not in their initial state. @sdm 1:13.6 */
    static long inUse(Cpu c) {
        return (FxArea.isInitial(c.x87) ? 0 : X87) | (any(c, StateBlock.XMM) ? SSE : 0) | (any(c, StateBlock.YMM_HIGH) ? AVX : 0);
    }

    private static boolean any(Cpu c, int registers) {
        long any = 0;
        int bytes = xmmBytes(c);
        for (int i = 0; i < bytes; i += 8) {
            any |= get64(c.block + registers + i);
        }
        return any != 0;
    }

    /** XINUSE knows nothing of MXCSR, which the compacted format needs for SSE state to be complete. */
    static long inUseOrMxcsr(Cpu c) {
        return inUse(c) | (c.sse.mxcsr != Sse.MXCSR_RESET ? SSE : 0);
    }

    // --- the whole state, for snapshots and other accelerators -------------------------------------------------------------------

    /** An image in the standard format with all that the CPU has. */
    static byte[] save(Cpu c) {
        long components = c.cpuid.xcr0Allowed();
        fill(image(c), HEADER_END, 0);
        assemble(c, true, ALL_XMM);
        put64(image(c) + XSTATE_BV, components);
        return segment(image(c), size(components)).toArray(ValueLayout.JAVA_BYTE);
    }

    /** @throws IllegalArgumentException where XRSTOR would have raised #GP, or if there is not a whole image */
    static void load(Cpu c, byte[] saved) {
        checkLength(saved, HEADER_END);
        long image = image(c);
        int length = Math.min(saved.length, AVX_END);
        MemorySegment.copy(MemorySegment.ofArray(saved), 0, segment(image, length), 0, length);
        long supported = c.cpuid.xcr0Allowed();
        int mxcsr = get32(image + FxArea.MXCSR);
        if (get64(image + XCOMP_BV) != 0 || !validHeader(image, supported)) {
            throw new IllegalArgumentException("XSAVE image has state components %x, format %x; supported are %x".formatted(
                    get64(image + XSTATE_BV), get64(image + XCOMP_BV), supported));
        }
        checkLength(saved, size(get64(image + XSTATE_BV)));
        if (!Sse.isValidMxcsr(mxcsr)) {
            throw new IllegalArgumentException("XSAVE image has reserved bits of MXCSR set: %x".formatted(mxcsr));
        }
        load(c, supported, get64(image + XSTATE_BV), true, ALL_XMM);
        c.sse.mxcsr = mxcsr;
    }

    private static void checkLength(byte[] saved, int least) {
        if (saved.length < least) {
            throw new IllegalArgumentException("XSAVE image has %d bytes, not %d".formatted(saved.length, least));
        }
    }
}
