package org.lodgevm.image.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A stream whose reads fail when nothing arrives for too long, which a response's own timeout does not cover. */
final class PatientInputStream extends FilterInputStream {
    private static final long NOT_READING = Long.MIN_VALUE;

    private final Duration patience;
    private final Thread watch;
    private volatile long readingSince = NOT_READING;
    private volatile boolean tooLate;

    PatientInputStream(InputStream in, Duration patience) {
        super(in);
        this.patience = patience;
        this.watch = Thread.ofVirtual().start(this::watch);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        readingSince = System.nanoTime();
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            throw tooLate ? new IOException("nothing arrived for " + patience.toSeconds() + " s", e) : e;
        } finally {
            readingSince = NOT_READING;
        }
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        in.close();
    }

    private void watch() {
        try {
            while (!tooLate) {
                Thread.sleep(patience.dividedBy(4));
                long since = readingSince;
                tooLate = since != NOT_READING && System.nanoTime() - since > patience.toNanos();
            }
            in.close();
        } catch (InterruptedException | IOException closed) {
            // Nobody reads any more.
        }
    }
}
