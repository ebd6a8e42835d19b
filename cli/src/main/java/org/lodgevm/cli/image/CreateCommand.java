package org.lodgevm.cli.image;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.Access;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.catalog.Images;
import org.lodgevm.storage.catalog.OpenOptions;
import org.lodgevm.storage.catalog.ReferencePolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge image create}. */
@Command(name = "create", description = "Makes an empty image.", mixinStandardHelpOptions = true)
final class CreateCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Option(names = {"-f", "--format"}, paramLabel = "FORMAT", defaultValue = "raw", description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).", completionCandidates = Formats.class)
    private String format;

    @Option(names = {"-b", "--backing"}, paramLabel = "FILE", description = "The image that has the content at first, seen from the folder of the new one.")
    private String backing;

    @Option(names = {"-F", "--backing-format"}, paramLabel = "FORMAT", description = "The backing file's format; otherwise found out.")
    private String backingFormat;

    @Option(names = {"-o", "--options"}, paramLabel = "NAME=VALUE,...", description = "What the format offers, as for qemu-img.")
    private List<String> options = List.of();

    @Option(names = {"-q", "--quiet"}, description = "Say nothing.")
    private boolean quiet;

    @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
    private String file;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SIZE", converter = Sizes.class, description = "20G, 512M or bytes; otherwise the backing file's.")
    private Long size;

    CreateCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        CreateOptions made = CreateOptions.none();
        options.forEach(text -> made.with(CreateOptions.parse(text)));
        made.with("backing_file", backing).with("backing_fmt", backingFormat);
        made.text("size").ifPresent(text -> size = CreateOptions.parseSize(text));
        long bytes = size != null ? size : 0;
        if (made.text("backing_file").isPresent()) {
            bytes = adoptBacking(made);
        } else if (size == null) {
            throw new IllegalArgumentException("how large is it to be? Add 20G or the like");
        }
        Images.create(file, format, bytes, made.without("size"), ReferencePolicy.ALLOW);
        if (!quiet) {
            Printed.out(streams).println("%s: %s of %s".formatted(file, format, Printed.size(bytes)));
        }
        return ExitStatus.OK;
    }

    /** @return the size of the new image */
    private long adoptBacking(CreateOptions made) throws IOException {
        String location = Images.resolve(file, made.text("backing_file").orElseThrow());
        OpenOptions open = OpenOptions.of(Access.READ_UNLOCKED).as(made.text("backing_fmt").orElse(null));
        try (DiskImage below = Images.open(location, open)) {
            made.with("backing_fmt", below.info().format());
            return size != null ? size : below.size();
        }
    }
}
