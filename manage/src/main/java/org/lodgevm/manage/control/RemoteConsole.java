package org.lodgevm.manage.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A client's end of a console. */
public final class RemoteConsole implements AutoCloseable {
    private final Wire wire;

    RemoteConsole(Wire wire) {
        this.wire = wire;
    }

    /** Types. */
    public void send(byte[] bytes, int length) throws IOException {
        wire.send(Wire.object().put("input", Arrays.copyOf(bytes, length)));
    }

    /**
     * Copies what the guest writes, until the machine ends or this is closed.
     *
     * @return how the machine ended, or null if it was this that ended
     */
    public String show(OutputStream screen) throws IOException {
        for (ObjectNode received = wire.receive(); received != null; received = wire.receive()) {
            if (received.has("error")) {
                throw ControlClient.error(received);
            }
            if (received.has("end")) {
                return received.get("end").asText();
            }
            screen.write(received.path("output").binaryValue());
            screen.flush();
        }
        return null;
    }

    @Override
    public void close() {
        wire.close();
    }
}
