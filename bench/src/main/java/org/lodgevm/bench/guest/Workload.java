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
    private static final int LONGER = 10;

    /** How much work. */
    public enum Amount {
        /** A fraction, to see that it works. */
        QUICK(", with a fraction of the work"),
        USUAL(""),
        /** Ten times as much, so that the start of an engine has little part in it. */
        LONG(", with ten times the work");

        private final String remark;

        Amount(String remark) {
            this.remark = remark;
        }

        /** For the heading of a page; empty if there is nothing to say. */
        public String remark() {
            return remark;
        }
    }

    static Workload of(String name, Group group, String description, long work, long quickWork, Payload... payloads) {
        return new Workload(name, group, description, work, quickWork, false, List.of(payloads), List.of());
    }

    Workload alone() {
        return new Workload(name, group, description, work, quickWork, true, payloads, packages);
    }

    Workload from(String... names) {
        return new Workload(name, group, description, work, quickWork, single, payloads, List.of(names));
    }

    /** The same with more or less work. */
    public Workload with(Amount amount) {
        long chosen =
                switch (amount) {
                    case QUICK -> quickWork;
                    case USUAL -> work;
                    case LONG -> work * LONGER;
                };
        return new Workload(name, group, description, chosen, quickWork, single, payloads, packages);
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
