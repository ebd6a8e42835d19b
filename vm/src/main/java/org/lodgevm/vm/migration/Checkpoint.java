package org.lodgevm.vm.migration;

import java.nio.ByteBuffer;

/** The payloads of a checkpoint's messages. */
final class Checkpoint {
    private Checkpoint() {}

    static byte[] encode(long number, boolean running) {
        return ByteBuffer.allocate(Long.BYTES + 1).putLong(number).put((byte) (running ? 1 : 0)).array();
    }

    static byte[] acknowledge(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static long acknowledged(byte[] payload) throws MalformedStreamException {
        return number(payload, Long.BYTES);
    }

    static long number(byte[] payload, int length) throws MalformedStreamException {
        if (payload.length != length) {
            throw new MalformedStreamException("a checkpoint's message has %d bytes, not %d".formatted(payload.length, length));
        }
        return ByteBuffer.wrap(payload).getLong();
    }
}
