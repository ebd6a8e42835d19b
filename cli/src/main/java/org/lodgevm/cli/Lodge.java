package org.lodgevm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.lodgevm.cli.disasm.DisasmCommand;
import org.lodgevm.cli.doctor.DoctorCommand;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.image.ImageCommand;
import org.lodgevm.cli.images.ImagesCommand;
import org.lodgevm.cli.images.PruneCommand;
import org.lodgevm.cli.images.PullCommand;
import org.lodgevm.cli.images.RemoveImageCommand;
import org.lodgevm.cli.machines.ConsoleCommand;
import org.lodgevm.cli.machines.CopyCommand;
import org.lodgevm.cli.machines.ExecCommand;
import org.lodgevm.cli.machines.ForkCommand;
import org.lodgevm.cli.machines.InspectCommand;
import org.lodgevm.cli.machines.ListCommand;
import org.lodgevm.cli.machines.LogsCommand;
import org.lodgevm.cli.machines.MigrateCommand;
import org.lodgevm.cli.machines.PauseCommand;
import org.lodgevm.cli.machines.RemoveCommand;
import org.lodgevm.cli.machines.RestartCommand;
import org.lodgevm.cli.machines.ResumeCommand;
import org.lodgevm.cli.machines.ServeMigrationCommand;
import org.lodgevm.cli.machines.SnapshotCommand;
import org.lodgevm.cli.machines.StartCommand;
import org.lodgevm.cli.machines.StopCommand;
import org.lodgevm.cli.run.BuildCommand;
import org.lodgevm.cli.run.CreateCommand;
import org.lodgevm.cli.run.ReceiveCommand;
import org.lodgevm.cli.run.RunCommand;
import org.lodgevm.cli.run.SuperviseCommand;
import org.lodgevm.cli.terminal.StandardOutput;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.machine.Confinement;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code lodge} command. */
@Command(
        name = "lodge",
        description = "Runs x86-64 operating systems on any machine that has Java.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.Provider.class,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge run                       a Linux shell, from Debian's kernel",
            "  lodge run -- uname -a           one command in a fresh guest",
            "  lodge run --kernel bzImage --initrd rootfs.img --append console=ttyS0",
            "  lodge create web -p 8080:80; lodge start web; lodge exec web -- uname -a",
            "  lodge disasm 48 89 e5 c3        machine code as text",
            "  lodge image info disk.qcow2     what a disk image is",
            "",
            "Each command has its own help: lodge help run."
        })
public final class Lodge {
    /** More than these would be a list, which the help has. */
    private static final int SUGGESTIONS = 2;

    private final StandardStreams streams;
    private final StandardOutput out;
    private final Optional<Confinement> confinement;

    /** @param confinement of this process, when a machine runs in it */
    Lodge(StandardStreams streams, Optional<Confinement> confinement) {
        this.confinement = confinement;
        this.out = new StandardOutput(streams.out());
        this.streams = new StandardStreams(streams.in(), out, streams.err(), streams.terminals());
    }

    /** Runs the command and ends the JVM with its status. */
    public static void main(String[] args) {
        System.exit(new Lodge(StandardStreams.ofProcess(), ServiceLoader.load(Confinement.class).findFirst()).execute(args));
    }

    /** @return the exit status */
    int execute(String... args) {
        int status = commandLine().execute(args);
        return out.problem().map(Failure::ofOutput).map(this::tell).orElse(status);
    }

