package org.lodgevm.cli.run;

import java.io.PrintStream;
import java.time.Duration;
import org.lodgevm.vm.Machine;

/** What a run cost: {@code --stats}. */
final class Statistics {
    private final long started = System.nanoTime();

    void print(Machine machine, PrintStream err) {
        double wall = (System.nanoTime() - started) / 1e9;
        double cpu = ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1e3;
        Runtime heap = Runtime.getRuntime();
        err.println("lodge: %.2f s, CPU time %.2f s, %,d guest instructions (%.0f million a second), Java heap %d MiB, accelerator %s"
                .formatted(
                        wall,
                        cpu,
                        machine.instructions(),
                        machine.instructions() / 1e6 / wall,
                        heap.totalMemory() - heap.freeMemory() >> 20,
                        machine.accelerator()));
    }
}
