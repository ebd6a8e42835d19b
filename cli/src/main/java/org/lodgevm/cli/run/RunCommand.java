package org.lodgevm.cli.run;

import java.util.List;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.terminal.StandardStreams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            "  lodge run --kernel bzImage --initrd rootfs.img --append console=ttyS0 -m 1G --cpus 2",
            "  lodge run --kernel test.elf --trace int --trace-file trace.log"
        })
public final class RunCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private MachineOptions machine;

    @Mixin
    private ImageOptions image;

    @Mixin
    private OutputOptions output;

    @Parameters(
            paramLabel = "[IMAGE] [-- COMMAND]",
            hideParamSyntax = true,
            description = {
                "An image, such as debian:12, instead of Lodge's own guest; it is pulled if it was not yet.",
                "After --, what to run in the guest, with its arguments; a shell when there is none."
            })
    private List<String> words = List.of();

    @Spec
    private CommandSpec spec;

    public RunCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        output.applyToLog();
        output.check();
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
        if (machine.guestIsUsers()) {
            return new KernelRun(machine, output, streams).run();
        }
        if (machine.hasInitrd()) {
            throw new Failure(ExitStatus.USAGE, "an initial RAM disk needs the kernel that it is for; name it with --kernel");
        }
        return new SessionRun(machine, image, output, streams).run(name, command);
    }
}
