package org.lodgevm.cli.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import org.lodgevm.cli.terminal.StandardStreams;
import picocli.CommandLine.Option;

/** How results appear: for people or for programs. */
final class Printed {
    @Option(names = "--json", description = "As JSON, by the names that qemu-img uses.")
    private boolean json;

    @Option(names = "--output", paramLabel = "human|json", description = "The same, as qemu-img has it.")
    private Output output;

    /** What {@code --output} may be. */
    enum Output {
        HUMAN,
        JSON
    }

    boolean isJson() {
        return json || output == Output.JSON;
    }

    static PrintStream out(StandardStreams streams) {
        return new PrintStream(streams.out(), true, UTF_8);
    }

    /** {@code 1.5 GiB}. */
    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        int unit = Math.max(0, (Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, bytes))) / 10);
        double amount = (double) bytes / (1L << 10 * unit);
        String number = "%.3g".formatted(amount);
        return (amount >= 1000 ? "%.0f".formatted(amount) : number.contains(".") ? number.replaceFirst("\\.?0+$", "") : number) + " " + units[unit];
    }
}
