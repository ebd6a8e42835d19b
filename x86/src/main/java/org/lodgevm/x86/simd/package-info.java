/**
 * What the MMX, SSE and AVX integer, logic, shuffle, string and cryptographic instructions do.
 *
 * <p>A public static method is one instruction's meaning, named as the mnemonic in lower case; {@link
 * org.lodgevm.x86.simd.Simd} lists the classes. Its parameters follow the instruction's operands:
 *
 * <ul>
 *   <li>{@code dst} and {@code src} are host addresses of register slots, sixteen bytes for XMM, eight for MMX and thirty-two for YMM, little
 *       endian.
 *       {@code dst} is read and written; {@code src} (also {@code src1}, {@code src2}, {@code xmm0}) is only read, and may be the
 *       same slot as {@code dst} but never overlaps it in part. A memory source is first copied to a slot of its own: it may be
 *       shorter than a slot where the instruction reads less.
 *   <li>{@code value} is a general-purpose register's value; a {@code long} result is one, zero-extended.
 *   <li>{@code imm} is the immediate byte, sign- or zero-extended. Shifts by an immediate overload shifts by a register:
 *       {@code (long dst, int imm)} and {@code (long dst, long src)}.
 *   <li>An {@code int} result holds arithmetic flags at their places in EFLAGS, with what else the method's description says.
 * </ul>
 *
 * <p>The Packed classes hold the meanings over 64 bits of packed integers, once for MMX and both halves of XMM, and
 * {@link org.lodgevm.x86.simd.Swar} the arithmetic on lanes that they are made of.
 *
 * <p>Where an instruction with a VEX prefix does the same to each half of a YMM register, its meaning is that of the legacy
 * instruction, called once for each half; {@code dst} then begins as a copy of the first source. Only what crosses the halves is written for
 * all of a register, in the class with that name.
 *
 * <p>Deliberately absent: floating-point arithmetic and conversion, the access to memory with its faults and alignment checks, and
 * what an MMX instruction does to the x87 tag word; they belong to those who call.
 */
package org.lodgevm.x86.simd;
