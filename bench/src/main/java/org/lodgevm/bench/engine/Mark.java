package org.lodgevm.bench.engine;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that the guest wrote for us.
 *
 * @param text what follows the word BENCH
 * @param nanos when the host had read it, by {@link System#nanoTime}
 * @param instructions how many the guest had executed, where the engine counts them
 */
public record Mark(String text, long nanos, OptionalLong instructions) {
    /** A message of the kernel may stand before it on the same line. */
    private static final Pattern LINE = Pattern.compile("(?:(\\d+)\t)?.*?BENCH (.*?)\\s*");

    static Optional<Mark> in(String line, long nanos) {
        Matcher mark = LINE.matcher(line);
        if (!mark.matches()) {
            return Optional.empty();
        }
        OptionalLong instructions =
                mark.group(1) == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(mark.group(1)));
        return Optional.of(new Mark(mark.group(2), nanos, instructions));
    }
}
