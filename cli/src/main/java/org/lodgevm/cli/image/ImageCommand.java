package org.lodgevm.cli.image;

import org.lodgevm.cli.terminal.StandardStreams;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lodge image}. */
@Command(
        name = "image",
        description = "Makes, converts and examines disk images.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  lodge image create -f qcow2 disk.qcow2 20G",
            "  lodge image create -f qcow2 -b base.qcow2 overlay.qcow2",
            "  lodge image convert -O vmdk -o subformat=streamOptimized disk.qcow2 disk.vmdk",
            "  lodge image info --backing-chain overlay.qcow2",
            "",
            "An image is a file or nbd://HOST[:PORT][/EXPORT][?timeout=SECONDS]."
        })
public final class ImageCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** The command with its subcommands, whose options may stand anywhere. */
    public static CommandLine of(StandardStreams streams) {
        return new CommandLine(new ImageCommand())
                .addSubcommand(new CreateCommand(streams))
                .addSubcommand(new ConvertCommand(streams))
                .addSubcommand(new InfoCommand(streams))
                .addSubcommand(new CheckCommand(streams))
                .addSubcommand(new CommandLine(new ResizeCommand(streams)).setUnmatchedOptionsArePositionalParams(true)) // -1G
                .addSubcommand(new SnapshotCommand(streams))
                .addSubcommand(new CompareCommand(streams))
                .addSubcommand(new CommitCommand(streams))
                .addSubcommand(new MapCommand(streams))
                .addSubcommand(new ServeCommand(streams));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what is to be done? Name one of " + String.join(", ", spec.subcommands().keySet()));
    }
}
