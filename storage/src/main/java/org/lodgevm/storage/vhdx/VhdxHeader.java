package org.lodgevm.storage.vhdx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.lodgevm.storage.ByteStore;
import org.lodgevm.storage.CorruptImageException;
import org.lodgevm.storage.UnsupportedImageException;

/**
 * The header in force. A new one is written over the other copy.
 *
 * @param slot which of the two copies this is
 * @param log identifies valid entries of the log, or none
 * @vhdx 2.2.2
 */
record VhdxHeader(int slot, long sequence, UUID fileWrite, UUID dataWrite, UUID log, int logLength, long logOffset) {
    static final int LENGTH = 4096;
    private static final long[] PLACES = {64 << 10, 128 << 10};
    private static final String SIGNATURE = "head";
    private static final int SEQUENCE = 8;
    private static final int FILE_WRITE = 16;
    private static final int DATA_WRITE = 32;
    private static final int LOG = 48;
    private static final int VERSION = 66;
    private static final int LOG_LENGTH = 68;
    private static final int LOG_OFFSET = 72;

    static VhdxHeader read(ByteStore store) throws IOException {
        VhdxHeader newest = null;
        for (int slot = 0; slot < PLACES.length; slot++) {
            ByteBuffer bytes = Structures.read(store, PLACES[slot], LENGTH);
            if (!Structures.isSound(bytes, SIGNATURE)) {
                continue;
            }
            if (bytes.getShort(VERSION) != 1) {
                throw new UnsupportedImageException(store.name(), "it is VHDX of version %d, not 1".formatted(bytes.getShort(VERSION)));
            }
            VhdxHeader header = new VhdxHeader(
                    slot, bytes.getLong(SEQUENCE), Guid.get(bytes, FILE_WRITE), Guid.get(bytes, DATA_WRITE), Guid.get(bytes, LOG),
                    bytes.getInt(LOG_LENGTH), bytes.getLong(LOG_OFFSET));
            if (newest == null || Long.compareUnsigned(header.sequence, newest.sequence) > 0) {
                newest = header;
            }
        }
        if (newest == null) {
            throw new CorruptImageException(store.name(), PLACES[0], "neither of the two headers is sound");
        }
        return newest;
    }

    /** That of a new image, in both copies. */
    static void writeNew(ByteStore store, int logLength, long logOffset) throws IOException {
        VhdxHeader first = new VhdxHeader(1, 0, UUID.randomUUID(), UUID.randomUUID(), Guid.NONE, logLength, logOffset);
        first.withoutLog().write(store).withoutLog().write(store);
    }

    /** The next one, in the other copy. */
    VhdxHeader withoutLog() {
        return new VhdxHeader(1 - slot, sequence + 1, fileWrite, dataWrite, Guid.NONE, logLength, logOffset);
    }

    /** The next one, by which others see that the content is about to change. */
    VhdxHeader renewed() {
        return new VhdxHeader(1 - slot, sequence + 1, UUID.randomUUID(), UUID.randomUUID(), Guid.NONE, logLength, logOffset);
    }

    VhdxHeader write(ByteStore store) throws IOException {
        ByteBuffer bytes = Structures.empty(LENGTH);
        bytes.putLong(SEQUENCE, sequence).putShort(VERSION, (short) 1).putInt(LOG_LENGTH, logLength).putLong(LOG_OFFSET, logOffset);
        Guid.put(bytes, FILE_WRITE, fileWrite);
        Guid.put(bytes, DATA_WRITE, dataWrite);
        Guid.put(bytes, LOG, log);
        store.write(PLACES[slot], Structures.sealed(bytes, SIGNATURE));
        store.flush();
        return this;
    }
}
