package org.lodgevm.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.lodgevm.machine.HostFunction;

/**
 * What Lodge was started with.
 *
 * @param out unbuffered, so that a failure to write is seen at once
 * @param terminals which of them are terminals
 */
public record StandardStreams(InputStream in, OutputStream out, PrintStream err, Terminals terminals) {
    /** Which standard streams are terminals. */
    public interface Terminals {
        Terminals NONE = stream -> false;

        boolean isTerminal(SystemStream stream);

        /** Asks the operating system: its C library, as JLine takes tens of milliseconds to do the same; JLine where that has no such function. */
        static Terminals ofProcess() {
            return HostFunction.find("isatty").<Terminals>map(isatty -> stream -> isatty.callInt(stream.ordinal()) == 1).orElseGet(Terminals::ofJline);
        }

        private static Terminals ofJline() {
            for (String name : new String[] {"ffm", "exec"}) {
                try {
                    return TerminalProvider.load(name)::isSystemStream;
                } catch (IOException e) {
                    // not on this operating system
                }
            }
            return NONE;
        }
    }

    /** The process's own. */
    public static StandardStreams ofProcess() {
        return new StandardStreams(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                System.err,
                stream -> Terminals.ofProcess().isTerminal(stream));
    }

    public boolean inputIsTerminal() {
        return terminals.isTerminal(SystemStream.Input);
    }

    public boolean outputIsTerminal() {
        return terminals.isTerminal(SystemStream.Output);
    }

    public boolean errorIsTerminal() {
        return terminals.isTerminal(SystemStream.Error);
    }

    /** Standard output, for text. */
    public PrintStream printed() {
        return new PrintStream(out, true, UTF_8);
    }
}
