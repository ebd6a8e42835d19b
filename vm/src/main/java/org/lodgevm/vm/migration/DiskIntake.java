package org.lodgevm.vm.migration;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The other end of a {@link DiskCopy}. */
final class DiskIntake {
    private final ProtectedMachine machine;
    private final int disks;
    /** Whether anything was written that may not be durable. */
    private boolean written;

    /** @param disks that come along */
    DiskIntake(ProtectedMachine machine, int disks) {
        this.machine = machine;
        this.disks = disks;
    }

    /**
     * Does what a message says. At the end of each round, which any other message is, what came becomes durable, so that little is left for the machine's pause.
     *
     * @return false if the message is about something else
     */
    boolean take(Message message) throws IOException {
        boolean ours = disks > 0 && (message.type() == MessageType.WRITES || message.type() == MessageType.ZEROES);
        if (ours) {
            write(message.type(), ByteBuffer.wrap(message.payload()));
        } else if (written) {
            machine.flushDisks();
        }
        written = ours;
        return ours;
    }

    private void write(MessageType type, ByteBuffer payload) throws IOException {
        if (payload.remaining() <= 1 + Long.BYTES || type == MessageType.ZEROES && payload.remaining() != 1 + 2 * Long.BYTES) {
            throw new MalformedStreamException("a message %s cannot have %d bytes".formatted(type, payload.remaining()));
        }
        int disk = payload.get() & 0xff;
        if (disk >= disks) {
            throw new MalformedStreamException("the source sent something of disk %d, which does not come along".formatted(disk));
        }
        long offset = payload.getLong();
        if (type == MessageType.WRITES) {
            machine.write(disk, offset, payload);
        } else {
            machine.zero(disk, offset, payload.getLong());
        }
    }
}
