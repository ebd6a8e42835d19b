package org.lodgevm.cli.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lodgevm.cli.completion.ImageCompletion;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.machine.Confinement;
import org.lodgevm.manage.MachineFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lodge run}: boots a guest and joins it to our standard streams. */
@Command(
        name = "run",
        description = "Boots a guest on the terminal: Lodge's own small Linux, an image, or what --kernel or --bios names.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showEndOfOptionsDelimiterInUsageHelp = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the guest powered off, or was left with Ctrl-]",
            "N:of the command that ran in the guest",
            "2N+1:after the guest wrote N to the debug exit device at port 0xf4",
            "64:the command line makes no sense",
            "66:a file or a download is missing or not what it should be",
            "69:./lodge needs a JDK 25 or Maven, and did not find it",
            "70:a fault in Lodge itself",
            "74:the host cannot do it",
            "134:the guest crashed",
            "141:standard output was closed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge run                                a shell",
            "  lodge run -- uname -a                    a command; its output and exit status are ours",
            "  tar c src | lodge run -- sh -c 'tar x && ls src'",
            "  lodge run debian:12                      a shell in Debian, with systemd and a network",
            "  lodge run debian:12 -p 8080:80 -- python3 -m http.server 80",
            "  lodge run debian:12 -v ./src:/src -- make -C /src test",
            "  lodge run -d --name web debian:12 -p 8080:80",
            "  lodge run --kernel bzImage --initrd rootfs.img --append console=ttyS0 -m 1G --cpus 2",
            "  lodge run --kernel test.elf --trace int --trace-file trace.log"
        })
public final class RunCommand implements Callable<Integer> {
    private final StandardStreams streams;
    private final Optional<Confinement> confinement;
    private final Starter starter;

    @Mixin
    private MachineOptions machine;

    @Mixin
    private ImageOptions image;

    @Mixin
    private OutputOptions output;

    @Mixin
    private DebugOptions debugging;

    @Option(names = {"-d", "--detach"}, description = "Give the machine a name and a process of its own, and leave: lodge create and lodge start in one.")
    private boolean detach;

    @Option(names = "--name", paramLabel = "NAME", description = "With --detach: the machine's name; otherwise one is made up, and printed.")
    private String machineName;

    @Parameters(
            paramLabel = "[IMAGE] [-- COMMAND]",
            hideParamSyntax = true,
            completionCandidates = ImageCompletion.class,
            description = {
                "An image, such as debian:12, instead of Lodge's own guest; it is pulled if it was not yet.",
                "After --, what to run in the guest, with its arguments; a shell when there is none."
            })
    private List<String> words = List.of();

    @Spec
    private CommandSpec spec;

    /**
     * @param confinement of this process
     * @param starter of machines that have a name
     */
    public RunCommand(StandardStreams streams, Optional<Confinement> confinement, Starter starter) {
        this.streams = streams;
        this.confinement = confinement;
        this.starter = starter;
    }

    /** Starts a machine that has a name. */
    public interface Starter {
        void start(MachineFolder machine) throws Exception;
    }

    @Override
    public Integer call() throws Exception {
        output.applyToLog();
        output.check();
        debugging.check();
        machine.check();
        List<String> arguments = spec.commandLine().getParseResult().originalArgs();
        int separator = arguments.indexOf("--");
        int before = words.size() - (separator < 0 ? 0 : arguments.size() - separator - 1);
        if (before > 1) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "'%s' is one word too many; a command follows after --".formatted(words.get(1)));
        }
        String name = before == 0 ? null : words.getFirst();
        List<String> command = words.subList(before, words.size());
        if (machine.guestIsUsers() && !words.isEmpty()) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "'%s' can only be run in an image or Lodge's own guest; leave out --kernel and --bios, or the command".formatted(words.getFirst()));
        }
        if (detach) {
            return detach(name, command);
        }
        if (machineName != null) {
            throw new Failure(ExitStatus.USAGE, "--name is for a machine that goes on alone; add --detach");
        }
        if (machine.guestIsUsers()) {
            return new KernelRun(machine, output, debugging, streams, confinement).run();
        }
        if (machine.hasInitrd()) {
            throw new Failure(ExitStatus.USAGE, "an initial RAM disk needs the kernel that it is for; name it with --kernel");
        }
        return new SessionRun(machine, image, output, debugging, streams, confinement).run(name, command);
    }

    private int detach(String imageName, List<String> command) throws Exception {
        if (!command.isEmpty()) {
            throw new Failure(ExitStatus.USAGE, "'%s' cannot be run with --detach; start the machine, then: lodge exec NAME -- %s".formatted(
                    command.getFirst(), command.getFirst()));
        }
        MachineFolder made;
        try (Preparation preparation = new Preparation(streams, output.quiet())) {
            made = Creation.create(
                    machineName == null ? Creation.anyName() : machineName,
                    spec.commandLine().getParseResult(),
                    imageName == null ? null : image.find(imageName, preparation.progress()));
        }
        try {
            starter.start(made);
        } catch (Exception e) {
            made.remove(); // as if it had not been asked for
            throw e;
        }
        streams.out().write((made.name() + "\n").getBytes(UTF_8));
        return ExitStatus.OK;
    }
}
