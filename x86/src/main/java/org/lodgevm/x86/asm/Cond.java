package org.lodgevm.x86.asm;

/**
 * The conditions of Jcc, SETcc and CMOVcc, in the order of their encodings.
 *
 * @sdm vol. 2, B.1.4.7
 */
public enum Cond {
    O,
    NO,
    B,
    AE,
    E,
    NE,
    BE,
    A,
    S,
    NS,
    P,
    NP,
    L,
    GE,
    LE,
    G;

    /** The condition that holds exactly when this one does not. */
    public Cond negated() {
        return values()[ordinal() ^ 1];
    }
}
