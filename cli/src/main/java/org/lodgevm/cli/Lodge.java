package org.lodgevm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import org.lodgevm.cli.disasm.DisasmCommand;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.exit.Failure;
import org.lodgevm.cli.run.RunCommand;
import org.lodgevm.cli.terminal.StandardStreams;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** The {@code lodge} command. */
@Command(
        name = "lodge",
        description = "Runs x86-64 operating systems on any machine that has Java.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge run                       a Linux shell, from Debian's kernel",
            "  lodge run -- uname -a           one command in a fresh guest",
            "  lodge run --kernel bzImage --initrd rootfs.img --append console=ttyS0",
            "  lodge disasm 48 89 e5 c3        machine code as text",
            "",
            "Each command has its own help: lodge help run."
        })
public final class Lodge {
    private final StandardStreams streams;

    Lodge(StandardStreams streams) {
        this.streams = streams;
    }

    /** Runs the command and ends the JVM with its status. */
    public static void main(String[] args) {
        System.exit(new Lodge(StandardStreams.ofProcess()).execute(args));
    }

    /** @return the exit status */
    int execute(String... args) {
        return commandLine().execute(args);
    }

    private CommandLine commandLine() {
        return new CommandLine(this)
                .addSubcommand(new RunCommand(streams))
                .addSubcommand(new DisasmCommand(streams))
                .addSubcommand(new CompletionCommand())
                .addSubcommand(new HelpCommand())
                .setOut(new PrintWriter(streams.out(), true, UTF_8))
                .setErr(new PrintWriter(streams.err(), true, UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(this::explainUsage)
                .setExecutionExceptionHandler(this::explain)
                .setUsageHelpAutoWidth(true)
                .setStopAtPositional(true);
    }

    private int explainUsage(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        streams.err().println("lodge: %s; see: %s --help".formatted(
                problem.getMessage(), command.getCommandSpec().qualifiedName()));
        return ExitStatus.USAGE;
    }

    private int explain(Exception problem, CommandLine command, CommandLine.ParseResult arguments) {
        Failure failure = Failure.of(problem);
        streams.err().println("lodge: " + failure.getMessage());
        if (command.getParseResult().matchedOptionValue("--debug", false)) {
            problem.printStackTrace(streams.err());
        }
        return failure.status();
    }
}
