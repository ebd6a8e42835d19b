/**
 * Hostile guest code on CPUs of the interpreter: in every mode and at both ends of privilege, with tables, page tables and registers that
 * are nearly right, interrupts at any time, and one to four CPUs in the same memory.
 *
 * <p>{@link org.lodgevm.fuzz.cpu.CpuFuzzer} makes a case: an {@link org.lodgevm.fuzz.cpu.Image} of low memory ({@link
 * org.lodgevm.fuzz.cpu.Tables}, {@link org.lodgevm.fuzz.cpu.Paging}, {@link org.lodgevm.fuzz.cpu.Handlers}, {@link
 * org.lodgevm.fuzz.cpu.Program}) and for each CPU a {@link org.lodgevm.fuzz.cpu.StartState}. {@link org.lodgevm.fuzz.cpu.Board} runs it for
 * some milliseconds. Programs loop and handlers go on with them, so that code becomes hot; blocks are fused after a few entries.
 *
 * <p>A CPU may do anything but leave its memory, fail, or go on when it is told to stop.
 */
package org.lodgevm.fuzz.cpu;
