package org.lodgevm.vm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lodgevm.devices.chipset.serial.SerialEndpoint;

/**
 * The host's end of a serial port. It keeps the last MiB that the guest wrote, whoever else reads it, and passes on
 * what the host types. Text is UTF-8. All methods may be called from any thread.
 */
public final class Console {
    /** Bytes of output kept. */
    public static final int SCROLLBACK = 1 << 20;

    private static final int TAIL = 600;

    private final String name;
    private final MachineBuilder.Streams attached;
    private final Scrollback output = new Scrollback(SCROLLBACK);
    private final TypeAhead input = new TypeAhead();
    private volatile Thread passingOn;
    private boolean finished;
    /** {@link #await} continues after what it found last. */
    private long expected;

    /** @param attached the user's streams; each may be null */
    Console(String name, MachineBuilder.Streams attached) {
        this.name = name;
        this.attached = attached;
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
        requireFreeInput();
        input.put(bytes, 0, bytes.length);
    }

    /** The output from the oldest byte kept on; a reader that falls back by more than a MiB loses the oldest. It ends with the machine. */
    public InputStream output() {
        return new ConsoleOutput(this, new Cursor());
    }

    /** The output that has not come yet; otherwise as {@link #output}. */
    public InputStream outputFromNow() {
        Cursor cursor = new Cursor();
        synchronized (this) {
            cursor.position = output.end();
        }
        return new ConsoleOutput(this, cursor);
    }

    /** Writes to the guest as {@link #send} does. */
    public OutputStream input() {
        requireFreeInput();
        return input.sink();
    }

    private void requireFreeInput() {
        if (attached.input() != null) {
            throw new IllegalStateException("%s reads the stream that the machine was built with; write there".formatted(name));
        }
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

    /** What the chipset's UART is to be connected to. */
    SerialEndpoint endpoint() {
        return new SerialEndpoint(attached.input() != null ? attached.input() : input.source(), new FromGuest());
    }

    /** Whether the current thread is in the attached output stream, called by the machine. */
    boolean isPassingOn() {
        return Thread.currentThread() == passingOn;
    }

    private synchronized void append(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            output.append(bytes[offset + i]);
        }
        notifyAll();
    }

    /** The machine has ended: readers see the end after the last byte. */
    synchronized void finish() {
        finished = true;
        input.close();
        notifyAll();
    }

    /** Keeps what the guest writes, and passes it on. */
    private final class FromGuest extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            append(bytes, offset, length);
            if (attached.output() != null) {
                passingOn = Thread.currentThread();
                try {
                    attached.output().write(bytes, offset, length);
                } finally {
                    passingOn = null;
                }
            }
        }

        @Override
        public void flush() throws IOException {
            if (attached.output() != null) {
                attached.output().flush();
            }
        }
    }
}
