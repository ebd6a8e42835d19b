package org.lodgevm.vm.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A command that runs in a guest. Its output waits until it is read: whoever reads nothing stops the command, and no other. */
public interface GuestProcess extends AutoCloseable {
    /** What it reads; closing it is the end of the input. A write waits until the command wants it. */
    OutputStream stdin();

    /** What it writes; on a terminal, both streams of it. */
    InputStream stdout();

    /** What it writes to standard error; empty on a terminal. */
    InputStream stderr();

    /**
     * Waits for its end. Output may still have to be read then.
     *
     * @return the status as a shell gives it: 128 and the signal's number if that ended it
     * @throws GuestException if the guest went away first
     */
    int waitFor() throws IOException, InterruptedException;

    /**
     * Signals the command and its children. On a terminal it is the guest that makes signals, of what is typed.
     *
     * @param name without "SIG": {@code INT}, {@code TERM}
     */
    void signal(String name);

    /** Its terminal has another size now. */
    void resize(TerminalSize size);

    /** Ends it, if it still runs, and forgets what it wrote. */
    @Override
    void close();
}
