package org.lodgevm.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Where a guest's output leaves Lodge: the status line goes before the first byte, and a reader that goes away is noticed. */
public final class GuestOutput extends FilterOutputStream {
    private final StatusLine status;
    private final Runnable whenBroken;

    public GuestOutput(OutputStream out, StatusLine status, Runnable whenBroken) {
        super(out);
        this.status = status;
        this.whenBroken = whenBroken;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        status.end();
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            whenBroken.run();
            throw e;
        }
    }
}