    private CommandLine commandLine() {
        CommandLine image = ImageCommand.of(streams);
        CommandLine snapshot = SnapshotCommand.of(streams);
        CommandLine lodge = new CommandLine(this)
                .addSubcommand(new RunCommand(streams, confinement, machine -> StartCommand.start(machine, streams, false)))
                .addSubcommand(new PullCommand(streams))
                .addSubcommand(new BuildCommand(streams, confinement))
                .addSubcommand(new ImagesCommand(streams))
                .addSubcommand(new RemoveImageCommand(streams))
                .addSubcommand(new PruneCommand(streams))
                .addSubcommand(new CreateCommand(streams))
                .addSubcommand(new StartCommand(streams))
                .addSubcommand(new StopCommand())
                .addSubcommand(new RestartCommand(streams))
                .addSubcommand(new PauseCommand())
                .addSubcommand(new ResumeCommand())
                .addSubcommand(new ListCommand(streams))
                .addSubcommand(new InspectCommand(streams))
                .addSubcommand(new LogsCommand(streams))
                .addSubcommand(new ConsoleCommand(streams))
                .addSubcommand(new ExecCommand(streams))
                .addSubcommand(new CopyCommand())
                .addSubcommand(snapshot)
                .addSubcommand(new ForkCommand())
                .addSubcommand(new RemoveCommand())
                .addSubcommand(new MigrateCommand(streams))
                .addSubcommand(new ServeMigrationCommand(streams))
                .addSubcommand(new SuperviseCommand(streams, confinement))
                .addSubcommand(new ReceiveCommand(streams, confinement))
                .addSubcommand(new DisasmCommand(streams))
                .addSubcommand(image)
                .addSubcommand(new DoctorCommand())
                .addSubcommand(new CompletionCommand())
                .addSubcommand(new VersionCommand())
                .addSubcommand(new HelpCommand())
                .setOut(new PrintWriter(streams.out(), true, UTF_8))
                .setErr(new PrintWriter(streams.err(), true, UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(this::explainUsage)
                .setExecutionExceptionHandler(this::explain)
                .setUsageHelpAutoWidth(true)
                .setStopAtPositional(true);
        image.setStopAtPositional(false);
        snapshot.setStopAtPositional(false);
        // Their options may follow a name: a command's own arguments, where there is one, follow after --.
        for (String name : List.of("run", "pull", "build", "create", "start", "stop", "restart", "pause", "resume", "ls", "inspect", "logs", "console", "cp", "rm", "fork", "migrate", "serve-migration")) {
            lodge.getSubcommands().get(name).setStopAtPositional(false);
        }
        return lodge;
    }

    private int explainUsage(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        String message = problem instanceof UnmatchedArgumentException unmatched ? explainUnmatched(unmatched) : problem.getMessage();
        streams.err().println("lodge: %s; see: %s --help".formatted(
                message.replaceFirst("\\.$", ""), command.getCommandSpec().qualifiedName()));
        return ExitStatus.USAGE;
    }

    private static String explainUnmatched(UnmatchedArgumentException problem) {
        String argument = problem.getUnmatched().getFirst();
        boolean command = !problem.getCommandLine().getSubcommands().isEmpty();
        if (!problem.isUnknownOption()) {
            return command
                    ? "there is no command '%s', only %s".formatted(argument, String.join(", ", names(problem.getCommandLine())))
                    : "'%s' is one argument too many".formatted(argument);
        }
        List<String> similar = problem.getSuggestions().stream().limit(SUGGESTIONS).toList();
        return "there is no option '%s'%s".formatted(
                argument, similar.isEmpty() ? "" : " (did you mean %s?)".formatted(String.join(" or ", similar)));
    }

    private static List<String> names(CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .filter(subcommand -> !subcommand.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    private int explain(Exception problem, CommandLine command, CommandLine.ParseResult arguments) {
        if (out.problem().isPresent()) {
            return ExitStatus.HOST; // of which this is a consequence
        }
        int status = tell(Failure.of(problem));
        if (command.getParseResult().matchedOptionValue("--debug", false)) {
            problem.printStackTrace(streams.err());
        }
        return status;
    }

    private int tell(Failure failure) {
        if (failure.status() != ExitStatus.BROKEN_PIPE) {
            streams.err().println("lodge: " + failure.getMessage());
        }
        return failure.status();
    }
}
