package org.lodgevm.cli.terminal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A keyboard on which Ctrl-] leaves the guest: it, and what follows, is not passed on. */
public final class EscapeKey extends FilterInputStream {
    /** ASCII GS, what Ctrl-] types. */
    static final int CODE = 0x1d;

    private final Runnable leave;
    private boolean left;

    public EscapeKey(InputStream keyboard, Runnable leave) {
        super(keyboard);
        this.leave = leave;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (left) {
            return -1;
        }
        int count = super.read(into, offset, length);
        for (int i = 0; i < count; i++) {
            if (into[offset + i] == CODE) {
                left = true;
                leave.run();
                return i == 0 ? -1 : i;
            }
        }
        return count;
    }
}
