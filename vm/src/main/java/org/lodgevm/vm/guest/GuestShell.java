package org.lodgevm.vm.guest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Runs commands in a guest, wherever that is: {@link Guest} for one in this process. */
public interface GuestShell {
    /** More output than this is not kept by {@link #exec}. */
    int MOST_OUTPUT = 64 << 20;

    /**
     * Starts a command.
     *
     * @throws GuestException if no agent answers in the guest, or it has no room for another command
     */
    GuestProcess start(GuestCommand command) throws IOException, InterruptedException;

    /** Runs a command without input to its end. */
    default GuestResult exec(String... words) throws IOException, InterruptedException {
        return exec(GuestCommand.of(words), InputStream.nullInputStream());
    }

    /** Runs a command to its end. Reading {@code input} goes on until its own end, or until the command takes no more. */
    default GuestResult exec(GuestCommand command, InputStream input) throws IOException, InterruptedException {
        try (GuestProcess process = start(command)) {
            Thread feeder = Thread.ofVirtual().name("guest input").start(() -> feed(input, process));
            CompletableFuture<byte[]> errors = CompletableFuture.supplyAsync(() -> readUnchecked(process.stderr()), Thread::startVirtualThread);
            byte[] output = read(process.stdout());
            int status = process.waitFor();
            feeder.interrupt();
            return new GuestResult(status, output, errors.get());
        } catch (ExecutionException e) {
            throw new GuestException(e.getCause().getMessage());
        }
    }

    /** Files of the guest. */
    default GuestFiles files() {
        return new GuestFiles(this);
    }

    private static void feed(InputStream input, GuestProcess process) {
        try (var stdin = process.stdin()) {
            input.transferTo(stdin);
        } catch (IOException e) {
            // the command takes no more, or there is no more: either way it is told the end
        }
    }

    private static byte[] read(InputStream stream) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] piece = new byte[AgentMessage.PIECE];
        for (int length = stream.read(piece); length >= 0; length = stream.read(piece)) {
            if (kept.size() + length > MOST_OUTPUT) {
                throw new GuestException("the command wrote more than %d MiB; start it and read its output as it comes".formatted(MOST_OUTPUT >> 20));
            }
            kept.write(piece, 0, length);
        }
        return kept.toByteArray();
    }

    private static byte[] readUnchecked(InputStream stream) {
        try {
            return read(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
