package org.lodgevm.vm.migration;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Receives messages on a thread of its own, and knows for how long the other side has been silent. */
final class Inbox {
    private static final int MOST = 16;
    /** In which is heard what came while this process itself stood still. */
    private static final Duration MOMENT = Duration.ofMillis(20);

    /** A message, or in its place what ended them. */
    private record Entry(Message message, IOException end) {}

    private final BlockingQueue<Entry> arrived = new ArrayBlockingQueue<>(MOST);
    private final MessageStream stream;
    private final Duration silence;
    private volatile long heard = System.nanoTime();
    /** What {@link #heard} was when it was found to be too long ago, and when that was found. Guarded by this. */
    private long suspected;

    private long suspectedSince;

    /** @param silence after which the other side counts as gone */
    Inbox(MessageStream stream, Duration silence) {
        this.stream = stream;
        this.silence = silence;
        Thread.ofPlatform().daemon().name("migration inbox").start(this::pump);
    }

    private void pump() {
        try {
            while (true) {
                Entry entry = receive();
                heard = System.nanoTime();
                arrived.put(entry);
                if (entry.end != null) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody knows this thread", e);
        }
    }

    private Entry receive() {
        try {
            return new Entry(stream.receive(), null);
        } catch (IOException e) {
            return new Entry(null, e);
        }
    }

    /** When the other side was heard last, as {@link System#nanoTime} counts. */
    long heard() {
        return heard;
    }

    /** @throws SilenceException if there was nothing to be heard for too long */
    synchronized void requireLife() throws SilenceException {
        long last = heard;
        if (!arrived.isEmpty() || untilSilent(last) > 0) {
            return;
        }
        long now = System.nanoTime();
        if (suspected != last) {
            suspected = last;
            suspectedSince = now;
        } else if (now - suspectedSince >= MOMENT.toNanos()) {
            throw new SilenceException("the other side has been silent for %d ms".formatted(silence.toMillis()));
        }
    }

    private long untilSilent(long last) {
        return last + silence.toNanos() - System.nanoTime();
    }

    /** @return the next message, or null if there is none in time @throws IOException when no more will come */
    Message poll(Duration patience) throws IOException {
        try {
            long wait = Math.min(patience.toNanos(), Math.max(untilSilent(heard), MOMENT.toNanos()));
            Entry next = arrived.poll(wait, TimeUnit.NANOSECONDS);
            if (next == null) {
                requireLife();
                return null;
            }
            if (next.end != null) {
                arrived.add(next); // for whoever asks again
                throw next.end;
            }
            return next.message;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The next message that says something. */
    Message await() throws IOException {
        while (true) {
            Message next = poll(silence);
            if (next != null && next.type() != MessageType.ALIVE) {
                return next;
            }
        }
    }

    /** Why the connection broke: the refusal, if the other side has sent one before it gave up, otherwise the failure itself. */
    IOException reason(IOException failure) {
        try {
            for (Message next = poll(Duration.ZERO); next != null; next = poll(Duration.ZERO)) {
                RefusedException.check(next);
            }
            return failure;
        } catch (RefusedException refusal) {
            return refusal;
        } catch (IOException end) {
            return failure;
        }
    }

    static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException e = new InterruptedIOException("interrupted while waiting for the other side");
        e.initCause(cause);
        return e;
    }
}
