package org.lodgevm.cli.images;

import java.util.List;
import java.util.concurrent.Callable;
import org.lodgevm.cli.completion.ImageCompletion;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.image.ImageException;
import org.lodgevm.image.store.ImageStore;
import org.lodgevm.image.store.StoredImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lodge rmi}. */
@Command(name = "rmi", description = "Removes images, unless a machine needs them.", mixinStandardHelpOptions = true)
public final class RemoveImageCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(arity = "1..*", paramLabel = "IMAGE", completionCandidates = ImageCompletion.class, description = "By name or id; of several with one name, the newest.")
    private List<String> names;

    public RemoveImageCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        ImageStore store = ImageStore.ofUser();
        for (String name : names) {
            StoredImage image = store.find(name).orElseThrow(() -> new ImageException("There is no image '" + name + "'; lodge images lists them"));
            store.remove(image);
            streams.printed().println(image.id());
        }
        return ExitStatus.OK;
    }
}
