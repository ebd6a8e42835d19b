package org.lodgevm.x86.interpret;

/**
 * The instruction is about to change bytes of the block it runs in. Thrown before it changes anything; the run loop
 * repeats it alone, after which the block is decoded anew.
 */
final class SelfModification extends RuntimeException {
    private static final long serialVersionUID = 1;
    static final SelfModification INSTANCE = new SelfModification();

    private SelfModification() {
        super(null, null, false, false);
    }
}
