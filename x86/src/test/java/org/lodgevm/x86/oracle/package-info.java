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
 * undefined. {@link org.lodgevm.x86.oracle.HostedCpu} is for accelerators that execute ring 3 well and
 * ring 0 perhaps hardly: the module fuzz compares KVM by it.
 *
 * <p>Everything runs at CPL 3: an instruction that needs more privilege is expected to fault. What
 * no ring-3 program can observe is for the bare-metal tests.
 *
 * <p>What differs and may is listed, each with its licence: {@link
 * org.lodgevm.x86.oracle.Exclusions} are never run, {@link org.lodgevm.x86.oracle.Tolerance} leaves
 * parts of a result out, {@link org.lodgevm.x86.oracle.Waivers} accept whole results and count
 * them.
 *
 * <h2>Running it</h2>
 *
 * {@link org.lodgevm.x86.oracle.DifferentialTest} runs with the other tests, for as long as {@code
 * -Dlodge.differential.seconds} says. The long run of 20 million cases and more, from a seed of its
 * own each time, takes some minutes:
 *
 * <pre>{@code
 * mvn -pl x86 -am verify -Dtest=DifferentialTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dlodge.differential.seconds=600 -Dlodge.differential.seed=$RANDOM
 * }</pre>
 *
 * or {@code fuzz/run differential 20000000}. A mismatch is printed with its seed: {@code fuzz/run
 * differential 1024 SEED} begins with it.
 * {@link org.lodgevm.x86.oracle.Recorder} makes the vectors that {@link
 * org.lodgevm.x86.oracle.RecordedVectorsTest} replays where there is no such CPU; they stay valid
 * whatever becomes of the generator.
 */
package org.lodgevm.x86.oracle;
