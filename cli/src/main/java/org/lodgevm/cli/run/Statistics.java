package org.lodgevm.cli.run;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.lodgevm.vm.Machine;

/**
 * What a run cost: {@code --stats}.
 *
 * @param cpuSeconds of all threads of the process
 * @param instructions of the guest, on all its CPUs, as far as the accelerator counts them
 * @param heapBytes in use; the guest's RAM is not among them
 * @param counters of the accelerator
 */
record Statistics(double wallSeconds, double cpuSeconds, long instructions, long heapBytes, String accelerator,
        Map<String, Long> counters) {

    /** @param started {@link System#nanoTime} then */
    static Statistics of(Machine machine, long started) {
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        Runtime heap = Runtime.getRuntime();
        return new Statistics(
                (System.nanoTime() - started) / 1e9,
                cpu.toMillis() / 1e3,
                machine.instructions(),
                heap.totalMemory() - heap.freeMemory(),
                machine.accelerator(),
                machine.counters());
    }

    String sentence() {
        String sentence = "lodge: %.2f s, CPU time %.2f s, %,d guest instructions%s (%.0f million a second), Java heap %d MiB, accelerator %s"
                .formatted(wallSeconds, cpuSeconds, instructions, counters.isEmpty() ? "" : " interpreted",
                        instructions / 1e6 / wallSeconds, heapBytes >> 20, accelerator);
        return counters.entrySet().stream().map(one -> "%n  %-24s %,15d".formatted(one.getKey(), one.getValue()))
                .collect(Collectors.joining("", sentence, ""));
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"wallSeconds\": %.3f, \"cpuSeconds\": %.3f, \"instructions\": %d, \"heapBytes\": %d, \"accelerator\": \"%s\"%s}",
                wallSeconds, cpuSeconds, instructions, heapBytes, accelerator, counters.entrySet().stream()
                        .map(one -> ", \"%s\": %d".formatted(one.getKey(), one.getValue())).collect(Collectors.joining()));
    }
}
