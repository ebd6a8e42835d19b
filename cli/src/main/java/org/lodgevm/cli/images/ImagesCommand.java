package org.lodgevm.cli.images;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.json.Json;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.image.store.ImageStore;
import org.lodgevm.image.store.StoredImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lodge images}. */
@Command(name = "images", description = "Lists the images there are, the newest first.", mixinStandardHelpOptions = true)
public final class ImagesCommand implements Callable<Integer> {
    private static final int NAME_WIDTH = 12;

    private final StandardStreams streams;

    @Option(names = "--json", description = "As JSON, with each image's packages.")
    private boolean json;

    public ImagesCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        List<StoredImage> images = ImageStore.ofUser().list();
        PrintStream out = streams.printed();
        if (json) {
            out.println(Json.of(images.stream().map(ImagesCommand::describe).toList()));
            return ExitStatus.OK;
        }
        int width = Math.max(NAME_WIDTH, images.stream().mapToInt(image -> image.manifest().name().length()).max().orElse(0));
        String row = "%-" + width + "s  %-28s  %8s  %9s  %s%n";
        out.printf(row, "NAME", "ID", "PACKAGES", "SIZE", "KERNEL");
        for (StoredImage image : images) {
            out.printf(
                    row,
                    image.manifest().name(),
                    image.id(),
                    image.manifest().packages().size(),
                    "%.1f MB".formatted(image.size() / 1e6),
                    image.manifest().kernel());
        }
        return ExitStatus.OK;
    }

    private static Map<String, Object> describe(StoredImage image) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", image.manifest().name());
        fields.put("id", image.id());
        fields.put("created", image.manifest().created());
        fields.put("size", image.size());
        fields.put("folder", image.folder());
        fields.put("kernel", image.manifest().kernel());
        fields.put("source", image.manifest().source());
        image.manifest().base().ifPresent(base -> fields.put("base", base));
        fields.put("overlays", image.overlays());
        fields.put("packages", image.manifest().packages());
        return fields;
    }
}
