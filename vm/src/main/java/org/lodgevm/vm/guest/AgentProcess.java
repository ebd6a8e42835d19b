package org.lodgevm.vm.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The host's end of one command that the agent runs. */
final class AgentProcess implements GuestProcess {
    private final int id;
    private final Guest guest;
    /** Null for a command with three pipes. */
    private final TerminalLine terminal;

    private final InputBlocks input;
    private final OutputStream stdin;
    private final FrameStream stdout;
    private final FrameStream stderr = new FrameStream(() -> took("err"));
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    /** Guarded by this. */
    private int openStreams = 2;

    AgentProcess(int id, Guest guest, TerminalLine terminal) {
        this.id = id;
        this.guest = guest;
        this.terminal = terminal;
        this.stdout = new FrameStream(terminal == null ? () -> took("out") : () -> {});
        this.input = new InputBlocks(block -> guest.send("in %d %d".formatted(id, block.length), block));
        this.stdin = terminal == null ? input : new Keyboard();
        if (terminal != null) {
            terminal.connect(stdout);
            stderr.end();
        }
    }

    // ---- what the agent says ----------------------------------------------------------------------------------------

    InputBlocks input() {
        return input;
    }

    void begun() {
        begun.complete(null);
    }

    /** More frames than were asked for are a fault of the agent: the host keeps no more of them. */
    void frame(boolean error, byte[] data) {
        FrameStream stream = error ? stderr : stdout;
        if (data.length == 0) {
            stream.end();
            ended();
        } else if (!stream.offer(data)) {
            fail(new GuestException("the guest's agent sends more than it was asked for"));
        }
    }

    void exit(int value, long sent) {
        input.shut();
        status.complete(value);
        if (terminal != null) {
            terminal.release(sent);
        }
        if (over()) {
            guest.forget(id);
        }
    }

    void fail(IOException why) {
        guest.forget(id);
        input.shut();
        stdout.fail(why);
        stderr.fail(why);
        status.completeExceptionally(why);
        if (terminal != null) {
            terminal.release(stdout);
        }
    }

    private void ended() {
        synchronized (this) {
            openStreams--;
        }
        if (over()) {
            guest.forget(id);
        }
    }

    /** Whether the agent has no more to say. */
    private synchronized boolean over() {
        return status.isDone() && (openStreams == 0 || terminal != null);
    }

    private void took(String stream) {
        tell("ok %d %s".formatted(id, stream));
    }

    /** To an agent that has gone there is nothing to be told. */
    private void tell(String message) {
        try {
            guest.send(message);
        } catch (IOException gone) {
            begun.cancel(false);
        }
    }

    /** What is typed goes to the terminal, as soon as the guest has opened it. Its end is not the command's: a terminal has none. */
    private final class Keyboard extends OutputStream {
        private final OutputStream line = terminal.keyboard();

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                CompletableFuture.anyOf(begun, status).get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a command in the guest was starting");
            } catch (ExecutionException | CancellationException e) {
                throw new IOException("Broken pipe", e);
            }
            line.write(bytes, offset, length);
            line.flush();
        }
    }

    // ---- what its owner wants ---------------------------------------------------------------------------------------

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return stderr;
    }

    @Override
    public int waitFor() throws IOException, InterruptedException {
        try {
            return status.get();
        } catch (ExecutionException e) {
            throw new GuestException(e.getCause().getMessage());
        }
    }

    @Override
    public void signal(String name) {
        if (!name.matches("[A-Z][A-Z0-9+-]*")) {
            throw new IllegalArgumentException("'%s' is not the name of a signal, such as INT or TERM".formatted(name));
        }
        begun.thenRun(() -> {
            if (!status.isDone()) {
                tell("kill %d %s".formatted(id, name));
            }
        });
    }

    @Override
    public void resize(TerminalSize size) {
        if (terminal != null && !status.isDone()) {
            tell("size %d %d %d".formatted(id, size.rows(), size.columns()));
        }
    }

    @Override
    public void close() {
        boolean over = over();
        stdout.discard();
        stderr.discard();
        fail(new GuestException("the command was given up"));
        if (!over) {
            tell("drop " + id);
        }
    }
}
