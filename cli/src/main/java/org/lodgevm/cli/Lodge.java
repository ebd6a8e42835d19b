package org.lodgevm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import org.lodgevm.cli.disasm.DisasmCommand;
import org.lodgevm.cli.doctor.DoctorCommand;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.image.ImageCommand;
import org.lodgevm.cli.images.ImagesCommand;
import org.lodgevm.cli.images.PruneCommand;
import org.lodgevm.cli.images.PullCommand;
import org.lodgevm.cli.images.RemoveImageCommand;
import org.lodgevm.cli.machines.BalloonCommand;
import org.lodgevm.cli.machines.ConsoleCommand;
import org.lodgevm.cli.machines.CopyCommand;
import org.lodgevm.cli.machines.ExecCommand;
import org.lodgevm.cli.machines.ForkCommand;
import org.lodgevm.cli.machines.InspectCommand;
import org.lodgevm.cli.machines.ListCommand;
import org.lodgevm.cli.machines.LogsCommand;
import org.lodgevm.cli.machines.MigrateCommand;
import org.lodgevm.cli.machines.PauseCommand;
import org.lodgevm.cli.machines.ProtectCommand;
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
import org.lodgevm.cli.run.SwitchCommand;
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

    /** What is asked of no command. */
    private static final Set<String> OF_NONE = Set.of("--version", "-V");

    /** Commands that tell of all others. */
    private static final Set<String> OF_ALL = Set.of("help", "completion");

    /** Commands whose process a machine runs in. */
    private static final Set<String> OF_MACHINES = Set.of("run", "supervise", "receive");

    /** Commands whose options may follow a name: a command's own arguments, where there is one, follow after --. */
    private static final Set<String> FREE_ORDER = Set.of(
            "run", "pull", "build", "create", "start", "stop", "restart", "pause", "resume", "ls", "balloon", "inspect", "logs", "console", "cp", "rm", "fork", "switch", "migrate", "protect", "serve-migration",
            "image", "snapshot");

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
        int status = new Lodge(StandardStreams.ofProcess(), ServiceLoader.load(Confinement.class).findFirst()).execute(args);
        if (status != ExitStatus.OK) {
            System.exit(status); // which looks into every jar for somebody who writes that down: not for each command that is well
        }
    }

    /** @return the exit status */
    int execute(String... args) {
        int status = executeCommand(args);
        return out.problem().map(Failure::ofOutput).map(this::tell).orElse(status);
    }

    private int executeCommand(String... args) {
        String name = args.length == 0 ? "" : args[0];
        if (OF_NONE.contains(name)) {
            return configured(new CommandLine(this)).execute(args);
        }
        Supplier<Object> command = OF_ALL.contains(name) ? null : commands().get(name);
        return command == null ? all().execute(args) : alone(name, command.get()).execute(Arrays.copyOfRange(args, 1, args.length));
    }

    /** By their names, in the order of the help. */
    private Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("run", () -> new RunCommand(streams, confinement, machine -> StartCommand.start(machine, streams, false)));
        all.put("pull", () -> new PullCommand(streams));
        all.put("build", () -> new BuildCommand(streams, confinement));
        all.put("images", () -> new ImagesCommand(streams));
        all.put("rmi", () -> new RemoveImageCommand(streams));
        all.put("prune", () -> new PruneCommand(streams));
        all.put("create", () -> new CreateCommand(streams));
        all.put("start", () -> new StartCommand(streams));
        all.put("stop", () -> new StopCommand());
        all.put("restart", () -> new RestartCommand(streams));
        all.put("pause", () -> new PauseCommand());
        all.put("resume", () -> new ResumeCommand());
        all.put("ls", () -> new ListCommand(streams));
        all.put("balloon", () -> new BalloonCommand(streams));
        all.put("inspect", () -> new InspectCommand(streams));
        all.put("logs", () -> new LogsCommand(streams));
        all.put("console", () -> new ConsoleCommand(streams));
        all.put("exec", () -> new ExecCommand(streams));
        all.put("cp", () -> new CopyCommand());
        all.put("snapshot", () -> SnapshotCommand.of(streams));
        all.put("fork", () -> new ForkCommand());
        all.put("rm", () -> new RemoveCommand());
        all.put("switch", () -> new SwitchCommand(streams));
        all.put("migrate", () -> new MigrateCommand(streams));
        all.put("protect", () -> new ProtectCommand(streams));
        all.put("serve-migration", () -> new ServeMigrationCommand(streams));
        all.put("supervise", () -> new SuperviseCommand(streams, confinement));
        all.put("receive", () -> new ReceiveCommand(streams, confinement));
        all.put("disasm", () -> new DisasmCommand(streams));
        all.put("image", () -> ImageCommand.of(streams));
        all.put("doctor", () -> new DoctorCommand());
        all.put("completion", () -> new CompletionCommand());
        all.put("version", () -> new VersionCommand());
        all.put("help", () -> new HelpCommand());
        return all;
    }

    /** The command that is asked for, by itself: to describe all of them takes longer than to start the JVM. */
    private CommandLine alone(String name, Object command) {
        new ReadAhead(command.getClass(), OF_MACHINES.contains(name), confinement).start();
        CommandLine alone = command instanceof CommandLine described ? described : new CommandLine(command);
        return configured(alone).setCommandName("lodge " + name).setStopAtPositional(!FREE_ORDER.contains(name));
    }

    /** All commands, for whoever wants to be told of them. */
    private CommandLine all() {
        CommandLine lodge = new CommandLine(this);
        commands().forEach((name, command) -> lodge.addSubcommand(name, command.get()));
        configured(lodge).setStopAtPositional(true);
        lodge.getSubcommands().forEach((name, command) -> command.setStopAtPositional(!FREE_ORDER.contains(name)));
        return lodge;
    }

    private CommandLine configured(CommandLine command) {
        return command.setOut(new PrintWriter(streams.out(), true, UTF_8))
                .setErr(new PrintWriter(streams.err(), true, UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(this::explainUsage)
                .setExecutionExceptionHandler(this::explain)
                .setUsageHelpAutoWidth(true);
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
