package org.lodgevm.bench;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.lodgevm.bench.guest.Workload;

/**
 * What is to be measured.
 *
 * @param repeat how often everything runs
 * @param cpus of the guests, one after the other
 * @param only names of workloads, {@value #START} or {@value #BOOT}; empty for everything
 */
record Selection(int repeat, List<Integer> cpus, Set<String> only) {
    static final String START = "start";
    static final String BOOT = "boot";

    /** @throws IllegalArgumentException if it makes no sense */
    Selection {
        if (repeat < 1 || cpus.isEmpty() || cpus.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("--repeat and --cpus want numbers from 1 on");
        }
        Set<String> names = names();
        only.stream().filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("there is no '" + name + "'; choose of " + String.join(", ", names));
        });
    }

    static Set<String> names() {
        Set<String> names = new TreeSet<>(Set.of(START, BOOT));
        Workload.ALL.forEach(workload -> names.add(workload.name()));
        return names;
    }

    boolean start() {
        return wants(START);
    }

    boolean boot() {
        return wants(BOOT);
    }

    List<Workload> workloads() {
        return Workload.ALL.stream().filter(workload -> wants(workload.name())).toList();
    }

    private boolean wants(String name) {
        return only.isEmpty() || only.contains(name);
    }
}
