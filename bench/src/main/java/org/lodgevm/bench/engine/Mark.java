package org.lodgevm.bench.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that the guest wrote for us.
 *
 * @param text what follows the word BENCH
 * @param nanos when the host had read it, by {@link System#nanoTime}
 * @param counters of the engine when the guest wrote it, where the engine tells any
 */
public record Mark(String text, long nanos, Map<String, Long> counters) {
    /** A message of the kernel may stand before it on the same line. */
    private static final Pattern LINE = Pattern.compile("(?:([\\w= ]*)\t)?.*?BENCH (.*?)\\s*");
    private static final Pattern COUNTER = Pattern.compile("(\\w+)=(\\d+)");

    static Optional<Mark> in(String line, long nanos) {
        Matcher mark = LINE.matcher(line);
        if (!mark.matches()) {
            return Optional.empty();
        }
        Map<String, Long> counters = new LinkedHashMap<>();
        if (mark.group(1) != null) {
            COUNTER.matcher(mark.group(1)).results().forEach(one -> counters.put(one.group(1), Long.valueOf(one.group(2))));
        }
        return Optional.of(new Mark(mark.group(2), nanos, counters));
    }

    /** How far each counter has come since an earlier mark. */
    public Map<String, Long> countersSince(Mark earlier) {
        Map<String, Long> differences = new LinkedHashMap<>();
        counters.forEach((name, count) -> {
            if (earlier.counters.containsKey(name)) {
                differences.put(name, count - earlier.counters.get(name));
            }
        });
        return differences;
    }
}
