package org.lodgevm.x86.asm;

/** The operand that the manual's opcode map calls W: an SSE register or memory. */
public sealed interface XmmOrMem extends Rm permits Xmm, Mem {}
