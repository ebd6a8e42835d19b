package org.lodgevm.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.OSUtils;
import org.jline.utils.Signals;
import org.lodgevm.image.session.Window;

/**
 * The terminal that Lodge was started on, while a guest has it: every key goes to the guest, until {@link #close} gives
 * the terminal back as it was. A shutdown hook does the same when the JVM is told to end (SIGTERM, SIGHUP, SIGINT) or ends
 * by an error, and a {@link TerminalGuard} when it is not told.
 */
public final class HostTerminal implements AutoCloseable {
    private final Terminal terminal;
    private final InputStream keyboard;
    private final Attributes before;
    private final TerminalGuard guard;
    private final Thread restoreAtExit = new Thread(this::restore, "terminal");

    private HostTerminal(Terminal terminal, InputStream standardInput) throws IOException {
        this.terminal = terminal;
        this.guard = OSUtils.IS_WINDOWS ? null : TerminalGuard.post(); // there, a console is not a process's to leave behind
        // Elsewhere, JLine's own stream polls; on Windows it is what turns console events into bytes.
        this.keyboard = OSUtils.IS_WINDOWS ? terminal.input() : standardInput;
        this.before = terminal.getAttributes();
    }

    /** Takes the terminal over; the standard input must be one. */
    public static HostTerminal takeOver(InputStream standardInput) throws IOException {
        TerminalBuilder builder = TerminalBuilder.builder().system(true).dumb(false).nativeSignals(false);
        if (!OSUtils.IS_WINDOWS) {
            builder.provider("exec"); // by stty, which leaves alone what JLine's own calls forget: a serial line's speed
        }
        Terminal terminal = builder.build();
        HostTerminal host = new HostTerminal(terminal, standardInput);
        Runtime.getRuntime().addShutdownHook(host.restoreAtExit);
        host.makeRaw();
        Signals.register("CONT", host::makeRaw); // the shell had it meanwhile
        return host;
    }

    public InputStream keyboard() {
        return keyboard;
    }

    public Window size() {
        Size size = terminal.getSize();
        return size.getRows() > 0 && size.getColumns() > 0 ? new Window(size.getRows(), size.getColumns()) : Window.DEFAULT;
    }

    public void onResize(Consumer<Window> listener) {
        Signals.register("WINCH", () -> listener.accept(size()));
    }

    /** Output processing stays on, as QEMU leaves it: a guest that ends its lines by LF alone is readable. */
    private void makeRaw() {
        Attributes raw = new Attributes(before);
        raw.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.IEXTEN, LocalFlag.ISIG), false);
        raw.setInputFlags(
                EnumSet.of(
                        InputFlag.BRKINT, InputFlag.ICRNL, InputFlag.INLCR, InputFlag.IGNCR, InputFlag.ISTRIP,
                        InputFlag.IXON, InputFlag.IXOFF, InputFlag.PARMRK),
                false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        terminal.setAttributes(raw);
    }

    private void restore() {
        terminal.setAttributes(before);
    }

    @Override
    public void close() {
        restore();
        if (guard != null) {
            guard.close();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(restoreAtExit);
        } catch (IllegalStateException shuttingDown) {
            // it runs, and does no harm
        }
    }
}
