package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.vm.guest.FrameStream;
import org.lodgevm.vm.guest.Guest;
import org.lodgevm.vm.guest.GuestCommand;
import org.lodgevm.vm.guest.GuestException;
import org.lodgevm.vm.guest.GuestProcess;

/** A client whose command runs in the guest; it ends with its client. */
final class ExecSession {
    private static final int PIECE = 1 << 15;
    private static final int MOST_SECONDS = 60 * 60;

    private final Wire wire;
    private final Guest guest;
    /** What the client may have sent without being asked: nothing, beyond one block. */
    private final BlockingQueue<byte[]> input = new ArrayBlockingQueue<>(1);

    private final Semaphore outputRoom = new Semaphore(FrameStream.WINDOW);
    private final Semaphore errorRoom = new Semaphore(FrameStream.WINDOW);
    private final CountDownLatch streams = new CountDownLatch(2);

    ExecSession(Wire wire, Guest guest) {
        this.wire = wire;
        this.guest = guest;
    }

    void run(Request request) throws IOException, InterruptedException {
        GuestCommand command = new GuestCommand(
                request.texts("command"),
                request.textsByName("environment"),
                request.has("folder") ? request.text("folder") : GuestCommand.HOME,
                request.size("terminal"));
        try (GuestProcess process = start(command, Duration.ofSeconds(request.number("wait", (int) Guest.PATIENCE.toSeconds(), MOST_SECONDS)))) {
            wire.send(Wire.object().set("ok", Wire.object()));
            Thread[] threads = {
                Thread.ofVirtual().name("exec output").start(() -> pump(process.stdout(), "stdout", outputRoom)),
                Thread.ofVirtual().name("exec errors").start(() -> pump(process.stderr(), "stderr", errorRoom)),
                Thread.ofVirtual().name("exec input").start(() -> feed(process.stdin())),
                Thread.ofVirtual().name("exec end").start(() -> tellEnd(process))
            };
            try {
                listen(process);
            } finally {
                Arrays.stream(threads).forEach(Thread::interrupt);
            }
        }
    }

    private GuestProcess start(GuestCommand command, Duration patience) throws IOException, InterruptedException {
        try {
            return guest.start(command, patience);
        } catch (GuestException e) {
            throw new ControlException(Code.GUEST, e.getMessage());
        }
    }

    private void listen(GuestProcess process) throws IOException {
        for (ObjectNode received = wire.receive(); received != null; received = wire.receive()) {
            Request message = new Request(received);
            if (message.has("stdin")) {
                if (!input.offer(message.bytes("stdin"))) {
                    throw new ControlException(Code.MALFORMED, "input that was not asked for");
                }
            } else if (message.has("signal")) {
                process.signal(message.text("signal"));
            } else if (message.has("size")) {
                process.resize(message.size("size").orElseThrow());
            } else if (message.has("took")) {
                (message.text("took").equals("stdout") ? outputRoom : errorRoom).release();
            } else {
                throw new ControlException(Code.MALFORMED, "a command takes stdin, signal, size and took");
            }
        }
    }

    private void pump(InputStream stream, String name, Semaphore room) {
        byte[] piece = new byte[PIECE];
        try {
            for (int length = stream.read(piece); length >= 0; length = stream.read(piece)) {
                room.acquire();
                wire.send(Wire.object().put(name, Arrays.copyOf(piece, length)));
            }
            wire.send(Wire.object().put(name, new byte[0]));
        } catch (IOException | InterruptedException gone) {
            // the client, or the guest; of that the client hears otherwise
        } finally {
            streams.countDown();
        }
    }

    private void feed(OutputStream stdin) {
        try (stdin) {
            while (true) {
                wire.send(Wire.object().put("more", true));
                byte[] block = input.take();
                if (block.length == 0) {
                    return;
                }
                stdin.write(block);
            }
        } catch (IOException | InterruptedException over) {
            // the command takes no more
        }
    }

    /** When the status and both streams are out, the connection has served its purpose. */
    private void tellEnd(GuestProcess process) {
        try {
            wire.send(Wire.object().put("exit", process.waitFor()));
            streams.await();
        } catch (IOException e) {
            tellFailure(e.getMessage());
        } catch (InterruptedException e) {
            return;
        }
        try {
            wire.channel().shutdownInput();
        } catch (IOException e) {
            wire.close();
        }
    }

    private void tellFailure(String message) {
        try {
            ObjectNode answer = Wire.object();
            answer.putObject("error").put("code", Code.GUEST.name()).put("message", message);
            wire.send(answer);
        } catch (IOException gone) {
            // nobody to be told
        }
    }
}
