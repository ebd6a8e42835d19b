package org.lodgevm.image.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import org.lodgevm.image.session.GuestMessage.Exit;
import org.lodgevm.image.session.GuestMessage.Hello;
import org.lodgevm.image.session.GuestMessage.More;
import org.lodgevm.image.session.GuestMessage.Noise;

/** The host's end of a {@link RunPlan}'s run. See the package for the protocol. */
public final class ConsoleProtocol {
    /** Version that the guest must speak. */
    private static final String VERSION = "1";
    /** Small enough for the input buffer of any Linux, large enough that asking for it is no cost. */
    private static final int BLOCK = 32 * 1024;

    private final UartStreams data;
    private final UartStreams errors;
    private final UartStreams control;
    private final boolean terminal;
    private final Semaphore blocksWanted = new Semaphore(0);

    private boolean started;
    private Window window;

    /** @param data the guest's ttyS1, {@code errors} its ttyS2, {@code control} its ttyS3 */
    public ConsoleProtocol(UartStreams data, UartStreams errors, UartStreams control, RunPlan plan) {
        this.data = data;
        this.errors = errors;
        this.control = control;
        this.terminal = plan.terminal().isPresent();
    }

    /**
     * Carries the session until the command has ended and all its output is written.
     *
     * <p>Standard input is read only when the guest wants it, by a daemon thread that may stay blocked in a read after
     * this method has returned. When an output cannot be written any more, the command gets SIGPIPE.
     *
     * @return the command's exit status, or nothing if the guest went away without telling one
     * @throws IOException if the guest speaks another version of the protocol, or a message cannot be delivered
     */
    public OptionalInt run(InputStream stdin, OutputStream stdout, OutputStream stderr)
            throws IOException, InterruptedException {
        OutputLine out = new OutputLine(data.fromGuest(), stdout, this::brokenPipe);
        OutputLine err = new OutputLine(errors.fromGuest(), stderr, this::brokenPipe);
        InputStream messages = new BufferedInputStream(control.fromGuest());
        Thread input = Thread.ofPlatform().daemon().name("stdin").unstarted(() -> feed(stdin));
        for (GuestMessage message = GuestMessage.read(messages);
                message != null;
                message = GuestMessage.read(messages)) {
            switch (message) {
                case Hello(String version) -> {
                    checkVersion(version);
                    blocksWanted.drainPermits();
                    out.restart();
                    err.restart();
                    start();
                    if (input.getState() == Thread.State.NEW) {
                        input.start();
                    }
                }
                case More() -> wantBlock();
                case Exit(int status, long dataSent, long errorsSent) -> {
                    out.awaitTotal(dataSent);
                    err.awaitTotal(errorsSent);
                    return OptionalInt.of(status);
                }
                case Noise() -> {}
            }
        }
        out.awaitEnd();
        err.awaitEnd();
        return OptionalInt.empty();
    }

    /** Tells the guest that its terminal has another size now. */
    public synchronized void resize(int rows, int columns) throws IOException {
        window = new Window(rows, columns);
        if (started) {
            send("size " + rows + " " + columns);
        }
    }

    /**
     * Signals the command and its children. On a terminal it is the guest that makes signals, of the keys typed.
     *
     * @param name without "SIG": {@code INT}, {@code TERM}
     */
    public synchronized void signal(String name) throws IOException {
        if (started) {
            send("kill " + name);
        }
    }

    private synchronized void start() throws IOException {
        started = true;
        send("go");
        if (window != null) {
            resize(window.rows(), window.columns());
        }
    }

    private void send(String message) throws IOException {
        control.toGuest().write((message + "\n").getBytes(US_ASCII));
        control.toGuest().flush();
    }

    /** However often a guest asks, one block is all that it gets for it. */
    private void wantBlock() {
        if (blocksWanted.availablePermits() == 0) {
            blocksWanted.release();
        }
    }

    private void brokenPipe() {
        try {
            signal("PIPE");
        } catch (IOException gone) {
            // The machine is no more: neither is the command.
        }
    }

    private void feed(InputStream stdin) {
        byte[] block = new byte[BLOCK];
        try {
            int length;
            do {
                if (!terminal) {
                    blocksWanted.acquire();
                }
                length = Math.max(0, readOrEnd(stdin, block));
                if (!terminal) {
                    data.toGuest().write((length + "\n").getBytes(US_ASCII));
                }
                data.toGuest().write(block, 0, length);
                data.toGuest().flush();
            } while (length > 0);
        } catch (IOException | InterruptedException gone) {
            // The machine is no more; the other lines notice it too.
        }
    }

    /** An input that fails has ended, as far as the guest is concerned. */
    private static int readOrEnd(InputStream stdin, byte[] block) {
        try {
            return stdin.read(block);
        } catch (IOException unreadable) {
            return -1;
        }
    }

    private static void checkVersion(String version) throws IOException {
        if (!VERSION.equals(version)) {
            throw new IOException("The guest speaks version " + version + " of the console protocol, not " + VERSION
                    + ": build its image anew");
        }
    }
}
