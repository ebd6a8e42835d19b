/**
 * Floating point: the x87 unit, and what SSE, AVX, FMA and F16C floating-point instructions do.
 *
 * <p>Operands arrive as raw bits and unpack to a sign, an exponent and a 64-bit significand, whatever their format ({@link
 * org.lodgevm.x86.fp.Format} for the interchange formats, {@link org.lodgevm.x86.fp.Extended} for the 80-bit one). {@link
 * org.lodgevm.x86.fp.Exact} computes on those without error; packing rounds once, and raises what there is to raise. All of
 * that is free of allocation and works through an {@link org.lodgevm.x86.fp.FpContext}.
 *
 * <p><b>x87.</b> {@link org.lodgevm.x86.fp.X87} is the unit; the {@code X87...} classes hold its instructions, static methods
 * named as the mnemonic with the operand's form behind it. The interpreter moves memory operands itself: methods take and return
 * bits, or a host address for what is longer than 64. The transcendental functions compute to 128 bits and round once, by the
 * rounding mode; they reduce angles by the 66-bit pi that hardware uses.
 *
 * <p><b>SSE.</b> In the {@code Sse...} classes a public static method is one instruction, named as the mnemonic in lower case.
 * {@code dst} and {@code src} are host addresses of register slots (a memory source was copied to a slot before); scalar forms
 * use the low four or eight bytes and leave the rest of {@code dst}. {@code dst} is written only after the instruction raised no
 * unmasked exception; otherwise {@link org.lodgevm.x86.fp.SimdFault} is thrown. An {@code int} result holds arithmetic flags at
 * their places in EFLAGS, a {@code long} result is a general register's value.
 * The halves of a YMM register are two calls, whose exceptions come {@linkplain org.lodgevm.x86.fp.Sse#together together}.
 *
 * <p>Where the manuals leave a choice, the choice is that of the CPU whose answers are recorded in the tests (an AMD Zen 4). Where
 * AMD's and Intel's processors are known to differ: FLD of a denormal with DE unmasked pushes its operand here; FPREM's
 * partial step takes 32 to 63 bits, the exponents' distance modulo 32 deciding; RCPPS and RSQRTPS are better than either's.
 *
 * <p>Deliberately absent: access to guest memory, CR0 and CR4 checks, and the delivery of #MF and #XM; they belong to those who call.
 */
package org.lodgevm.x86.fp;
