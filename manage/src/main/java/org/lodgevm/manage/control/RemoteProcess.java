package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.lodgevm.vm.guest.FrameStream;
import org.lodgevm.vm.guest.GuestException;
import org.lodgevm.vm.guest.GuestProcess;
import org.lodgevm.vm.guest.InputBlocks;
import org.lodgevm.vm.guest.TerminalSize;

/** A client's end of a command in a guest. */
final class RemoteProcess implements GuestProcess {
    private final Wire wire;
    private final InputBlocks stdin;
    private final FrameStream stdout;
    private final FrameStream stderr;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    RemoteProcess(Wire wire) {
        this.wire = wire;
        this.stdin = new InputBlocks(block -> wire.send(Wire.object().put("stdin", block)));
        this.stdout = new FrameStream(() -> took("stdout"));
        this.stderr = new FrameStream(() -> took("stderr"));
        Thread.ofVirtual().name("command").start(this::listen);
    }

    private void listen() {
        try {
            for (ObjectNode received = wire.receive(); received != null; received = wire.receive()) {
                handle(received);
            }
            end(new GuestException("the machine's process ended before the command had ended"));
        } catch (IOException e) {
            end(e);
        }
    }

    private void handle(ObjectNode received) throws IOException {
        if (received.has("stdout")) {
            frame(stdout, received.get("stdout").binaryValue());
        } else if (received.has("stderr")) {
            frame(stderr, received.get("stderr").binaryValue());
        } else if (received.has("more")) {
            stdin.more();
        } else if (received.has("exit")) {
            stdin.shut();
            status.complete(received.get("exit").asInt());
        } else if (received.has("error")) {
            throw new GuestException(received.path("error").path("message").asText());
        }
    }

    private static void frame(FrameStream stream, byte[] data) throws IOException {
        if (data.length == 0) {
            stream.end();
        } else if (!stream.offer(data)) {
            throw new GuestException("the machine's process sends more than it was asked for");
        }
    }

    private void end(IOException why) {
        stdin.shut();
        stdout.fail(why);
        stderr.fail(why);
        status.completeExceptionally(why);
        wire.close();
    }

    private void took(String stream) {
        tell(Wire.object().put("took", stream));
    }

    private void tell(ObjectNode message) {
        try {
            wire.send(message);
        } catch (IOException gone) {
            stdin.shut();
        }
    }

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
        tell(Wire.object().put("signal", name));
    }

    @Override
    public void resize(TerminalSize size) {
        ObjectNode message = Wire.object();
        message.putArray("size").add(size.rows()).add(size.columns());
        tell(message);
    }

    @Override
    public void close() {
        stdout.discard();
        stderr.discard();
        end(new GuestException("the command was given up"));
    }
}
