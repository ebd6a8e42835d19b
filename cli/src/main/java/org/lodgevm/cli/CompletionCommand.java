package org.lodgevm.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lodgevm.cli.completion.ShellCompletion;
import org.lodgevm.cli.exit.ExitStatus;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lodge completion}: a script that teaches a shell the options, and the names of machines and images. */
@Command(
        name = "completion",
        description = "Prints a script that completes lodge's commands, options, machines and images in bash, zsh or fish.",
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

    @Parameters(arity = "0..1", defaultValue = "bash", paramLabel = "bash|zsh|fish", description = "The shell (${DEFAULT-VALUE}).")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine lodge = spec.root().commandLine();
        spellAsTyped(lodge);
        lodge.getOut().print(shell == Shell.FISH ? FishCompletion.of(lodge) : inBash(lodge));
        lodge.getOut().flush();
        return ExitStatus.OK;
    }

    private static String inBash(CommandLine lodge) {
        String script = AutoComplete.bash(lodge.getCommandName(), lodge);
        for (ShellCompletion words : ShellCompletion.ALL) {
            script = words.separately(script) + words.inBash();
        }
        return script;
    }

    /** Shells tell capitals from others, and nobody types the constants of an enumeration in capitals. */
    private static void spellAsTyped(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec option : List.copyOf(spec.options())) {
            if (option.type().isEnum()) {
                spec.remove(option);
                spec.addOption(OptionSpec.builder(option).completionCandidates(inLowerCase(option)).build());
            }
        }
        for (PositionalParamSpec parameter : List.copyOf(spec.positionalParameters())) {
            if (parameter.type().isEnum()) {
                spec.remove(parameter);
                spec.addPositional(PositionalParamSpec.builder(parameter).completionCandidates(inLowerCase(parameter)).build());
            }
        }
        command.getSubcommands().values().forEach(CompletionCommand::spellAsTyped);
    }

    private static List<String> inLowerCase(ArgSpec argument) {
        return Arrays.stream(argument.type().getEnumConstants()).map(constant -> constant.toString().toLowerCase(Locale.ROOT)).toList();
    }
}
