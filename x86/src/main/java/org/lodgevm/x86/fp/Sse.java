package org.lodgevm.x86.fp;

/** MXCSR, and the context in which SSE floating-point instructions run. @sdm 1:10.2.3 */
public final class Sse extends FpContext {
    public static final int MXCSR_RESET = 0x1f80;
    /** The bits that may be set: LDMXCSR and FXRSTOR of any other is #GP. It is also what FXSAVE reports as MXCSR_MASK. */
    public static final int MXCSR_MASK = 0xffff;

    private static final int DAZ = 1 << 6;
    private static final int MASKS_SHIFT = 7;
    private static final int RC_SHIFT = 13;
    private static final int RC = 3 << RC_SHIFT;
    private static final int FTZ = 1 << 15;
    /** With round-to-nearest, every exception masked and PE set already, a normal result has no side effect. */
    private static final int HOST_MODES = RC | EXCEPTIONS << MASKS_SHIFT | PE;
    private static final int HOST_VALUE = EXCEPTIONS << MASKS_SHIFT | PE;

    /** The instruction computes both halves of a YMM register: {@link #settle} waits for the second. */
    private boolean together;

    /** May be read and written at any time between instructions. */
    public int mxcsr = MXCSR_RESET;

    public static boolean isValidMxcsr(int value) {
        return (value & ~MXCSR_MASK) == 0;
    }

    /** Whether the host's arithmetic on normal operands that gives a normal result is all there is to an instruction. */
    boolean isHostLike() {
        return (mxcsr & HOST_MODES) == HOST_VALUE;
    }

    /** Takes over the modes of MXCSR: what each computation off the fast path begins with. */
    Sse enter() {
        masks = mxcsr >> MASKS_SHIFT & EXCEPTIONS;
        rounding = mxcsr >> RC_SHIFT & 3;
        denormalsAreZero = (mxcsr & DAZ) != 0;
        flushToZero = (mxcsr & FTZ) != 0;
        return this;
    }

    /**
     * Enters the exceptions of an instruction into MXCSR, once all its elements are computed and before any is written.
     *
     * @throws SimdFault if one is unmasked
     */
    void settle() {
        if (flags != 0) {
            raise();
        }
    }

    /** From here to {@link #settleTogether} operations are parts of one instruction: their exceptions come together. */
    public void together() {
        together = true;
    }

    /** @throws SimdFault if an exception of any of the parts is unmasked; what they have written is void then */
    public void settleTogether() {
        together = false;
        settle();
    }

    private void raise() {
        if (together) {
            return;
        }
        int raised = hasNoResult() ? flags & BEFORE_RESULT : flags;
        flags = 0;
        mxcsr |= raised;
        if ((raised & ~masks) != 0) {
            throw SimdFault.INSTANCE;
        }
    }
}
