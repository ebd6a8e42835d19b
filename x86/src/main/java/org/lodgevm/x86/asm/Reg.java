package org.lodgevm.x86.asm;

/** Anything that the reg field of a ModRM byte, extended by REX.R, can name. */
public sealed interface Reg permits Gpr, Sreg, Creg, Dreg, Mmx, Xmm {
    /** The register's number in an encoding, 0 to 15. */
    int number();
}
