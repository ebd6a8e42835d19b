package org.lodgevm.cli.image;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.json.Json;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.copy.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge image compare}. */
@Command(
        name = "compare",
        description = "Tells whether two images hold the same.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:the same", "1:not the same"})
final class CompareCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;

    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Mixin
    private LateProgress.Wanted progress;

    @Mixin
    private Printed printed;

    @Option(names = {"-F", "--other-format"}, paramLabel = "FORMAT", description = "The other image's format.")
    private String otherFormat;

    @Option(names = {"-s", "--strict"}, description = "Disks of different sizes are different, even if only zeroes follow.")
    private boolean strict;

    @Parameters(index = "1", paramLabel = "OTHER", description = "The image to compare with.")
    private String other;

    CompareCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        try (DiskImage a = source.open(source.toRead()); DiskImage b = Images.open(other, source.toRead().as(otherFormat))) {
            try (LateProgress shown = new LateProgress(streams, progress, "comparing")) {
                boolean sized = strict && a.size() != b.size();
                OptionalLong first = sized ? OptionalLong.of(Math.min(a.size(), b.size())) : new Comparison(a, b, shown).firstDifference();
                shown.close();
                print(first, sized);
                return first.isEmpty() ? ExitStatus.OK : DIFFERENT;
            }
        }
    }

    private void print(OptionalLong first, boolean sized) {
        PrintStream out = Printed.out(streams);
        if (printed.isJson()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("identical", first.isEmpty());
            first.ifPresent(offset -> map.put("offset", offset));
            out.println(Json.of(map));
        } else {
            out.println(first.isEmpty() ? "The images hold the same." : sized ? "The disks are of different sizes." : "The images differ at offset %d.".formatted(first.getAsLong()));
        }
    }
}
