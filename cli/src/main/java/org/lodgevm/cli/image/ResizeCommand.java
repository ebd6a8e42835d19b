package org.lodgevm.cli.image;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.CreateOptions;
import org.lodgevm.storage.DiskImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge image resize}. */
@Command(name = "resize", description = "Makes a disk larger or smaller.", mixinStandardHelpOptions = true)
final class ResizeCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Option(names = "--shrink", description = "Allow that the disk's end is lost.")
    private boolean shrink;

    @Parameters(index = "1", paramLabel = "[+|-]SIZE", description = "Its new size, or by how much.")
    private String size;

    ResizeCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        try (DiskImage image = source.open(source.toWrite())) {
            long old = image.size();
            long wanted = switch (size.charAt(0)) {
                case '+' -> Math.addExact(old, CreateOptions.parseSize(size.substring(1)));
                case '-' -> old - CreateOptions.parseSize(size.substring(1));
                default -> CreateOptions.parseSize(size);
            };
            if (wanted < 0) {
                throw new IllegalArgumentException("the disk has %d bytes only".formatted(old));
            }
            if (wanted < old && !shrink) {
                throw new IllegalArgumentException("the last %s of the disk would be lost; if that is wanted, add --shrink".formatted(Printed.size(old - wanted)));
            }
            image.resize(wanted);
            image.flush();
            Printed.out(streams).println("%s: now of %s".formatted(source.location(), Printed.size(image.size())));
            return ExitStatus.OK;
        }
    }
}
