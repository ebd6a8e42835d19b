package org.lodgevm.image.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copies what one UART transmits to a stream of the host, by a thread of its own, and counts it. */
final class OutputLine {
    private static final long COUNTER = 0xffff_ffffL;
    private static final int BUFFER = 16 * 1024;

    private final InputStream from;
    private final OutputStream to;
    private final Runnable whenBroken;

    private boolean started;
    private long received;
    private boolean ended;
    private boolean broken;

    OutputLine(InputStream from, OutputStream to, Runnable whenBroken) {
        this.from = from;
        this.to = to;
        this.whenBroken = whenBroken;
        Thread.ofPlatform().daemon().name("guest output").start(this::copy);
    }

    /** The guest's counter is zero now, and what came before is no output. */
    synchronized void restart() {
        started = true;
        received = 0;
    }

    /** Waits until the guest's counter stands at {@code total} here too, or until nothing comes any more. */
    synchronized void awaitTotal(long total) throws InterruptedException {
        while (!ended && ((received ^ total) & COUNTER) != 0) {
            wait();
        }
    }

    synchronized void awaitEnd() throws InterruptedException {
        while (!ended) {
            wait();
        }
    }

    private void copy() {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                if (isOutput()) {
                    write(buffer, length);
                    count(length);
                }
            }
        } catch (IOException gone) {
            // Like the end of the stream: the machine is no more.
        } finally {
            end();
        }
    }

    private void write(byte[] buffer, int length) {
        if (broken) {
            return; // the guest has to get rid of its output all the same
        }
        try {
            to.write(buffer, 0, length);
            to.flush();
        } catch (IOException e) {
            broken = true;
            whenBroken.run();
        }
    }

    private synchronized boolean isOutput() {
        return started;
    }

    private synchronized void count(int length) {
        received += length;
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
