/**
 * Benchmarks of whole guests, side by side with QEMU: {@code bench/run}.
 *
 * <p>{@code guest} prepares what runs, {@code engine} runs it; {@link org.lodgevm.bench.Benchmark} goes through all engines and
 * repetitions in one session and collects {@link org.lodgevm.bench.Samples}, of which {@link org.lodgevm.bench.Report} makes the page
 * {@code bench/RESULTS.md} and {@link org.lodgevm.bench.Json} a file for programs.
 *
 * <p>A new row is a {@link org.lodgevm.bench.guest.Workload} and its script. Micro-benchmarks are absent.
 */
package org.lodgevm.bench;
