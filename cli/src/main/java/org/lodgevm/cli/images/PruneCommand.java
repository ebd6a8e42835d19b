package org.lodgevm.cli.images;

import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.image.store.ImageStore;
import picocli.CommandLine.Command;

/** {@code lodge prune}. */
@Command(
        name = "prune",
        description = "Removes images of which there is a newer one by the same name and that no machine needs, and what killed processes left.",
        mixinStandardHelpOptions = true)
public final class PruneCommand implements Callable<Integer> {
    private final StandardStreams streams;

    public PruneCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        ImageStore.ofUser().prune().forEach(image -> streams.printed().println(image.id()));
        return ExitStatus.OK;
    }
}
