package org.lodgevm.x86.asm;

/** The operand that the manual's opcode map calls Q: an MMX register or memory. */
public sealed interface MmxOrMem extends Rm permits Mmx, Mem {}
