package org.lodgevm.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Our standard output: remembers that it could not be written, because whoever writes may be too deep down to tell. */
public final class StandardOutput extends FilterOutputStream {
    private volatile IOException problem;

    public StandardOutput(OutputStream out) {
        super(out);
    }

    /** Why something did not get out. */
    public Optional<IOException> problem() {
        return Optional.ofNullable(problem);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            problem = e;
            throw e;
        }
    }
}
