package org.lodgevm.x86.asm;

/** How far a branch to a label that is not yet bound must reach. */
public enum Reach {
    /** An 8-bit displacement; binding the label further away is an error. */
    SHORT,
    /** A displacement of the operand size. */
    NEAR
}
