package org.lodgevm.cli.machines;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.manage.MachineStore;
import org.lodgevm.vm.guest.GuestFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge cp}. */
@Command(
        name = "cp",
        description = "Copies a file, or a folder with all that is in it, to a machine that runs or from there.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge cp web:/etc/os-release .",
            "  lodge cp src web:/root",
            "",
            "A file of the host whose name has a colon is written with a folder: ./a:b."
        })
public final class CopyCommand implements Callable<Integer> {
    private static final Pattern REMOTE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]+):(.*)");

    @Parameters(index = "0", paramLabel = "[MACHINE:]FROM", description = "What to copy.")
    private String from;

    @Parameters(index = "1", paramLabel = "[MACHINE:]TO", description = "Where to: a folder that exists, or the copy's name.")
    private String to;

    @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "180", description = "How long to wait for the guest to boot (${DEFAULT-VALUE}).")
    private int wait;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Matcher source = REMOTE.matcher(from);
        Matcher target = REMOTE.matcher(to);
        if (source.matches() == target.matches()) {
            throw new Failure(ExitStatus.USAGE, "one of both has to be in a machine, as in: lodge cp web:/etc/os-release .");
        }
        if (source.matches()) {
            files(source.group(1)).copyOut(source.group(2), Path.of(to));
        } else {
            files(target.group(1)).copyIn(Path.of(from), target.group(2).isEmpty() ? "." : target.group(2));
        }
        return ExitStatus.OK;
    }

    private GuestFiles files(String machine) {
        return MachineStore.ofUser().find(machine).control().shell(Duration.ofSeconds(wait)).files();
    }
}
