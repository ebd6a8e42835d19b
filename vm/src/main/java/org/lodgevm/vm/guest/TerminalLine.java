package org.lodgevm.vm.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A serial port that a command may have as its terminal, one at a time. What the guest sends while no command has it is dropped.
 */
public final class TerminalLine {
    private static final long COUNTER = 0xffff_ffffL;

    private final String device;
    private final Supplier<InputStream> screen;
    private final Supplier<OutputStream> keyboard;
    /** Guarded by this, as all below. */
    private boolean taken;

    private boolean started;
    private FrameStream reader;
    private long received;
    /** How much the command wrote; -1 while it runs. */
    private long total;

    /**
     * @param device the guest's name for it: {@code ttyS1}
     * @param screen opens what the guest sends from now on, until the machine ends
     * @param keyboard what the guest receives
     */
    public TerminalLine(String device, Supplier<InputStream> screen, Supplier<OutputStream> keyboard) {
        this.device = device;
        this.screen = screen;
        this.keyboard = keyboard;
    }

    String device() {
        return device;
    }

    OutputStream keyboard() {
        return keyboard.get();
    }

    /** @return false if a command has it */
    synchronized boolean take() {
        boolean free = !taken;
        taken = true;
        return free;
    }

    /** From now on what the guest sends goes there. */
    synchronized void connect(FrameStream to) {
        reader = to;
        received = 0;
        total = -1;
        if (!started) {
            started = true;
            InputStream from = screen.get();
            Thread.ofVirtual().name(device + " output").start(() -> copy(from));
        }
    }

    /** The command has ended after so many bytes: when they are here, the line is free. */
    synchronized void release(long sent) {
        total = sent & COUNTER;
        endIfComplete();
    }

    /** What this one reads is of no interest any more. */
    synchronized void release(FrameStream by) {
        if (taken && by == reader) {
            free();
        }
    }

    private void copy(InputStream from) {
        byte[] buffer = new byte[AgentMessage.PIECE];
        try {
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                FrameStream to = reader();
                if (to != null) {
                    to.put(Arrays.copyOf(buffer, length));
                    count(to, length);
                }
            }
        } catch (IOException | InterruptedException gone) {
            // as at its end
        }
        release(reader());
    }

    private synchronized FrameStream reader() {
        return reader;
    }

    private synchronized void count(FrameStream by, int length) {
        if (by == reader) {
            received += length;
            endIfComplete();
        }
    }

    private void endIfComplete() {
        if (taken && total >= 0 && (received & COUNTER) == total) {
            free();
        }
    }

    private void free() {
        if (reader != null) {
            reader.end();
        }
        reader = null;
        taken = false;
    }
}
