package org.lodgevm.bench.guest;

import java.util.List;

/**
 * A row of the table: a piece of work whose time counts.
 *
 * @param name of its script, {@code bench/src/guest/NAME.sh}, which prints a line that is the same wherever it runs
 * @param title what it does, for the reader of the table
 * @param payloads what the script needs beside busybox
 */
public record Workload(String name, String title, List<Payload> payloads) {
    private static final Payload CORE = new Program("core");
    private static final Payload TEXT = new Text("text");

    /** All of them. Each takes a second or two under QEMU. */
    public static final List<Workload> ALL = List.of(
            new Workload("core", "CoreMark-like C: lists, matrices, state machine, CRC", List.of(CORE)),
            new Workload("sha256sum", "busybox sha256sum, 12 MiB", List.of(TEXT)),
            new Workload("gzip", "busybox gzip, 4 MiB of text", List.of(TEXT)),
            new Workload("sort", "busybox sort, 8 MiB of lines", List.of(TEXT)),
            new Workload("awk", "busybox awk, counting words of 2 MiB", List.of(TEXT)),
            new Workload("ash", "busybox ash, a loop of 50,000 rounds", List.of()),
            new Workload("spawn", "500 processes: fork, exec, exit", List.of(CORE)));
}
