package org.lodgevm.vm.guest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** What an agent says. Nothing that it can send harms the host: whatever is no message is noise. */
sealed interface AgentMessage {
    record Hello(int version, String word) implements AgentMessage {}

    record Begun(int id) implements AgentMessage {}

    record More(int id) implements AgentMessage {}

    record Shut(int id) implements AgentMessage {}

    record Frame(int id, boolean error, byte[] data) implements AgentMessage {}

    /** @param sent by the terminal, if there is one */
    record Exit(int id, int status, long sent) implements AgentMessage {}

    record Noise() implements AgentMessage {}

    /** What a frame's line and data have together, at most. */
    int PIECE = 1 << 15;

    /** Of a line. */
    int LONGEST = 256;

    /** @return the next message, or null at the end */
    static AgentMessage read(InputStream from) throws IOException {
        StringBuilder text = new StringBuilder();
        int next = from.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = from.read()) {
            if (text.length() < LONGEST) {
                text.append((char) next);
            }
        }
        return parse(text.toString().strip().split(" "), from);
    }

    private static AgentMessage parse(String[] words, InputStream from) throws IOException {
        try {
            return switch (words[0]) {
                case "hello" -> new Hello(Integer.parseInt(words[1]), words[2]);
                case "begun" -> new Begun(Integer.parseInt(words[1]));
                case "more" -> new More(Integer.parseInt(words[1]));
                case "shut" -> new Shut(Integer.parseInt(words[1]));
                case "out", "err" -> new Frame(Integer.parseInt(words[1]), words[0].equals("err"), data(Integer.parseInt(words[2]), from));
                case "exit" -> new Exit(Integer.parseInt(words[1]), Integer.parseInt(words[2]) & 0xff, words.length > 3 ? Long.parseLong(words[3]) : 0);
                default -> new Noise();
            };
        } catch (IndexOutOfBoundsException | NumberFormatException malformed) {
            return new Noise();
        }
    }

    private static byte[] data(int size, InputStream from) throws IOException {
        if (size < 0 || size > PIECE) {
            throw new NumberFormatException("a frame of impossible size");
        }
        byte[] data = from.readNBytes(size);
        if (data.length < size) {
            throw new EOFException();
        }
        return data;
    }
}
