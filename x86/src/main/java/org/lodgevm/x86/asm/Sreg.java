package org.lodgevm.x86.asm;

/** The segment registers, in the order of their numbers. */
public enum Sreg implements Reg {
    ES,
    CS,
    SS,
    DS,
    FS,
    GS;

    @Override
    public int number() {
        return ordinal();
    }
}
