package org.lodgevm.cli.terminal;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Restores the terminal when this process ends without having done so: killed by SIGKILL, or by a fault of the JVM. It is
 * a shell that waits at a pipe, of which the other end is ours; the system closes that on every way out.
 *
 * <p>A shell with job control does the same for its jobs. Where it was faster, it has the terminal, and the guard's
 * {@code stty} fails as one of the background.
 */
final class TerminalGuard implements AutoCloseable {
    private static final String SCRIPT =
            "saved=$(stty -g </dev/tty) && echo ready && { read -r _ || stty \"$saved\" </dev/tty; } 2>/dev/null";

    private final OutputStream pipe;

    private TerminalGuard(OutputStream pipe) {
        this.pipe = pipe;
    }

    /** On return it knows the terminal's settings, and they may be changed. */
    static TerminalGuard post() throws IOException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", SCRIPT).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        shell.getInputStream().read(); // its answer, or its end where there is no such terminal: then nothing is guarded
        return new TerminalGuard(shell.getOutputStream());
    }

    /** Dismisses the guard. */
    @Override
    public void close() {
        try (pipe) {
            pipe.write('\n');
        } catch (IOException gone) {
            // so is the need for it
        }
    }
}
