package org.lodgevm.vm;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** What a guest writes on a serial port, for a reader with a place of its own in it. */
final class ConsoleOutput extends InputStream {
    private final Console console;
    private final Console.Cursor cursor;

    ConsoleOutput(Console console, Console.Cursor cursor) {
        this.console = console;
        this.cursor = cursor;
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
            throw TypeAhead.interrupted();
        }
    }

    @Override
    public int available() {
        return console.available(cursor);
    }
}
