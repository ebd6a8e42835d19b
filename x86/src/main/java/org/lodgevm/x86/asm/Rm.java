package org.lodgevm.x86.asm;

/** Anything that the r/m field of a ModRM byte can name: a register or a place in memory. */
public sealed interface Rm permits GprOrMem, MmxOrMem, XmmOrMem {
    /** The operand's width in bits; 0 for memory whose width is left to the other operand. */
    int bits();
}
