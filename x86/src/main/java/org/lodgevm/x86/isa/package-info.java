/**
 * The instruction table: one row for each form of each instruction, in the letters of the Intel SDM's opcode maps.
 *
 * <p>Decoder, disassembler, CPUID, interpreter, translator and the tests against a real CPU all derive from {@link
 * org.lodgevm.x86.isa.InstructionTable}; none of them knows an opcode of its own.
 *
 * <h2>Format</h2>
 *
 * The table is the text in the classes named {@code ...Rows}, one row a line, {@code #} starting a comment line, columns separated by
 * blanks. {@code -} stands for nothing, and so do missing columns at the end.
 *
 * <ol>
 *   <li><b>Prefix</b>: {@code -} none is part of the encoding; {@code NP} 66, F3 and F2 are not allowed; {@code NFX} F3 and F2 are
 *       not allowed; {@code 66}, {@code F3}, {@code F2} that prefix is part of it. {@code .W0} and {@code .W1} may follow. VEX rows:
 *       {@code VEX.L0.66.W1} with {@code LIG} or {@code WIG} where the bit does not matter, {@code L*} where it chooses the length of
 *       vectors.
 *   <li><b>Opcode</b>: all of its bytes in hexadecimal, then one of {@code /n} (ModRM.reg is n), {@code /nr} (the same, and
 *       ModRM.rm is a register), {@code :XX} (the ModRM byte is XX), {@code +r} (the low three bits name a register) or {@code +cc}
 *       (the low four bits are a condition: sixteen rows in one line). Whether there is a ModRM byte, and whether it may name a
 *       register or memory, follows from the operands.
 *   <li><b>Mnemonic</b>, with {@code cc} for the condition.
 *   <li><b>Operands</b>: {@link org.lodgevm.x86.isa.Operand} codes, the destination first.
 *   <li><b>Access</b>: a letter for each operand: {@code r}ead, {@code w}ritten, {@code x} for both, {@code -} for neither.
 *   <li><b>Feature</b>: the CPUID {@link org.lodgevm.x86.isa.Feature}; two with a slash between them are those of vectors of 16 and
 *       of 32 bytes, which makes two rows. Instructions on vectors that have a VEX prefix need AVX as well.
 *   <li><b>Flags</b>: six letters for O, S, Z, A, P and C as in the manual's appendix: {@code M}odified, {@code T}ested, {@code X}
 *       both, {@code U}ndefined, {@code 0} cleared, {@code 1} set, {@code -} untouched. {@code ?} after them: or no flag changes at
 *       all, depending on the operands. After a colon, pairs of another {@link org.lodgevm.x86.isa.Flag}'s letter and what happens
 *       to it.
 *   <li><b>Attributes</b>: {@link org.lodgevm.x86.isa.Attribute}s; and {@code r:}, {@code w:} and {@code x:} with the general registers
 *       read, written or both beside the operands.
 * </ol>
 *
 * Where two rows fit the same bytes, the one narrowed down further by prefix, W and ModRM is meant.
 *
 * <p>Deliberately absent: what instructions do. EVEX and XOP encodings do not exist for Lodge's processor.
 *
 * @sdm Volume 2, appendix A "Opcode Map"
 */
package org.lodgevm.x86.isa;
