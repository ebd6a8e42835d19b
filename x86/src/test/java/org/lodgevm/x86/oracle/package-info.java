/**
 * The real CPU as the oracle of the interpreter: the same bytes run on both from the same state,
 * and every register, flag, byte of memory and fault is compared.
 *
 * <p>Data flows one way. {@link org.lodgevm.x86.oracle.Generator} makes cases, in the layout of
 * {@link org.lodgevm.x86.oracle.Layout}: a table row's bytes with operands, registers, flags, an
 * FXSAVE image and a window of memory. {@link org.lodgevm.x86.oracle.NativeCpu} passes a batch of
 * them through a shared file to a child process, a static ELF that {@link
 * org.lodgevm.x86.oracle.NativeRunner} assembles; the child loads each state, enters the code by
 * IRETQ, and stores what it finds at the exit or in a signal handler. {@link
 * org.lodgevm.x86.oracle.CpuUnderTest} runs the same cases, and {@link
 * org.lodgevm.x86.oracle.Comparison} tells what differs, leaving out what the architecture leaves
 * undefined.
 *
 * <p>Everything runs at CPL 3: an instruction that needs more privilege is expected to fault. What
 * no ring-3 program can observe is for the bare-metal tests.
 */
package org.lodgevm.x86.oracle;
