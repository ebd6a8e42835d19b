package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The host's end of a serial port. It keeps the last MiB that the guest wrote, whoever else reads it, and passes on
 * what the host types. Text is UTF-8. All methods may be called from any thread.
 */
public final class Console {
    /** Bytes of output kept. */
    public static final int SCROLLBACK = 1 << 20;

    /** How far an attached stream may fall behind: not all of the scrollback, since {@link #mayWait} lets some bytes pass. */
    private static final int LAG = SCROLLBACK / 2;

    private static final int TAIL = 600;
    private static final long NOBODY = Long.MAX_VALUE;

    private final String name;
    private final Scrollback output = new Scrollback(SCROLLBACK);
    private final TypeAhead input = new TypeAhead();
    private volatile Runnable inputListener = () -> {};
    /** How far the attached stream has taken the output. It loses nothing, so the guest waits for it. */
    private long taken = NOBODY;

    private boolean guestMayWait = true;
    private boolean finished;
    /** {@link #await} continues after what it found last. */
    private long expected;

    Console(String name) {
        this.name = name;
    }

    /** What the guest has written, as far as it is kept. */
    public synchronized String text() {
        return new String(output.copy(output.start(), output.end()), UTF_8);
    }

    /**
     * Waits until the guest has written {@code wanted}, after what the previous call found.
     *
     * @return all output from there up to and including it
     * @throws TimeoutException when it does not come in time, or the machine ends without it; the message has the last output
     */
    public synchronized String await(String wanted, Duration timeout) throws InterruptedException, TimeoutException {
        byte[] pattern = wanted.getBytes(UTF_8);
        long deadline = System.nanoTime() + timeout.toNanos();
        long from = expected;
        while (true) {
            long found = output.indexOf(pattern, from);
            if (found >= 0) {
                long start = Math.max(expected, output.start());
                expected = found + pattern.length;
                return new String(output.copy(start, expected), UTF_8);
            }
            from = Math.max(from, output.end() - pattern.length + 1);
            long left = deadline - System.nanoTime();
            if (finished || left <= 0) {
                throw new TimeoutException("\"%s\" did not appear on %s %s; its last output:%n%s".formatted(
                        wanted, name, finished ? "before the machine ended" : "within " + timeout.toSeconds() + " s", tail()));
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private String tail() {
        return new String(output.copy(Math.max(output.start(), output.end() - TAIL), output.end()), UTF_8);
    }

    /** Types a line: {@code text} and a carriage return. */
    public void type(String text) throws InterruptedException {
        send((text + "\r").getBytes(UTF_8));
    }

    /** Sends bytes to the guest; waits while it has many unread ones. After the machine's end they are lost. */
    public void send(byte[] bytes) throws InterruptedException {
        send(bytes, 0, bytes.length);
    }

    void send(byte[] bytes, int offset, int length) throws InterruptedException {
        int sent = 0;
        while (sent < length) {
            sent += input.put(bytes, offset + sent, length - sent);
            inputListener.run(); // without a lock of ours: it enters the device, which calls back
        }
    }

    /** The output from the oldest byte kept; a reader that falls back by more than a MiB loses the oldest. It ends with the machine. */
    public InputStream output() {
        return new ConsoleStreams.Output(this);
    }

    /** Writes to the guest as {@link #send} does. */
    public OutputStream input() {
        return new ConsoleStreams.Input(this);
    }

    /** A reader's place in the output. */
    static final class Cursor {
        private long position;
    }

    /**
     * Waits for output at the cursor and moves it on.
     *
     * @return how many bytes were copied, or -1 at the machine's end
     */
    synchronized int read(Cursor cursor, byte[] into, int offset, int most) throws InterruptedException {
        while (output.end() == cursor.position && !finished) {
            wait();
        }
        int available = available(cursor);
        if (available == 0) {
            return -1;
        }
        long start = Math.max(cursor.position, output.start());
        byte[] bytes = output.copy(start, start + Math.min(available, most));
        System.arraycopy(bytes, 0, into, offset, bytes.length);
        cursor.position = start + bytes.length;
        return bytes.length;
    }

    /** Bytes that can be read without waiting. */
    synchronized int available(Cursor cursor) {
        return (int) (output.end() - Math.max(cursor.position, output.start()));
    }

    /** From now on the guest waits for a stream, which reports its progress by {@link #taken}. */
    synchronized void attach() {
        taken = 0;
    }

    /** The attached stream has taken what is before the cursor. */
    synchronized void taken(Cursor cursor) {
        if (taken != NOBODY) {
            taken = cursor.position;
            notifyAll();
        }
    }

    /** The attached stream takes no more: nobody waits for it. */
    synchronized void detach() {
        taken = NOBODY;
        notifyAll();
    }

    /** The guest writes a byte; waits while an attached stream is far behind. */
    synchronized void transmit(int value) {
        boolean interrupted = false;
        while (guestMayWait && output.end() - taken >= LAG) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        output.append(value);
        notifyAll();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next byte for the guest, or -1. */
    int receive() {
        return input.poll();
    }

    /** {@code listener} runs whenever {@link #receive} has something new. */
    void onInput(Runnable listener) {
        inputListener = listener;
    }

    /** Whether the guest's CPUs may be held up by a slow reader: not while the machine wants them to stand still. */
    synchronized void mayWait(boolean value) {
        guestMayWait = value;
        notifyAll();
    }

    /** The machine has ended: readers see the end after the last byte. Waits until an attached stream has taken everything. */
    synchronized void finish() {
        finished = true;
        input.close();
        notifyAll();
        while (taken < output.end()) {
            try {
                wait();
            } catch (InterruptedException e) {
                // the supervisor's thread, which nobody interrupts for a reason
            }
        }
    }
}
