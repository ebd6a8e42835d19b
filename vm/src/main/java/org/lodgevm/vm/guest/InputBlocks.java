package org.lodgevm.vm.guest;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/** A command's standard input: a block at a time, each when it is asked for. For those who implement {@link GuestProcess}. */
public final class InputBlocks extends OutputStream {
    /** Few commands in the guest for many bytes, and little to keep there. */
    public static final int BLOCK = 1 << 17;

    /** Delivers a block; an empty one is the end. */
    public interface Destination {
        void block(byte[] bytes) throws IOException;
    }

    private final Destination destination;
    private boolean wanted;
    private boolean closed;
    private boolean shut;

    public InputBlocks(Destination destination) {
        this.destination = destination;
    }

    /** The command has room for a block; however often it says so, for one. */
    public void more() {
        boolean end;
        synchronized (this) {
            end = closed && !shut;
            shut |= end;
            wanted = true;
            notifyAll();
        }
        if (end) {
            sendEnd();
        }
    }

    /** The command takes nothing any more. */
    public synchronized void shut() {
        shut = true;
        notifyAll();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        for (int done = 0; done < length; ) {
            int count = Math.min(BLOCK, length - done);
            awaitWanted();
            destination.block(Arrays.copyOfRange(bytes, offset + done, offset + done + count));
            done += count;
        }
    }

    /** The end of the input; the command learns of it when it has read the rest. */
    @Override
    public void close() {
        boolean now;
        synchronized (this) {
            now = wanted && !closed && !shut;
            closed = true;
            shut |= now;
        }
        if (now) {
            sendEnd();
        }
    }

    private void sendEnd() {
        try {
            destination.block(new byte[0]);
        } catch (IOException gone) {
            // the command does not wait for it any more
        }
    }

    private synchronized void awaitWanted() throws IOException {
        try {
            while (!wanted && !shut && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a command in the guest read nothing");
        }
        if (shut || closed) {
            throw new IOException("Broken pipe");
        }
        wanted = false;
    }
}
