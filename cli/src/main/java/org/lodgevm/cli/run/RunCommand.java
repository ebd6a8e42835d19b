package org.lodgevm.cli.run;

import java.util.List;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.terminal.StandardStreams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lodge run}: boots a guest and joins it to our standard streams. */
@Command(
        name = "run",
        description = "Boots a guest on the terminal: Lodge's own small Linux, or what --kernel or --bios names.",
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
            paramLabel = "COMMAND",
            description = "What to run in Lodge's own guest, with its arguments; a shell when there is none.")
    private List<String> command = List.of();

    public RunCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        output.applyToLog();
        output.check();
        if (machine.guestIsUsers() && !command.isEmpty()) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "'%s' can only be run in Lodge's own guest; leave out --kernel and --bios, or the command".formatted(command.getFirst()));
        }
        if (machine.guestIsUsers()) {
            return new KernelRun(machine, output, streams).run();
        }
        if (machine.hasInitrd()) {
            throw new Failure(ExitStatus.USAGE, "an initial RAM disk needs the kernel that it is for; name it with --kernel");
        }
        return new SessionRun(machine, image, output, streams).run(command);
    }
}
