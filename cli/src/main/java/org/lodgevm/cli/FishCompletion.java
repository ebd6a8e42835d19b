package org.lodgevm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lodgevm.cli.completion.ShellCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A script for fish: a line for each command, option and place of a machine or an image. */
final class FishCompletion {
    private final List<String> lines = new ArrayList<>();
    private final String program;

    private FishCompletion(String program) {
        this.program = program;
    }

    static String of(CommandLine root) {
        FishCompletion script = new FishCompletion(root.getCommandName());
        script.describe(root.getCommandSpec(), "__fish_use_subcommand", true);
        return ShellCompletion.ALL.stream().map(ShellCompletion::inFish).collect(Collectors.joining()) + String.join("\n", script.lines) + "\n";
    }

    /** @param when the condition under which this command is being typed; of the root, that no other is yet */
    private void describe(CommandSpec command, String when, boolean root) {
        command.options().stream().filter(option -> !option.hidden()).forEach(option -> describe(option, when));
        for (CommandLine subcommand : command.subcommands().values()) {
            CommandSpec inner = subcommand.getCommandSpec();
            if (!inner.usageMessage().hidden()) {
                add(when, "-f -a", inner.name(), first(inner.usageMessage().description()));
                if (root) {
                    describe(inner, "__fish_seen_subcommand_from " + inner.name(), false);
                }
            }
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            if (parameter.completionCandidates() instanceof ShellCompletion words) {
                add(when, "-f -a", "(" + words.function() + ")", words.what());
            }
        }
    }

    private void describe(OptionSpec option, String when) {
        StringBuilder names = new StringBuilder(option.arity().max() > 0 ? "-r" : "-f");
        for (String name : option.names()) {
            names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.completionCandidates() != null) {
            names.append(" -f -a ").append(quote(option.completionCandidates() instanceof ShellCompletion words
                    ? "(" + words.function() + ")" : String.join(" ", option.completionCandidates())));
        }
        lines.add("complete -c %s -n %s %s -d %s".formatted(program, quote(when), names, quote(first(option.description()))));
    }

    private void add(String when, String kind, String what, String description) {
        lines.add("complete -c %s -n %s %s %s -d %s".formatted(program, quote(when), kind, quote(what), quote(description)));
    }

    /** What is known of it in one sentence. */
    private static String first(String... description) {
        return Stream.of(description).findFirst().orElse("").replaceFirst("[.:;(].*", "").replace("%n", " ").strip();
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
