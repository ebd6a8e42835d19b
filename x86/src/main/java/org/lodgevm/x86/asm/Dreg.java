package org.lodgevm.x86.asm;

/** The debug registers. */
public enum Dreg implements Reg {
    DR0,
    DR1,
    DR2,
    DR3,
    DR4,
    DR5,
    DR6,
    DR7;

    @Override
    public int number() {
        return ordinal();
    }
}
