package org.lodgevm.vm.firmware;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One SMBIOS structure: a header, a formatted area, and the strings it refers to by number. Source: DSP0134, 6.1. */
final class SmbiosStructure {
    private static final int HEADER_SIZE = 4;

    private final ByteBuffer formatted = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN).position(HEADER_SIZE);
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final int type;
    private final int handle;
    private int stringCount;

    SmbiosStructure(int type, int handle) {
        this.type = type;
        this.handle = handle;
    }

    SmbiosStructure u8(int... values) {
        for (int value : values) {
            formatted.put((byte) value);
        }
        return this;
    }

    SmbiosStructure u16(int... values) {
        for (int value : values) {
            formatted.putShort((short) value);
        }
        return this;
    }

    SmbiosStructure u32(long value) {
        formatted.putInt((int) value);
        return this;
    }

    SmbiosStructure u64(long value) {
        formatted.putLong(value);
        return this;
    }

    /** Each a number in the formatted area and text behind it. */
    SmbiosStructure text(String... values) {
        for (String value : values) {
            formatted.put((byte) ++stringCount);
            strings.writeBytes(value.getBytes(US_ASCII));
            strings.write(0);
        }
        return this;
    }

    /** The structure with its strings and the double zero at their end. */
    byte[] bytes() {
        int length = formatted.position();
        formatted.put(0, (byte) type).put(1, (byte) length).putShort(2, (short) handle);
        byte[] tail = stringCount == 0 ? new byte[2] : new byte[1];
        return ByteBuffer.allocate(length + strings.size() + tail.length)
                .put(formatted.array(), 0, length).put(strings.toByteArray()).put(tail).array();
    }
}
