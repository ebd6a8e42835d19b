/**
 * Whole machines whose guest and whose owner do anything at all: {@link org.lodgevm.fuzz.machine.HostileKernel} is a guest on one to four
 * CPUs that accesses ports, device registers, configuration space and MSRs at random, in every width and alignment; {@link
 * org.lodgevm.fuzz.machine.MachineFuzzer} runs it for some milliseconds, and meanwhile types, pauses, resets and presses buttons.
 *
 * <p>A machine may end in any way that a guest can bring about, but not by a failure of ours, and must always stop when told to.
 */
package org.lodgevm.fuzz.machine;
