package org.lodgevm.cli;

import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.machines.MachineCompletion;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lodge completion}: a script that teaches a shell the options, and the names of machines. */
@Command(
        name = "completion",
        description = "Prints a script that completes lodge's commands, options and machines in bash, zsh or fish.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(lodge completion bash)",
            "  lodge completion zsh > ~/.lodge-completion; source ~/.lodge-completion",
            "  lodge completion fish > ~/.config/fish/completions/lodge.fish"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells that there are scripts for. */
    enum Shell {
        BASH,
        /** It emulates bash's completion, and has the same script. */
        ZSH,
        FISH
    }

    /** Names of machines, as they are when a key is pressed: without starting Java. */
    private static final String MACHINES = """
            function %s() {
              ls "${XDG_DATA_HOME:-$HOME/.local/share}/lodge/machines" 2>/dev/null
            }
            """.formatted(MachineCompletion.FUNCTION);

    @Parameters(arity = "0..1", defaultValue = "bash", paramLabel = "bash|zsh|fish", description = "The shell (${DEFAULT-VALUE}).")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine lodge = spec.root().commandLine();
        lodge.getOut().print(shell == Shell.FISH
                ? FishCompletion.of(lodge)
                : AutoComplete.bash(lodge.getCommandName(), lodge) + MACHINES);
        lodge.getOut().flush();
        return ExitStatus.OK;
    }
}
