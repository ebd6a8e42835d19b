package org.lodgevm.cli.machines;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.EscapeKey;
import org.lodgevm.cli.terminal.HostTerminal;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.image.session.Window;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.vm.guest.GuestCommand;
import org.lodgevm.vm.guest.GuestException;
import org.lodgevm.vm.guest.GuestProcess;
import org.lodgevm.vm.guest.TerminalSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lodge exec}. */
@Command(
        name = "exec",
        description = "Runs a command in a machine that runs: its streams are ours, and its exit status.",
        mixinStandardHelpOptions = true,
        showEndOfOptionsDelimiterInUsageHelp = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge exec web -- uname -a",
            "  lodge exec web                           a shell; Ctrl-] leaves it",
            "  tar c src | lodge exec web -- tar x -C /tmp",
            "",
            "It needs Lodge's agent in the guest, which Lodge's own guests have."
        })
public final class ExecCommand implements Callable<Integer> {
    private static final int BUFFER = 1 << 15;
    private static final List<String> SHELL = List.of("sh", "-l");

    private final StandardStreams streams;

    @Mixin
    private MachineName name;

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "What to run, with its arguments; a shell when there is none.")
    private List<String> command = List.of();

    @Option(names = {"-e", "--env"}, paramLabel = "NAME=VALUE", description = "A variable that the command gets. May be repeated.")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(names = {"-w", "--workdir"}, paramLabel = "FOLDER", defaultValue = GuestCommand.HOME, description = "Where it starts; the home folder of the guest's root by default.")
    private String folder;

    @Option(names = {"-T", "--no-terminal"}, description = "Pipes for the command, even on a terminal.")
    private boolean pipes;

    @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "180", description = "How long to wait for the guest to boot (${DEFAULT-VALUE}).")
    private int wait;

    public ExecCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        MachineFolder machine = name.machine();
        GuestCommand plan = new GuestCommand(words(), environment, folder, Optional.empty());
        boolean interactive = !pipes && streams.inputIsTerminal() && streams.outputIsTerminal();
        try (HostTerminal terminal = interactive ? HostTerminal.takeOver(streams.in()) : null) {
            if (terminal != null) {
                plan = plan.onTerminal(size(terminal.size())).with("TERM", System.getenv().getOrDefault("TERM", "vt100"));
            }
            try (GuestProcess process = machine.control().shell(Duration.ofSeconds(wait)).start(plan)) {
                return terminal == null ? join(process, streams.in()) : join(process, terminal);
            }
        }
    }

    /** What comes after the machine's name is not read for options, so a {@code --} between the two is found here. */
    List<String> words() {
        boolean separated = !command.isEmpty() && command.getFirst().equals("--");
        List<String> words = separated ? command.subList(1, command.size()) : command;
        return words.isEmpty() ? SHELL : words;
    }

    private static TerminalSize size(Window window) {
        return new TerminalSize(window.rows(), window.columns());
    }

    private int join(GuestProcess process, HostTerminal terminal) throws IOException, InterruptedException {
        AtomicBoolean left = new AtomicBoolean();
        terminal.onResize(window -> process.resize(size(window)));
        try {
            return join(process, new EscapeKey(terminal.keyboard(), () -> {
                left.set(true);
                process.close();
            }));
        } catch (GuestException e) {
            if (left.get()) {
                return ExitStatus.OK;
            }
            throw e;
        }
    }

    private int join(GuestProcess process, InputStream in) throws IOException, InterruptedException {
        Thread.ofPlatform().daemon().name("stdin").start(() -> feed(in, process));
        Thread errors = Thread.ofPlatform().daemon().name("stderr").start(() -> copy(process.stderr(), streams.err(), process));
        copy(process.stdout(), streams.out(), process);
        errors.join();
        return process.waitFor();
    }

    private static void feed(InputStream in, GuestProcess process) {
        byte[] buffer = new byte[BUFFER];
        try (OutputStream stdin = process.stdin()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                stdin.write(buffer, 0, length);
            }
        } catch (IOException over) {
            // the command takes no more, or there is no more
        }
    }

    /** When nobody reads ours, the command's is a broken pipe, too. */
    private static void copy(InputStream from, OutputStream to, GuestProcess process) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                try {
                    to.write(buffer, 0, length);
                    to.flush();
                } catch (IOException e) {
                    process.signal("PIPE");
                    return;
                }
            }
        } catch (IOException gone) {
            // the guest: waiting for the command tells
        }
    }
}
