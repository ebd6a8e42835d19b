package org.lodgevm.x86.interpret;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lodgevm.x86.translate.Exit;
import org.lodgevm.x86.translate.Translator;

/** What one CPU's translations have cost and how often they were left, counted by its own thread. */
final class TranslationCounters {
    private static final List<String> EXITS = List.of(
            "attention", "interpreted", "tlbMisses", "links", "lookups", "unitsRefused", "callOuts", "codeMoved");
    private static final int MOST_NAMED = 12;

    private final long[] exits = new long[EXITS.size()];
    private final Map<String, Long> dropped = new TreeMap<>();
    /** By the number of the op. */
    private long[] calls = new long[64];
    long slowAccesses;
    long entries;

    void exit(long exit) {
        exits[Exit.kind(exit)]++;
    }

    void callOut(int number) {
        if (number >= calls.length) {
            calls = Arrays.copyOf(calls, Math.max(number + 1, 2 * calls.length));
        }
        calls[number]++;
    }

    /** The ops are about to be forgotten. */
    void drop(List<Op> ops) {
        addTo(dropped, ops);
        Arrays.fill(calls, 0);
    }

    private void addTo(Map<String, Long> byName, List<Op> ops) {
        for (int i = 0; i < Math.min(ops.size(), calls.length); i++) {
            if (calls[i] != 0) {
                byName.merge(name(ops.get(i)), calls[i], Long::sum);
            }
        }
    }

    private static String name(Op op) {
        return op == null || op.instruction == null ? "other" : (op.instruction.rep() ? "REP " : "") + op.instruction.row().mnemonic();
    }

    /** For the flight recorder, on its own thread: numbers may be a moment old. */
    void commit(int cpu, long interpreted, Translator translator) {
        VcpuStatisticsEvent event = new VcpuStatisticsEvent();
        event.cpu = cpu;
        event.interpreted = interpreted;
        event.regions = translator.regions();
        event.translated = translator.instructions();
        event.translationTime = translator.nanos();
        event.entries = entries;
        event.attention = exits[Exit.ATTENTION];
        event.interpret = exits[Exit.INTERPRET];
        event.tlbMisses = exits[Exit.MISS];
        event.links = exits[Exit.LINK];
        event.lookups = exits[Exit.LOOKUP];
        event.units = exits[Exit.UNIT];
        event.callOuts = exits[Exit.CALL_OUT];
        event.moved = exits[Exit.MOVED];
        event.commit();
    }

    /** All by name; instructions that were called out for most often come last. */
    Map<String, Long> all(Translator translator, List<Op> ops) {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("regions", translator.regions());
        all.put("archivedRegions", translator.archived());
        all.put("copiedRegions", translator.copied());
        all.put("translatedInstructions", translator.instructions());
        all.put("translationNanos", translator.nanos());
        all.put("entries", entries);
        for (int i = 0; i < exits.length; i++) {
            all.put("exits." + EXITS.get(i), exits[i]);
        }
        all.put("slowAccesses", slowAccesses);
        Map<String, Long> byName = new TreeMap<>(dropped);
        addTo(byName, ops);
        byName.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())).limit(MOST_NAMED)
                .forEach(entry -> all.put("callOuts." + entry.getKey(), entry.getValue()));
        return all;
    }
}
