package org.lodgevm.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import org.lodgevm.image.session.Window;

/** A terminal with settings that {@code stty} changes. */
final class UnixTerminal extends HostTerminal {
    private final InputStream keyboard;
    private final TerminalGuard guard = TerminalGuard.post();

    UnixTerminal(InputStream standardInput) throws IOException {
        keyboard = standardInput;
    }

    @Override
    public InputStream keyboard() {
        return keyboard;
    }

    @Override
    public Window size() {
        return guard.size();
    }

    @Override
    void makeRaw() {
        guard.makeRaw();
    }

    @Override
    void restore() {
        guard.restore();
    }

    @Override
    void release() {
        guard.close();
    }
}
