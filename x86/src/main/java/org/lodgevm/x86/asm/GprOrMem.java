package org.lodgevm.x86.asm;

/** The operand that the manual's opcode map calls E: a general-purpose register or memory. */
public sealed interface GprOrMem extends Rm permits Gpr, Mem {}
