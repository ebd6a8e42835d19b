package org.lodgevm.cli.machines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Callable;
import org.lodgevm.cli.exit.ExitStatus;
import org.lodgevm.cli.terminal.EscapeKey;
import org.lodgevm.cli.terminal.HostTerminal;
import org.lodgevm.cli.terminal.StandardStreams;
import org.lodgevm.manage.MachineFolder;
import org.lodgevm.manage.control.RemoteConsole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lodge console}. */
@Command(
        name = "console",
        description = "Joins this terminal to a machine's first serial port, beside others that are joined to it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Ctrl-] leaves it; the machine runs on."})
public final class ConsoleCommand implements Callable<Integer> {
    private static final int BUFFER = 4096;

    private final StandardStreams streams;

    @Mixin
    private MachineName name;

    @Option(
            names = "--scrollback",
            paramLabel = "BYTES",
            defaultValue = "4096",
            description = "How much of what was written before is shown (${DEFAULT-VALUE}).")
    private int scrollback;

    public ConsoleCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        MachineFolder machine = name.machine();
        try (RemoteConsole console = machine.control().console(scrollback);
                HostTerminal terminal = streams.inputIsTerminal() ? HostTerminal.takeOver(streams.in()) : null) {
            if (terminal != null) {
                streams.err().println("lodge: Ctrl-] leaves the console");
            }
            InputStream in = terminal == null ? streams.in() : new EscapeKey(terminal.keyboard(), console::close);
            Thread.ofPlatform().daemon().name("keyboard").start(() -> type(in, console));
            String end = show(console);
            if (end != null) {
                streams.err().println("lodge: machine '%s' has ended: %s".formatted(machine.name(), end));
            }
        }
        return ExitStatus.OK;
    }

    /** @return how the machine ended, or null if we left it */
    private String show(RemoteConsole console) throws IOException {
        try {
            return console.show(streams.out());
        } catch (ClosedChannelException left) {
            return null;
        }
    }

    private static void type(InputStream in, RemoteConsole console) {
        byte[] keys = new byte[BUFFER];
        try {
            for (int length = in.read(keys); length >= 0; length = in.read(keys)) {
                console.send(keys, length);
            }
        } catch (IOException gone) {
            // the console, or the terminal: no more keys
        }
    }
}
