/**
 * An x86 assembler and a writer of ELF executables, in plain Java.
 *
 * <p>Three users: tests that assemble bare-metal guests, the native runner of the differential
 * tests, and the translator. Text never appears: an instruction is a method call on an {@link
 * org.lodgevm.x86.asm.Assembler}, its operands are {@linkplain org.lodgevm.x86.asm.Gpr registers},
 * {@linkplain org.lodgevm.x86.asm.Mem memory references} and numbers.
 *
 * <pre>{@code
 * Assembler a = new Assembler(0x7c00).bits16();
 * Label again = a.label("again");
 * a.lodsb().test(AL, AL).jcc(NE, again).hlt();
 * byte[] code = a.toBytes();
 * }</pre>
 *
 * <p>Layers, lowest first: {@code CodeBuffer} (bytes, labels, fix-ups) - {@code Encoder} (prefixes,
 * ModRM, SIB, VEX; the generic emitters of {@link org.lodgevm.x86.asm.Emitter}) - one interface for
 * each family of mnemonics, their methods one line an instruction - {@code Assembler}, which is all
 * of these together.
 *
 * <p>One pass, nothing is ever moved: a backward branch takes its short form where that reaches, a
 * forward branch is near unless {@link org.lodgevm.x86.asm.Reach#SHORT} is asked for.
 *
 * <p>Deliberately absent: macros, expressions, relaxation, checks of CPU features. What no method
 * covers is written with the generic emitters or as bytes.
 */
package org.lodgevm.x86.asm;
