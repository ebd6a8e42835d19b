/**
 * Hostile input, made at random and from a seed: guest code, device accesses, files.
 *
 * <p>A {@link org.lodgevm.fuzz.Fuzzer} turns a number into a case and runs it; whatever comes of it must be one of the outcomes that the
 * architecture, or the reader of a file, knows, and come within a bounded time. A {@link org.lodgevm.fuzz.Campaign} runs cases one after
 * the other and watches that the process does not grow. {@link org.lodgevm.fuzz.Main} is the command for long runs, {@code fuzz/run}; the
 * tests of this module are short ones.
 *
 * <p>Not here: whether results are right. That is for the tests against the real CPU, in {@code x86}.
 */
package org.lodgevm.fuzz;
