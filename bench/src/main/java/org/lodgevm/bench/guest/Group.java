package org.lodgevm.bench.guest;

import java.util.OptionalDouble;

/** Workloads that stress the same, with one geometric mean, and what issue 3 wants of it: Lodge's time by another's. */
public enum Group {
    INTEGER("integer", OptionalDouble.of(0.65), OptionalDouble.of(2.5)),
    FLOAT("floating point and crypto", OptionalDouble.of(0.25), OptionalDouble.empty()),
    MEMORY("memory", OptionalDouble.empty(), OptionalDouble.empty()),
    KERNEL("system calls and fork", OptionalDouble.of(1.0), OptionalDouble.empty()),
    SWITCH("context switch", OptionalDouble.of(1.0), OptionalDouble.empty());

    private final String title;
    private final OptionalDouble wantedByBaseline;
    private final OptionalDouble wantedByNative;

    Group(String title, OptionalDouble wantedByBaseline, OptionalDouble wantedByNative) {
        this.title = title;
        this.wantedByBaseline = wantedByBaseline;
        this.wantedByNative = wantedByNative;
    }

    /** For the reader of the table. */
    public String title() {
        return title;
    }

    /** At most so many times the time of QEMU TCG. */
    public OptionalDouble wantedByBaseline() {
        return wantedByBaseline;
    }

    /** At most so many times the host's own time. */
    public OptionalDouble wantedByNative() {
        return wantedByNative;
    }
}
