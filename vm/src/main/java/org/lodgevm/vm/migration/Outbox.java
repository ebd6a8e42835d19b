package org.lodgevm.vm.migration;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sends messages on a thread of its own, so that whoever has them need not wait for the link, and says that it lives when there is nothing else to say. */
final class Outbox implements MessageSink, AutoCloseable {
    /** Messages that wait. The largest have a MiB. */
    private static final int MOST = 48;
    private static final long LOOK_MILLIS = 50;

    private final BlockingQueue<Message> waiting = new ArrayBlockingQueue<>(MOST);
    private final MessageStream stream;
    private final Inbox answers;
    private final Duration pulse;
    private volatile IOException failure;
    private volatile boolean closed;

    /** @param answers of the other side: nothing is sent to one that is silent */
    Outbox(MessageStream stream, Inbox answers, Duration pulse) {
        this.stream = stream;
        this.answers = answers;
        this.pulse = pulse;
        Thread.ofVirtual().name("migration outbox").start(this::pump);
    }

    private void pump() {
        try {
            while (!closed) {
                Message next = waiting.poll(pulse.toNanos(), TimeUnit.NANOSECONDS);
                if (next != null) {
                    stream.send(next.type(), next.payload());
                } else if (!closed) {
                    stream.send(MessageType.ALIVE);
                }
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        }
    }

    /** Waits while too many are on their way. */
    @Override
    public void send(MessageType type, byte... payload) throws IOException {
        Message message = new Message(type, payload);
        try {
            do {
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                answers.requireLife();
            } while (!waiting.offer(message, LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw Inbox.interrupted(e);
        }
    }

    /** Sends nothing more. */
    @Override
    public void close() {
        closed = true;
    }
}
