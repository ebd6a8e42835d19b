package org.lodgevm.x86.decode;

/** What became of an attempt to decode an instruction. */
public enum Outcome {
    DECODED,
    /** The instruction continues beyond the bytes that were available: decode again with more. */
    TRUNCATED,
    /** No instruction: #UD. A misplaced LOCK is among the causes. */
    UNDEFINED,
    /** Longer than {@link Instruction#MAX_LENGTH} bytes: #GP(0). */
    TOO_LONG
}
