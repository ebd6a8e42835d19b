package org.lodgevm.cli;

import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lodge completion}: a script that teaches a shell the options. One serves all: zsh emulates bash's completion. */
@Command(
        name = "completion",
        description = "Prints a script that completes lodge's options in bash and zsh.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(lodge completion bash)",
            "  lodge completion zsh > ~/.lodge-completion; source ~/.lodge-completion"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells that the script serves. */
    enum Shell {
        BASH,
        ZSH
    }

    @SuppressWarnings("UnusedVariable") // read for the sake of refusing others
    @Parameters(arity = "0..1", paramLabel = "bash|zsh", description = "The shell; the script is the same.")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine lodge = spec.root().commandLine();
        lodge.getOut().print(AutoComplete.bash(lodge.getCommandName(), lodge));
        lodge.getOut().flush();
        return ExitStatus.OK;
    }
}
