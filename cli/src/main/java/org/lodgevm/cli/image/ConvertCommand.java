package org.lodgevm.cli.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.lodgevm.storage.copy.ImageCopy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge image convert}. */
@Command(name = "convert", description = "Copies an image into a new one of any format.", mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Mixin
    private LateProgress.Wanted progress;

    @Option(names = {"-O", "--output-format"}, paramLabel = "FORMAT", defaultValue = "raw", description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).", completionCandidates = Formats.class)
    private String format;

    @Option(names = {"-o", "--options"}, paramLabel = "NAME=VALUE,...", description = "What the output's format offers, as for qemu-img.")
    private List<String> options = List.of();

    @Option(names = {"-c", "--compress"}, description = "Compress what is written.")
    private boolean compress;

    @Option(names = {"-S", "--sparse"}, paramLabel = "SIZE", converter = Sizes.class, defaultValue = "4k", description = "Leave out so many zeroes in a row (${DEFAULT-VALUE}); 0 writes all.")
    private long sparse;

    @Option(names = {"-B", "--backing"}, paramLabel = "FILE", description = "Make the output an overlay of this image, with which the source shares its beginnings.")
    private String backing;

    @Option(names = {"-F", "--backing-format"}, paramLabel = "FORMAT", description = "That image's format.")
    private String backingFormat;

    @Option(names = {"-l", "--snapshot"}, paramLabel = "NAME", description = "Copy this internal snapshot.")
    private String snapshot;

    @Option(names = {"-n", "--no-create"}, description = "The output exists; write into it.")
    private boolean existing;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = "The new image; what is there is replaced.")
    private String output;

    ConvertCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        CreateOptions made = CreateOptions.none();
        options.forEach(text -> made.with(CreateOptions.parse(text)));
        made.with("backing_file", backing).with("backing_fmt", backingFormat);
        try (DiskImage image = source.open(source.toRead()); DiskImage from = snapshot == null ? image : image.snapshots().open(snapshot)) {
            if (!existing) {
                Images.create(output, format, from.size(), made, ReferencePolicy.ALLOW);
            }
            copy(from, made.text("backing_file").isPresent());
        }
        return ExitStatus.OK;
    }

    private void copy(DiskImage from, boolean overlay) throws IOException {
        boolean done = false;
        try (LateProgress shown = new LateProgress(streams, progress, "converting " + source.location());
                DiskImage to = Images.open(output, OpenOptions.of(Access.WRITE).as(format))) {
            if (to.size() < from.size()) {
                throw new IllegalArgumentException("%s is smaller than %s".formatted(output, source.location()));
            }
            new ImageCopy(from, to, !existing && !overlay, (int) Math.min(sparse, 1 << 20), compress, false, shown).run();
            done = true;
        } finally {
            if (!done && !existing) {
                Files.deleteIfExists(Path.of(output));
            }
        }
    }
}
