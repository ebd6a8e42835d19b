package org.lodgevm.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.jline.utils.OSUtils;
import org.jline.utils.Signals;
import org.lodgevm.image.session.Window;

/**
 * The terminal that Lodge was started on, while a guest has it: every key goes to the guest, until {@link #close} gives
 * the terminal back as it was. A shutdown hook does the same when the JVM is told to end (SIGTERM, SIGHUP, SIGINT) or ends
 * by an error, and a {@link TerminalGuard} when it is not told.
 */
public abstract class HostTerminal implements AutoCloseable {
    private final Thread restoreAtExit = new Thread(this::restore, "terminal");

    /** Takes the terminal over; the standard input must be one. */
    public static HostTerminal takeOver(InputStream standardInput) throws IOException {
        HostTerminal host = OSUtils.IS_WINDOWS ? new WindowsConsole() : new UnixTerminal(standardInput);
        Runtime.getRuntime().addShutdownHook(host.restoreAtExit);
        host.makeRaw();
        Signals.register("CONT", host::makeRaw); // the shell had it meanwhile
        return host;
    }

    public abstract InputStream keyboard();

    public abstract Window size();

    abstract void makeRaw();

    abstract void restore();

    /** Nobody wants anything of it any more. */
    abstract void release();

    public final void onResize(Consumer<Window> listener) {
        Signals.register("WINCH", () -> listener.accept(size()));
    }

    @Override
    public final void close() {
        restore();
        release();
        try {
            Runtime.getRuntime().removeShutdownHook(restoreAtExit);
        } catch (IllegalStateException shuttingDown) {
            // it runs, and does no harm
        }
    }
}
