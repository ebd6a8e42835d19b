package org.lodgevm.cli.image;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.storage.DiskImage;
import org.lodgevm.storage.copy.ImageCopy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lodge image commit}. */
@Command(name = "commit", description = "Moves what an image has over its backing file into that.", mixinStandardHelpOptions = true)
final class CommitCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private Source source;

    @Mixin
    private LateProgress.Wanted progress;

    CommitCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        try (LateProgress shown = new LateProgress(streams, progress, "committing " + source.location());
                DiskImage image = source.open(source.toWrite().withWritableBacking())) {
            ImageCopy.commit(image, shown);
        }
        Printed.out(streams).println("Image committed.");
        return ExitStatus.OK;
    }
}
