package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.List;

/** The guest's end of the protocol, spoken by a test. */
final class FakeAgent implements AutoCloseable {
    final Guest guest;
    private final OutputStream toHost;
    private final InputStream fromHost;

    FakeAgent() throws IOException {
        // the operating system's pipes: those of java.io break when a thread that wrote has ended
        Pipe received = Pipe.open();
        Pipe sent = Pipe.open();
        fromHost = Channels.newInputStream(sent.source());
        toHost = Channels.newOutputStream(received.sink());
        guest = new Guest(Channels.newInputStream(received.source()), Channels.newOutputStream(sent.sink()), List.of());
    }

    /** One that has been welcomed. */
    static FakeAgent welcomed() throws IOException {
        FakeAgent agent = new FakeAgent();
        agent.say("hello 1 word\n");
        agent.expect("");
        agent.expect("welcome word");
        return agent;
    }

    void say(String text) throws IOException {
        say(text.getBytes(ISO_8859_1));
    }

    void say(byte[] bytes) throws IOException {
        toHost.write(bytes);
        toHost.flush();
    }

    /** The host's next line. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = fromHost.read(); next >= 0 && next != '\n'; next = fromHost.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    String bytes(int count) throws IOException {
        return new String(fromHost.readNBytes(count), ISO_8859_1);
    }

    void expect(String line) throws IOException {
        String said = line();
        if (!said.equals(line)) {
            throw new AssertionError("the host says '%s', not '%s'".formatted(said, line));
        }
    }

    /** Takes a command. @return its script */
    String takeCommand(int id) throws IOException {
        String[] words = line().split(" ");
        if (!words[0].equals("run") || Integer.parseInt(words[1]) != id) {
            throw new AssertionError("the host says " + List.of(words));
        }
        return bytes(Integer.parseInt(words[2]));
    }

    @Override
    public void close() throws IOException {
        toHost.close();
    }
}
