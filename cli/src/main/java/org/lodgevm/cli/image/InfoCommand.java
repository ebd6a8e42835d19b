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
import org.lodgevm.storage.ImageInfo;
import org.lodgevm.storage.Snapshots;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge image info}. */
@Command(name = "info", description = "Tells what an image is.", mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Mixin
    private Printed printed;

    @Option(names = "--backing-chain", description = "And those below it.")
    private boolean chain;

    InfoCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        OpenOptions options = chain ? source.toRead() : source.toRead().withoutBacking();
        List<Map<String, Object>> all = new ArrayList<>();
        try (DiskImage top = source.open(options)) {
            for (DiskImage image = top; image != null; image = image.backing().orElse(null)) {
                all.add(describe(image));
            }
        }
        PrintStream out = Printed.out(streams);
        if (printed.isJson()) {
            out.println(Json.of(chain ? all : all.getFirst()));
        } else {
            for (int i = 0; i < all.size(); i++) {
                out.print(i == 0 ? "" : "\n");
                print(all.get(i), out);
            }
        }
        return ExitStatus.OK;
    }

    private static Map<String, Object> describe(DiskImage image) throws IOException {
        ImageInfo info = image.info();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("filename", image.name());
        map.put("format", info.format());
        map.put("virtual-size", info.size());
        map.put("actual-size", info.allocated());
        if (info.clusterSize() > 0) {
            map.put("cluster-size", info.clusterSize());
        }
        map.put("dirty-flag", info.dirty());
        if (info.backingFile() != null) {
            map.put("backing-filename", info.backingFile());
            map.put("full-backing-filename", Images.resolve(image.name(), info.backingFile()));
            if (info.backingFormat() != null) {
                map.put("backing-filename-format", info.backingFormat());
            }
        }
        if (!info.snapshots().isEmpty()) {
            map.put("snapshots", info.snapshots().stream().map(InfoCommand::describe).toList());
        }
        if (!info.details().isEmpty()) {
            Map<String, Object> specific = new LinkedHashMap<>();
            specific.put("type", info.format());
            specific.put("data", info.details());
            map.put("format-specific", specific);
        }
        return map;
    }

    static Map<String, Object> describe(Snapshots.Entry entry) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", entry.id());
        map.put("name", entry.name());
        map.put("vm-state-size", entry.vmStateSize());
        map.put("date-sec", entry.date().getEpochSecond());
        map.put("date-nsec", entry.date().getNano());
        map.put("vm-clock-sec", entry.vmClockNanos() / 1_000_000_000);
        map.put("vm-clock-nsec", entry.vmClockNanos() % 1_000_000_000);
        return map;
    }

    private static void print(Map<String, Object> info, PrintStream out) {
        out.println("image: " + info.get("filename"));
        out.println("file format: " + info.get("format"));
        long size = (long) info.get("virtual-size");
        out.println("virtual size: %s (%d bytes)".formatted(Printed.size(size), size));
        out.println("disk size: " + Printed.size((long) info.get("actual-size")));
        if (info.containsKey("cluster-size")) {
            out.println("cluster size: " + info.get("cluster-size"));
        }
        if ((boolean) info.get("dirty-flag")) {
            out.println("not closed properly; it will be repaired when it is opened for writing");
        }
        if (info.containsKey("backing-filename")) {
            out.println("backing file: %s (actual path: %s)".formatted(info.get("backing-filename"), info.get("full-backing-filename")));
        }
        if (info.containsKey("backing-filename-format")) {
            out.println("backing file format: " + info.get("backing-filename-format"));
        }
        if (info.get("snapshots") instanceof List<?> snapshots) {
            out.println("snapshots: " + snapshots.size());
        }
        if (info.get("format-specific") instanceof Map<?, ?> specific && specific.get("data") instanceof Map<?, ?> data) {
            out.println("format specific:");
            data.forEach((name, value) -> out.println("    %s: %s".formatted(name.toString().replace('-', ' '), value)));
        }
    }
}
