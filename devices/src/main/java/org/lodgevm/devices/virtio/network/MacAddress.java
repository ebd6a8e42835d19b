package org.lodgevm.devices.virtio.network;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** An Ethernet address. @param value its six bytes, the first one highest */
public record MacAddress(long value) {
    static final int SIZE = 6;
    static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
    private static final long GROUP = 1L << 40;

    /** Reads {@code 52:54:00:12:34:56}. @throws IllegalArgumentException if it is nothing of that form */
    public static MacAddress parse(String text) {
        if (!text.matches("(?i)[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
            throw new IllegalArgumentException("'%s' is no Ethernet address; write 52:54:00:12:34:56".formatted(text));
        }
        return of(HexFormat.ofDelimiter(":").parseHex(text), 0);
    }

    static MacAddress of(byte[] bytes, int offset) {
        return at(ByteBuffer.wrap(bytes), offset);
    }

    /** @param bytes big-endian */
    static MacAddress at(ByteBuffer bytes, int offset) {
        return new MacAddress((bytes.getShort(offset) & 0xffffL) << Integer.SIZE | bytes.getInt(offset + Short.BYTES) & 0xffff_ffffL);
    }

    byte[] bytes() {
        byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = (byte) (value >> Byte.SIZE * (SIZE - 1 - i));
        }
        return bytes;
    }

    /** Of a group, or of all. */
    boolean isMulticast() {
        return (value & GROUP) != 0;
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes());
    }
}
