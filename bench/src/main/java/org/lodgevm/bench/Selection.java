package org.lodgevm.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lodgevm.bench.guest.Group;
import org.lodgevm.bench.guest.Workload;
import org.lodgevm.bench.guest.Workloads;

/**
 * What is to be measured.
 *
 * @param runs how often everything runs
 * @param cpus of the guests, one after the other
 * @param only names of workloads or groups, {@value #START} or {@value #BOOT}; empty for everything
 * @param amount of work
 */
record Selection(int runs, List<Integer> cpus, Set<String> only, Workload.Amount amount) {
    static final String START = "start";
    static final String BOOT = "boot";

    /** @throws IllegalArgumentException if it makes no sense */
    Selection {
        if (runs < 1 || cpus.isEmpty() || cpus.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("--runs and --cpus want numbers from 1 on");
        }
        Set<String> names = names();
        only.stream().filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("there is no '" + name + "'; choose of " + String.join(", ", names));
        });
    }

    static Set<String> names() {
        Set<String> names = new LinkedHashSet<>(List.of(START, BOOT));
        List.of(Group.values()).forEach(group -> names.add(name(group)));
        Workloads.ALL.forEach(workload -> names.add(workload.name()));
        return names;
    }

    static String name(Group group) {
        return group.name().toLowerCase(Locale.ROOT);
    }

    boolean start() {
        return wants(START);
    }

    boolean boot() {
        return wants(BOOT);
    }

    List<Workload> workloads() {
        return Workloads.ALL.stream()
                .filter(workload -> wants(workload.name()) || wants(name(workload.group())))
                .map(workload -> workload.with(amount))
                .toList();
    }

    private boolean wants(String name) {
        return only.isEmpty() || only.contains(name);
    }
}
