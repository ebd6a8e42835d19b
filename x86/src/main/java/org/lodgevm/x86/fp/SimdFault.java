package org.lodgevm.x86.fp;

/**
 * An unmasked SIMD floating-point exception: MXCSR has its flags, the destination is as it was. The guest gets #XM, or #UD where
 * CR4.OSXMMEXCPT is clear. @sdm 3A:6.15
 */
public final class SimdFault extends RuntimeException {
    static final SimdFault INSTANCE = new SimdFault();
    private static final long serialVersionUID = 1;

    private SimdFault() {
        super(null, null, false, false);
    }
}
