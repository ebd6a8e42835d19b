package org.lodgevm.bench.guest;

import java.util.List;
import java.util.Locale;

/**
 * A row of the table: a piece of work whose time counts. The work is fixed, not the time, so that all engines do the same.
 *
 * @param name of its script, {@code bench/src/guest/NAME.sh}, which prints a line that is the same wherever it runs
 * @param description what it does, for the reader of the table, with a place for the work
 * @param work how much of it: the script's first argument
 * @param quickWork a fraction of that, to see that it works
 * @param single whether one copy runs however many CPUs there are, since it uses several by itself
 * @param payloads files that the script needs in its folder
 * @param packages of Debian that the script needs beside busybox
 */
public record Workload(
        String name,
        Group group,
        String description,
        long work,
        long quickWork,
        boolean single,
        List<Payload> payloads,
        List<String> packages) {

    static Workload of(String name, Group group, String description, long work, long quickWork, Payload... payloads) {
        return new Workload(name, group, description, work, quickWork, false, List.of(payloads), List.of());
    }

    Workload alone() {
        return new Workload(name, group, description, work, quickWork, true, payloads, packages);
    }

    Workload from(String... names) {
        return new Workload(name, group, description, work, quickWork, single, payloads, List.of(names));
    }

    /** The same with less work. */
    public Workload quick() {
        return new Workload(name, group, description, quickWork, quickWork, single, payloads, packages);
    }

    /** As the head of its row. */
    public String title() {
        return String.format(Locale.ROOT, description, work);
    }

    /** What {@code main.sh} is told to run it. */
    public String order(int cpus) {
        return "%s %d %d".formatted(name, work, single ? 1 : cpus);
    }
}
