package org.lodgevm.cli.run;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.lodgevm.cli.completion.ImageCompletion;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.vm.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lodge create}: gives a machine a name. */
@Command(
        name = "create",
        description = "Makes a machine that has a name: Lodge's own small Linux, an image, or what --kernel or --bios names.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge create web --memory 1G --cpus 2 --disk web.qcow2 -p 8080:80",
            "  lodge create web debian:12 -p 8080:80",
            "  lodge start web; lodge exec web -- uname -a",
            "",
            "What it is stands in a file, machine.json, of which lodge inspect tells the place; a change holds from the next start on."
        })
public final class CreateCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(index = "0", paramLabel = "NAME", description = "Letters, digits, '-', '_' and '.'.")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "IMAGE", completionCandidates = ImageCompletion.class, description = "An image, such as debian:12, instead of Lodge's own guest; it is pulled if it was not yet.")
    private String image;

    @Mixin
    private GuestOptions guest;

    @Option(names = {"-q", "--quiet"}, description = "Show nothing but errors.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    public CreateCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        if (image != null && guest.guestIsUsers()) {
            throw new Failure(ExitStatus.USAGE, "the image '%s' has a kernel of its own; leave out --kernel and --bios, or the image".formatted(image));
        }
        guest.check();
        StoredImage found = null;
        try (Preparation preparation = new Preparation(streams, quiet)) {
            if (image != null) {
                found = guest.image(image, preparation.progress());
            }
            Optional<ImageRoot> root = Optional.ofNullable(found).map(known -> new ImageRoot(known, known.disk()));
            guest.describe(Machine.builder(), root, preparation.progress()).spec(); // what makes no sense is refused now
        }
        Creation.create(name, spec.commandLine().getParseResult(), found);
        return ExitStatus.OK;
    }
}
