package org.lodgevm.image.deb;

import java.io.IOException;
import java.io.InputStream;

/** The next so many bytes of a stream, which stays open. */
final class LimitedInputStream extends InputStream {
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private long remaining;

    LimitedInputStream(InputStream in, long length) {
        this.in = in;
        this.remaining = length;
    }

    /** How many bytes are still to come. */
    long remaining() {
        return remaining;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int read = in.read(buffer, offset, (int) Math.min(length, remaining));
        if (read < 0) {
            throw new MalformedPackageException("The file tree is cut off");
        }
        remaining -= read;
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] buffer = new byte[(int) Math.min(count, BUFFER)];
        long left = Math.min(count, remaining);
        long start = remaining;
        while (left > 0) {
            left -= read(buffer, 0, (int) Math.min(left, buffer.length));
        }
        return start - remaining;
    }
}
