package org.lodgevm.cli.images;

import java.util.List;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.log.StandardErrorLogging;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.cli.terminal.StatusLine;
import org.lodgevm.image.guest.Distribution;
import org.lodgevm.image.guest.DistributionInstaller;
import org.lodgevm.image.store.ImageStore;
import org.lodgevm.image.store.StoredImage;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge pull}. */
@Command(
        name = "pull",
        description = "Makes an image of a distribution's packages: chosen, fetched and checked here, installed inside of a guest.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge pull debian:12",
            "  lodge pull debian:12 --with openssh-server,git --as work",
        })
public final class PullCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Parameters(paramLabel = "DISTRIBUTION", description = "debian:12, debian:13, debian:11, or by code name: debian:bookworm.")
    private String distribution;

    @Option(names = "--with", split = ",", paramLabel = "PACKAGE", description = "Further packages, separated by commas. Needs --as.")
    private List<String> with = List.of();

    @Option(names = "--as", paramLabel = "NAME", description = "What the image is to be called, instead of by the distribution's name.")
    private String name;

    @Option(names = "--refresh", description = "Make the image anew, of the archive's present packages, though there is one.")
    private boolean refresh;

    @Mixin
    private PackageOptions source;

    @Option(names = {"-q", "--quiet"}, description = "Show nothing but errors.")
    private boolean quiet;

    @Option(names = "--debug", description = "Show a stack trace with an error.")
    private boolean debug;

    public PullCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        StandardErrorLogging.threshold(debug ? Level.DEBUG : Level.WARN);
        Distribution wanted = Distribution.parse(distribution);
        String called = name == null ? wanted.toString() : ImageName.check(name);
        if (!with.isEmpty() && name == null) {
            throw new IllegalArgumentException("an image with further packages needs a name of its own; add --as NAME");
        }
        ImageStore store = ImageStore.ofUser();
        StatusLine status = new StatusLine(
                streams.err(), quiet ? StatusLine.Style.SILENT : streams.errorIsTerminal() ? StatusLine.Style.REDRAWN : StatusLine.Style.LINES, !quiet);
        try {
            DistributionInstaller installer = DistributionInstaller.of(source.packages(wanted), wanted).with(with);
            if (!refresh) {
                store.find(called).ifPresent(image -> status.note("%s was made at %s; --refresh looks for newer packages".formatted(
                        called, image.manifest().created())));
            }
            StoredImage image = refresh ? installer.install(called, store, status) : installer.obtain(called, store, status);
            status.end();
            streams.printed().println(image.id());
            return ExitStatus.OK;
        } finally {
            status.end();
        }
    }
}
