package org.lodgevm.cli.image;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.json.Json;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.Extent;
import org.lodgevm.storage.copy.Extents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lodge image map}. */
@Command(name = "map", description = "Tells where in which file of a chain each piece of a disk is.", mixinStandardHelpOptions = true)
final class MapCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Mixin
    private Printed printed;

    MapCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        PrintStream out = Printed.out(streams);
        try (DiskImage image = source.open(source.toRead())) {
            if (printed.isJson()) {
                List<Map<String, Object>> list = new ArrayList<>();
                Extents.forEach(image, extent -> list.add(describe(extent)));
                out.println(Json.of(list));
            } else {
                List<String> chain = names(image);
                out.println("%-18s %-18s %-18s %s".formatted("OFFSET", "LENGTH", "MAPPED TO", "FILE"));
                Extents.forEach(image, extent -> print(extent, chain, out));
            }
        }
        return ExitStatus.OK;
    }

    private static List<String> names(DiskImage image) {
        List<String> names = new ArrayList<>();
        for (DiskImage each = image; each != null; each = each.backing().orElse(null)) {
            names.add(each.name());
        }
        return names;
    }

    private static void print(Extent extent, List<String> chain, PrintStream out) {
        if (!extent.zero()) {
            out.println("%-#18x %-#18x %-18s %s".formatted(
                    extent.offset(),
                    extent.length(),
                    extent.compressed() ? "compressed" : extent.hostOffset() == Extent.NOWHERE ? "-" : "%#x".formatted(extent.hostOffset()),
                    chain.get(extent.depth())));
        }
    }

    private static Map<String, Object> describe(Extent extent) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("start", extent.offset());
        map.put("length", extent.length());
        map.put("depth", extent.depth());
        map.put("present", extent.present());
        map.put("zero", extent.zero());
        map.put("data", !extent.zero());
        map.put("compressed", extent.compressed());
        if (extent.hostOffset() != Extent.NOWHERE) {
            map.put("offset", extent.hostOffset());
        }
        return map;
    }
}
