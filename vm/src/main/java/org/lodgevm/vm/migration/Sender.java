package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends what a machine did to the outside. */
record Sender(MessageSink sink) implements HeldOutput.Reader {
    @Override
    public void text(int output, byte[] bytes) throws IOException {
        sink.send(MessageType.TEXT, ByteBuffer.allocate(1 + bytes.length).put((byte) output).put(bytes).array());
    }

    @Override
    public void write(int disk, long offset, ByteBuffer bytes) throws IOException {
        sink.send(MessageType.WRITES, ByteBuffer.allocate(1 + Long.BYTES + bytes.remaining()).put((byte) disk).putLong(offset).put(bytes.duplicate()).array());
    }
}
