package org.lodgevm.cli.run;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.lodgevm.cli.completion.ImageCompletion;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.images.ImageName;
import org.lodgevm.cli.images.PackageOptions;
import org.lodgevm.cli.log.StandardErrorLogging;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.cli.terminal.StatusLine.Style;
import org.lodgevm.image.guest.RecipeBuild;
import org.lodgevm.image.seed.SeedFile;
import org.lodgevm.image.store.ImageStore;
import org.lodgevm.image.store.StoredImage;
import org.lodgevm.machine.Confinement;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge build}: makes an image by a recipe. */
@Command(
        name = "build",
        description = "Makes an image of another one by a recipe, which is user data for cloud-init: a #cloud-config, or a script.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge build -t web web.yaml              on debian:12",
            "  lodge build -t web-test --from web test.sh",
            "  lodge run web",
            "",
            "Packages, files, users, keys and commands are written as for any cloud: https://cloudinit.readthedocs.io."
        })
public final class BuildCommand implements Callable<Integer> {
    private final StandardStreams streams;
    private final Optional<Confinement> confinement;

    @Parameters(paramLabel = "RECIPE", description = "The file with the recipe.")
    private Path recipe;

    @Option(names = {"-t", "--tag"}, paramLabel = "NAME", required = true, description = "What the image is to be called.")
    private String name;

    @Option(
            names = "--from",
            paramLabel = "IMAGE",
            defaultValue = "debian:12",
            completionCandidates = ImageCompletion.class,
            description = "The image to start from (${DEFAULT-VALUE}); it is pulled if it was not yet.")
    private String base;

    @Mixin
    private PackageOptions source;

    @Mixin
    private Sandbox sandbox;

    @Option(names = "--verbose", description = "Show all that the guest writes to its console, on standard error.")
    private boolean verbose;

    @Option(names = {"-q", "--quiet"}, description = "Show nothing but errors.")
    private boolean quiet;

    @Option(names = "--debug", description = "Show a stack trace with an error.")
    private boolean debug;

    /** @param confinement of this process */
    public BuildCommand(StandardStreams streams, Optional<Confinement> confinement) {
        this.streams = streams;
        this.confinement = confinement;
    }

    @Override
    public Integer call() {
        StandardErrorLogging.threshold(debug ? Level.DEBUG : Level.WARN);
        String called = ImageName.check(name);
        byte[] content = SeedFile.userData(recipe);
        ImageStore store = ImageStore.ofUser();
        StatusLine status = new StatusLine(streams.err(), quiet || verbose || !streams.errorIsTerminal() ? Style.SILENT : Style.REDRAWN, !quiet);
        OutputStream console = verbose ? streams.err() : OutputStream.nullOutputStream();
        Consumer<String> log = verbose ? status::note : _ -> {};
        try {
            StoredImage from = ImageOptions.find(base, source::packages, status);
            StoredImage made = new RecipeBuild(from, content, console, machine -> sandbox.enter(confinement, machine, List.of(store.folder()), log))
                    .build(called, store, status);
            status.end();
            streams.printed().println(made.id());
            return ExitStatus.OK;
        } finally {
            status.end();
        }
    }
}
