package org.lodgevm.x86.interpret;

/**
 * The instruction is about to change bytes of the block it runs in, or has hit a breakpoint whose trap must come before the
 * block's next instruction. Thrown before anything has changed; the run loop repeats the instruction apart from its block.
 */
final class RunAlone extends RuntimeException {
    private static final long serialVersionUID = 1;
    static final RunAlone INSTANCE = new RunAlone();

    private RunAlone() {
        super(null, null, false, false);
    }
}
