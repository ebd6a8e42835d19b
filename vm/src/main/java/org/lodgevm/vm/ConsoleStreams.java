package org.lodgevm.vm;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.Consumer;

/** A {@link Console} as streams, and the threads that join it to a host's streams. */
final class ConsoleStreams {
    private static final int CHUNK = 1 << 13;

    private ConsoleStreams() {}

    /** Copies all output to {@code stream}, on a thread of its own, until the machine ends or the stream fails. */
    static void copyOutput(Console console, String name, OutputStream stream, Consumer<String> log) {
        console.attach();
        Thread.ofVirtual().name(name + "-out").start(() -> {
            byte[] chunk = new byte[CHUNK];
            Console.Cursor cursor = new Console.Cursor();
            try {
                for (int n; (n = console.read(cursor, chunk, 0, CHUNK)) >= 0; console.taken(cursor)) {
                    stream.write(chunk, 0, n);
                    stream.flush();
                }
            } catch (IOException | RuntimeException e) {
                log.accept("output of %s goes nowhere from now on: %s".formatted(name, e.getMessage()));
            } catch (InterruptedException e) {
                // the console was abandoned
            } finally {
                console.detach();
            }
        });
    }

    /** Types what {@code stream} yields, on a thread of its own, until it ends. */
    static Thread copyInput(Console console, String name, InputStream stream) {
        return Thread.ofVirtual().name(name + "-in").start(() -> {
            byte[] chunk = new byte[CHUNK];
            try {
                for (int n; (n = stream.read(chunk)) >= 0; ) {
                    console.send(chunk, 0, n);
                }
            } catch (IOException | InterruptedException e) {
                // no more input: the guest lives on without
            }
        });
    }

    /** What the guest writes. */
    static final class Output extends InputStream {
        private final Console console;
        private final Console.Cursor cursor = new Console.Cursor();

        Output(Console console) {
            this.console = console;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            try {
                return length == 0 ? 0 : console.read(cursor, into, offset, length);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }

        @Override
        public int available() {
            return console.available(cursor);
        }
    }

    /** What the guest reads. */
    static final class Input extends OutputStream {
        private final Console console;

        Input(Console console) {
            this.console = console;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            try {
                console.send(bytes, offset, length);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while the console waited");
    }
}
