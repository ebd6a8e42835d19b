package org.lodgevm.image.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The guest's end of the lines, with the words of the protocol's description and none of the host's code. */
final class FakeGuest {
    final Wire dataOut = new Wire();
    final Wire dataIn = new Wire();
    final Wire errorsOut = new Wire();
    final Wire errorsIn = new Wire();
    final Wire controlOut = new Wire();
    final Wire controlIn = new Wire();

    ConsoleProtocol host(RunPlan plan) {
        return new ConsoleProtocol(
                new UartStreams(dataOut.exit, dataIn.entry),
                new UartStreams(errorsOut.exit, errorsIn.entry),
                new UartStreams(controlOut.exit, controlIn.entry),
                plan);
    }

    /** Says hello and waits for the answer. */
    void start() throws IOException {
        say("hello 1");
        String answer = hear();
        if (!answer.equals("go")) {
            throw new AssertionError("the host says " + answer);
        }
    }

    void say(String message) throws IOException {
        controlOut.entry.write((message + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    String hear() throws IOException {
        return line(controlIn);
    }

    void print(String text) throws IOException {
        dataOut.entry.write(text.getBytes(StandardCharsets.UTF_8));
    }

    void complain(String text) throws IOException {
        errorsOut.entry.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Asks for one block of standard input. */
    byte[] more() throws IOException {
        say("more");
        return dataIn.exit.readNBytes(Integer.parseInt(line(dataIn)));
    }

    void powerOff() throws IOException {
        dataOut.entry.close();
        errorsOut.entry.close();
        controlOut.entry.close();
    }

    private static String line(Wire wire) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int next = wire.exit.read(); next != '\n'; next = wire.exit.read()) {
            text.write(next);
        }
        return text.toString(StandardCharsets.US_ASCII);
    }
}
