package org.lodgevm.cli.run;

import java.time.Duration;
import java.util.Locale;
import org.lodgevm.vm.Machine;

/**
 * What a run cost: {@code --stats}.
 *
 * @param cpuSeconds of all threads of the process
 * @param instructions of the guest, on all its CPUs
 * @param heapBytes in use; the guest's RAM is not among them
 */
record Statistics(double wallSeconds, double cpuSeconds, long instructions, long heapBytes, String accelerator) {

    /** @param started {@link System#nanoTime} then */
    static Statistics of(Machine machine, long started) {
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        Runtime heap = Runtime.getRuntime();
        return new Statistics(
                (System.nanoTime() - started) / 1e9,
                cpu.toMillis() / 1e3,
                machine.instructions(),
                heap.totalMemory() - heap.freeMemory(),
                machine.accelerator());
    }

    String sentence() {
        return "lodge: %.2f s, CPU time %.2f s, %,d guest instructions (%.0f million a second), Java heap %d MiB, accelerator %s"
                .formatted(wallSeconds, cpuSeconds, instructions, instructions / 1e6 / wallSeconds, heapBytes >> 20, accelerator);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"wallSeconds\": %.3f, \"cpuSeconds\": %.3f, \"instructions\": %d, \"heapBytes\": %d, \"accelerator\": \"%s\"}",
                wallSeconds, cpuSeconds, instructions, heapBytes, accelerator);
    }
}
