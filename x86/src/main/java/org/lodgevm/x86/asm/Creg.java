package org.lodgevm.x86.asm;

/** The control registers; some exist only as numbers that fault. */
public enum Creg implements Reg {
    CR0,
    CR1,
    CR2,
    CR3,
    CR4,
    CR5,
    CR6,
    CR7,
    CR8;

    @Override
    public int number() {
        return ordinal();
    }
}
