package org.lodgevm.x86.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.lodgevm.x86.decode.Instruction;

/** Runs seeded cases on an oracle and on a CPU under test, and collects what differs. */
final class Differential {
    /**
     * What came out.
     *
     * @param cases how many were compared
     * @param mismatches how many differed
     * @param disturbances how many differed once but not again
     * @param waived how often differences were accepted, by reason
     * @param examples for each kind of difference a way to reproduce it
     */
    record Report(
            long cases,
            long mismatches,
            long disturbances,
            Map<String, Long> waived,
            Map<String, String> examples) {
        static final Report NONE = new Report(0, 0, 0, Map.of(), Map.of());

        /** Both together. */
        Report plus(Report other) {
            Map<String, Long> allWaived = new TreeMap<>(waived);
            other.waived.forEach((reason, times) -> allWaived.merge(reason, times, Long::sum));
            Map<String, String> allExamples = new TreeMap<>(other.examples);
            allExamples.putAll(examples);
            return new Report(
                    cases + other.cases,
                    mismatches + other.mismatches,
                    disturbances + other.disturbances,
                    allWaived,
                    allExamples);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            examples.forEach(
                    (kind, example) -> text.append(kind).append('\n').append(example).append('\n'));
            waived.forEach(
                    (reason, times) -> text.append("%d waived: %s%n".formatted(times, reason)));
            return text.append(
                            "%d cases, %d differ, %d did once"
                                    .formatted(cases, mismatches, disturbances))
                    .toString();
        }
    }

    private static final int MOST_EXAMPLES = 2000;

    private final CaseRunner oracle;
    private final CaseRunner tested;
    private final CaseSource source;
    private final BiPredicate<Case, Case> compared;
    private final Comparison comparison = new Comparison();
    private final Map<String, String> examples = new TreeMap<>();
    private long cases;
    private long mismatches;
    private long disturbances;

    /**
     * @param compared whether to compare a case, given what the oracle made of it
     */
    Differential(CaseRunner oracle, CaseRunner tested, CaseSource source, BiPredicate<Case, Case> compared) {
        this.oracle = oracle;
        this.tested = tested;
        this.source = source;
        this.compared = compared;
    }

    Report report() {
        return new Report(cases, mismatches, disturbances, comparison.waived(), examples);
    }

    /**
     * Compares one batch: the cases of {@link CaseRunner#CAPACITY} seeds from {@code firstSeed} on.
     */
    void batch(long firstSeed) {
        for (int i = 0; i < CaseRunner.CAPACITY; i++) {
            source.fill(oracle.input(i), firstSeed + i);
            tested.input(i).copyFrom(oracle.input(i));
        }
        while (!run(firstSeed)) {
            // again, without the case that broke a runner
        }
        compare(firstSeed);
    }

    private boolean run(long firstSeed) {
        CompletableFuture<CaseRunner.LostException> other =
                CompletableFuture.supplyAsync(() -> run(oracle));
        CaseRunner.LostException here = run(tested);
        CaseRunner.LostException there = other.join();
        if (here != null
                && there == null
                && oracle.output(here.index()).get32(Layout.OUTCOME) == Layout.STUCK) {
            replace(here.index());
            return false;
        }
        broken(firstSeed, here);
        broken(firstSeed, there);
        return here == null && there == null;
    }

    private static CaseRunner.LostException run(CaseRunner runner) {
        try {
            runner.run(CaseRunner.CAPACITY);
            return null;
        } catch (CaseRunner.LostException lost) {
            return lost;
        }
    }

    /** A case that breaks a runner is reported, and replaced by one that does nothing. */
    private void broken(long firstSeed, CaseRunner.LostException lost) {
        if (lost == null) {
            return;
        }
        Case input = oracle.input(lost.index());
        mismatches++;
        note(
                firstSeed + lost.index(),
                input,
                oracle.output(lost.index()),
                List.of(lost.getMessage()));
        replace(lost.index());
    }

    /** By a case that does nothing. */
    private void replace(int index) {
        Case input = oracle.input(index);
        Cases.reset(input, Mode.BITS_64);
        Cases.code(input, new byte[0], Cases.CODE_AT);
        tested.input(index).copyFrom(input);
    }

    private void note(long seed, Case input, Case expected, List<String> differences) {
        Instruction in = comparison.tolerance().instruction();
        String what =
                differences.get(0).replaceAll(":.*", "").replaceAll(" (case|at window) .*", " $1");
        String kind = (in == null ? "undefined" : in.row()) + " / " + what;
        if (examples.size() < MOST_EXAMPLES && !examples.containsKey(kind)) {
            examples.put(kind, Reproducer.describe(seed, input, expected, differences));
        }
    }

    private void compare(long firstSeed) {
        List<Integer> suspects = new ArrayList<>();
        for (int i = 0; i < CaseRunner.CAPACITY; i++) {
            if (!compared.test(oracle.input(i), oracle.output(i))) {
                continue;
            }
            cases++;
            if (!comparison
                    .differences(oracle.input(i), oracle.output(i), tested.output(i))
                    .isEmpty()) {
                suspects.add(i);
            }
        }
        for (int i : suspects) {
            confirm(firstSeed + i, copy(tested.input(i)), copy(tested.output(i)));
        }
    }

    private static Case copy(Case from) {
        Case copy = new Case();
        copy.copyFrom(from);
        return copy;
    }

    /** The host may have been disturbed: only what it does again, alone, counts. */
    private void confirm(long seed, Case input, Case actual) {
        oracle.input(0).copyFrom(input);
        oracle.run(1);
        List<String> differences = comparison.differences(input, oracle.output(0), actual);
        if (differences.isEmpty()) {
            disturbances++;
        } else {
            mismatches++;
            note(seed, input, oracle.output(0), differences);
        }
    }
}
