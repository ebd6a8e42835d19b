package org.lodgevm.vm.migration;

import java.io.IOException;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/** What a guest that moves stands still for, as one side knows it: how long each step takes, for the machine's log. */
final class Downtime {
    private final long began = System.nanoTime();
    private final StringJoiner steps = new StringJoiner(", ");

    interface Step {
        void run() throws IOException;
    }

    void step(String name, Step step) throws IOException {
        long before = System.nanoTime();
        step.run();
        steps.add("%s %d".formatted(name, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before)));
    }

    /** Since it began. */
    Duration soFar() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** In milliseconds. */
    @Override
    public String toString() {
        return "%d ms (%s)".formatted(soFar().toMillis(), steps);
    }
}
