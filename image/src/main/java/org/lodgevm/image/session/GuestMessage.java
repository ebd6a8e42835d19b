package org.lodgevm.image.session;

import java.io.IOException;
import java.io.InputStream;

/** What a guest says on its control line. Nothing that it can send harms the host: whatever is no message is none. */
sealed interface GuestMessage {
    record Hello(String version) implements GuestMessage {}

    record More() implements GuestMessage {}

    record Exit(int status, long dataSent, long errorsSent) implements GuestMessage {}

    record Noise() implements GuestMessage {}

    int LONGEST = 256;

    /** @return the next message, or {@code null} at the end of the line */
    static GuestMessage read(InputStream line) throws IOException {
        StringBuilder text = new StringBuilder();
        int next = line.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = line.read()) {
            if (text.length() < LONGEST) {
                text.append((char) next);
            }
        }
        return parse(text.toString().strip().split(" "));
    }

    private static GuestMessage parse(String[] words) {
        try {
            return switch (words[0]) {
                case "hello" -> new Hello(words[1]);
                case "more" -> new More();
                case "exit" ->
                    new Exit(Integer.parseInt(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
                default -> new Noise();
            };
        } catch (IndexOutOfBoundsException | NumberFormatException malformed) {
            return new Noise();
        }
    }
}
