package org.lodgevm.vm.gdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The stream of packets: {@code $text#sum}, acknowledged by {@code +} unless both sides have agreed to leave that out. Text is bytes, each
 * a character. @gdb E.1
 */
final class Packets {
    /** What GDB may send at once. */
    static final int LONGEST = 0x4000;

    private static final int INTERRUPT = 3;
    private static final int ESCAPE = '}';
    private static final int ESCAPED = 0x20;
    private static final int HEX = 16;

    private final InputStream in;
    private final OutputStream out;
    private volatile boolean acknowledging = true;

    Packets(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** What comes in. */
    sealed interface Incoming {
        /** A packet's text. */
        record Text(String text) implements Incoming {}

        /** Ctrl-C. */
        record Interrupt() implements Incoming {}

        /** The other side is gone. */
        record End() implements Incoming {}
    }

    /** Waits for the next one. Damaged packets are asked for again, and what is none is passed over. */
    Incoming receive() throws IOException {
        while (true) {
            switch (in.read()) {
                case -1 -> {
                    return new Incoming.End();
                }
                case INTERRUPT -> {
                    return new Incoming.Interrupt();
                }
                case '$' -> {
                    String text = text();
                    if (text != null) {
                        return new Incoming.Text(text);
                    }
                }
                default -> {} // acknowledgements, noise on the line
            }
        }
    }

    /** Behind the {@code $}; null if it is damaged, too long, or the stream ends. */
    private String text() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int sum = 0;
        int length = 0;
        for (int c = in.read(); c != '#'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            sum += c;
            length++;
            if (c == ESCAPE) {
                int next = in.read();
                sum += next;
                c = next ^ ESCAPED;
            }
            if (length <= LONGEST) {
                text.write(c);
            }
        }
        boolean right = (Character.digit(in.read(), HEX) << 4 | Character.digit(in.read(), HEX)) == (sum & 0xff);
        if (acknowledging) {
            out.write(right ? '+' : '-');
            out.flush();
        }
        return right && length <= LONGEST ? text.toString(ISO_8859_1) : null;
    }

    void send(String text) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        int sum = 0;
        packet.write('$');
        for (byte b : text.getBytes(ISO_8859_1)) {
            if (b == '$' || b == '#' || b == ESCAPE || b == '*') {
                packet.write(ESCAPE);
                packet.write(b ^ ESCAPED);
                sum += ESCAPE + (b ^ ESCAPED);
            } else {
                packet.write(b);
                sum += b;
            }
        }
        packet.writeBytes("#%02x".formatted(sum & 0xff).getBytes(ISO_8859_1));
        packet.writeTo(out);
        out.flush();
    }

    /** From now on nobody acknowledges. */
    void withoutAcknowledgements() {
        acknowledging = false;
    }
}
