package org.lodgevm.cli;

import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lodge completion}: a script that teaches a shell the options. */
@Command(
        name = "completion",
        description = "Prints a script that completes lodge's options in a shell.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(lodge completion bash)",
            "  lodge completion zsh > ~/.lodge-completion; source ~/.lodge-completion"
        })
final class CompletionCommand implements Callable<Integer> {
    enum Shell {
        BASH,
        ZSH
    }

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Override
    public Integer call() {
        // One script serves both: in zsh it loads the emulation of bash's completion by itself.
        spec.commandLine().getOut().print(AutoComplete.bash("lodge", spec.root().commandLine()));
        spec.commandLine().getOut().flush();
        return ExitStatus.OK;
    }
}
