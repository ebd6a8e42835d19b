package org.lodgevm.cli.image;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.json.Json;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.CheckReport;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Repair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge image check}. */
@Command(
        name = "check",
        description = "Looks through an image's bookkeeping.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:in order", "2:corrupt", "3:some space is lost, nothing worse"})
final class CheckCommand implements Callable<Integer> {
    private static final int CORRUPT = 2;
    private static final int LEAKS = 3;
    private static final int SHOWN = 20;

    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Mixin
    private Printed printed;

    @Option(names = {"-r", "--repair"}, paramLabel = "leaks|all", defaultValue = "none", description = "What to mend.")
    private Repair repair;

    CheckCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        try (DiskImage image = source.open(repair == Repair.NONE ? source.toRead().withoutBacking() : source.toWrite().forRepair())) {
            CheckReport report = image.check(repair);
            PrintStream out = Printed.out(streams);
            if (printed.isJson()) {
                out.println(Json.of(describe(image, report)));
            } else {
                print(report, out);
            }
            return report.corruptions() > 0 ? CORRUPT : report.leaks() > 0 ? LEAKS : ExitStatus.OK;
        }
    }

    private static Map<String, Object> describe(DiskImage image, CheckReport report) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("filename", image.name());
        map.put("format", image.info().format());
        map.put("check-errors", 0);
        map.put("corruptions", report.corruptions());
        map.put("leaks", report.leaks());
        map.put("corruptions-fixed", report.corruptionsFixed());
        map.put("leaks-fixed", report.leaksFixed());
        map.put("total-clusters", report.totalClusters());
        map.put("allocated-clusters", report.allocatedClusters());
        map.put("fragmented-clusters", report.fragmentedClusters());
        map.put("compressed-clusters", report.compressedClusters());
        map.put("image-end-offset", report.imageEnd());
        return map;
    }

    private static void print(CheckReport report, PrintStream out) {
        report.problems().stream().limit(SHOWN).forEach(out::println);
        if (report.problems().size() > SHOWN) {
            out.println("...");
        }
        if (report.corruptionsFixed() + report.leaksFixed() > 0) {
            out.println("Mended: %d corruptions, %d leaked clusters.".formatted(report.corruptionsFixed(), report.leaksFixed()));
        }
        if (report.isClean()) {
            out.println("The image is in order.");
        } else {
            out.println("%d corruptions, %d leaked clusters; --repair %s mends%s.".formatted(
                    report.corruptions(), report.leaks(), report.corruptions() > 0 ? "all" : "leaks", report.corruptions() > 0 ? " what can be mended" : " them"));
        }
        out.println("%d of %d clusters in use, %d of them compressed; the last one ends at %d.".formatted(
                report.allocatedClusters(), report.totalClusters(), report.compressedClusters(), report.imageEnd()));
    }
}
