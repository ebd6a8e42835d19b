package org.lodgevm.devices.chipset.debug;

import java.io.IOException;
import java.io.OutputStream;
import org.lodgevm.machine.IoRegion;

/** One port that takes characters, and whose reading tells that there is a console. The writing CPU waits for a slow stream. */
public final class DebugConsole implements IoRegion {
    public static final int SIZE = 1;

    static final class State {
        /** The stream has failed: what follows is lost. */
        transient boolean broken;
    }

    private static final int PRESENT = 0xe9;

    final State state = new State();
    private final OutputStream output;

    public DebugConsole(OutputStream output) {
        this.output = output;
    }

    @Override
    public long read(long offset, int size) {
        return PRESENT;
    }

    /** A line reaches the host when it ends. */
    @Override
    public synchronized void write(long offset, int size, long value) {
        if (state.broken) {
            return;
        }
        try {
            output.write((int) value & 0xff);
            if ((value & 0xff) == '\n') {
                output.flush();
            }
        } catch (IOException e) {
            state.broken = true; // the guest's log has no reader any more, which is no concern of the guest
        }
    }

    /** Hands over a line that has not ended. */
    public synchronized void flush() {
        if (state.broken) {
            return;
        }
        try {
            output.flush();
        } catch (IOException e) {
            state.broken = true;
        }
    }
}
