package org.lodgevm.storage.vhdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** How Windows writes a UUID: its first three parts in little-endian order. */
final class Guid {
    static final UUID NONE = new UUID(0, 0);
    static final int LENGTH = 16;

    private Guid() {}

    static UUID get(ByteBuffer bytes, int at) {
        long high = (bytes.getInt(at) & 0xffff_ffffL) << Integer.SIZE | (bytes.getShort(at + 4) & 0xffffL) << Short.SIZE | bytes.getShort(at + 6) & 0xffffL;
        return new UUID(high, bytes.slice(at + 8, Long.BYTES).order(ByteOrder.BIG_ENDIAN).getLong(0));
    }

    static void put(ByteBuffer bytes, int at, UUID uuid) {
        long high = uuid.getMostSignificantBits();
        bytes.putInt(at, (int) (high >>> Integer.SIZE)).putShort(at + 4, (short) (high >>> Short.SIZE)).putShort(at + 6, (short) high);
        bytes.slice(at + 8, Long.BYTES).order(ByteOrder.BIG_ENDIAN).putLong(0, uuid.getLeastSignificantBits());
    }
}
