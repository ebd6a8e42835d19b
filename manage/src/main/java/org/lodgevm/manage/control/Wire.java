package org.lodgevm.manage.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.lodgevm.manage.control.ControlException.Code;
import org.lodgevm.vm.migration.MigrationLink;

/** One end of a connection: objects of JSON, a line each. Any thread may send. */
final class Wire implements AutoCloseable {
    /** Of a line: enough for the longest command and the largest block of data. */
    static final int LONGEST = 8 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    Wire(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        this.out = Channels.newOutputStream(channel);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Any value that has a form in JSON. */
    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    void send(ObjectNode message) throws IOException {
        byte[] line = MAPPER.writeValueAsBytes(message);
        synchronized (out) {
            out.write(line);
            out.write('\n');
            out.flush();
        }
    }

    /**
     * @return the next object, or null at the end
     * @throws ControlException if it is none
     */
    ObjectNode receive() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() == LONGEST) {
                throw new ControlException(Code.MALFORMED, "a line has more than %d bytes".formatted(LONGEST));
            }
            line.write(next);
        }
        try {
            if (MAPPER.readTree(line.toByteArray()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new ControlException(Code.MALFORMED, "a line is no JSON: " + e.getOriginalMessage());
        }
        throw new ControlException(Code.MALFORMED, "a line is JSON, but no object");
    }

    /** The rest of what is said, which are no lines any more. */
    MigrationLink link() {
        return MigrationLink.of(in, out);
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // nothing is left to be closed
        }
    }
}
