package org.lodgevm.vm.acpi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * ACPI Machine Language: each method returns the encoding of one term, made of the encodings of its parts. Names and order of
 * operands are those of ASL. @acpi 20.2
 */
final class Aml {
    private static final int ZERO_OP = 0x00;
    private static final int ONE_OP = 0x01;
    private static final int NAME_OP = 0x08;
    private static final int BYTE_PREFIX = 0x0a;
    private static final int WORD_PREFIX = 0x0b;
    private static final int DWORD_PREFIX = 0x0c;
    private static final int STRING_PREFIX = 0x0d;
    private static final int QWORD_PREFIX = 0x0e;
    private static final int SCOPE_OP = 0x10;
    private static final int BUFFER_OP = 0x11;
    private static final int PACKAGE_OP = 0x12;
    private static final int METHOD_OP = 0x14;
    private static final int DUAL_NAME_PREFIX = 0x2e;
    private static final int MULTI_NAME_PREFIX = 0x2f;
    private static final int EXT_OP_PREFIX = 0x5b;
    private static final int OP_REGION_OP = 0x80;
    private static final int FIELD_OP = 0x81;
    private static final int DEVICE_OP = 0x82;
    private static final int LOCAL0_OP = 0x60;
    private static final int ARG0_OP = 0x68;
    private static final int STORE_OP = 0x70;
    private static final int AND_OP = 0x7b;
    private static final int OR_OP = 0x7d;
    private static final int CREATE_WORD_FIELD_OP = 0x8b;
    private static final int CREATE_DWORD_FIELD_OP = 0x8a;
    private static final int FIND_SET_RIGHT_BIT_OP = 0x82;
    private static final int SHIFT_LEFT_OP = 0x79;
    private static final int SUBTRACT_OP = 0x74;
    private static final int NOTIFY_OP = 0x86;
    private static final int LNOT_OP = 0x92;
    private static final int LEQUAL_OP = 0x93;
    private static final int IF_OP = 0xa0;
    private static final int ELSE_OP = 0xa1;
    private static final int RETURN_OP = 0xa4;
    private static final int SERIALIZED = 1 << 3;
    private static final int NAME_SEGMENT = 4;

    /** Operation regions' address spaces. @acpi 5.5.2.4 */
    static final int PCI_CONFIG = 2;

    /** A unit of a {@link #field}: a name and its width in bits; an empty name skips. */
    record FieldUnit(String name, int bits) {}

    private Aml() {}

    // ---- names and constants ---------------------------------------------------------------------------------

    /** A name string such as {@code \_SB.PCI0}; segments shorter than four characters are padded. */
    static byte[] path(String text) {
        int prefix = 0;
        while (prefix < text.length() && (text.charAt(prefix) == '\\' || text.charAt(prefix) == '^')) {
            prefix++;
        }
        byte[] roots = text.substring(0, prefix).getBytes(US_ASCII);
        String[] segments = text.substring(prefix).split("\\.");
        byte[] marker = switch (segments.length) {
            case 1 -> new byte[0];
            case 2 -> bytes(DUAL_NAME_PREFIX);
            default -> bytes(MULTI_NAME_PREFIX, segments.length);
        };
        byte[] names = new byte[0];
        for (String segment : segments) {
            names = join(names, (segment + "_".repeat(NAME_SEGMENT - segment.length())).getBytes(US_ASCII));
        }
        return join(roots, marker, names);
    }

    static byte[] integer(long value) {
        if (value == 0) {
            return bytes(ZERO_OP);
        } else if (value == 1) {
            return bytes(ONE_OP);
        } else if (value >>> 8 == 0) {
            return constant(BYTE_PREFIX, value, 1);
        } else if (value >>> 16 == 0) {
            return constant(WORD_PREFIX, value, 2);
        } else if (value >>> 32 == 0) {
            return constant(DWORD_PREFIX, value, 4);
        }
        return constant(QWORD_PREFIX, value, 8);
    }

    private static byte[] constant(int prefix, long value, int size) {
        return join(bytes(prefix), little(value, size));
    }

    static byte[] string(String text) {
        return join(bytes(STRING_PREFIX), text.getBytes(US_ASCII), bytes(0));
    }

    /** A compressed identifier such as PNP0501: three letters of five bits, four hexadecimal digits, high byte first. @acpi 19.3.4 */
    static byte[] eisaId(String id) {
        int vendor = (id.charAt(0) - '@') << 10 | (id.charAt(1) - '@') << 5 | id.charAt(2) - '@';
        int compressed = vendor << 16 | Integer.parseInt(id.substring(3), 16);
        return integer(Integer.toUnsignedLong(Integer.reverseBytes(compressed)));
    }

    /** A universally unique identifier as a buffer: its first three groups are little-endian. @acpi 19.6.142 */
    static byte[] uuid(String text) {
        String[] groups = text.toLowerCase(Locale.ROOT).split("-");
        byte[] value = join(
                little(Long.parseLong(groups[0], 16), 4),
                little(Long.parseLong(groups[1], 16), 2),
                little(Long.parseLong(groups[2], 16), 2),
                HexFormat.of().parseHex(groups[3] + groups[4]));
        return buffer(value);
    }

    static byte[] buffer(byte[] contents) {
        return join(bytes(BUFFER_OP), packaged(integer(contents.length), contents));
    }

    static byte[] pack(byte[]... elements) {
        return join(bytes(PACKAGE_OP), packaged(bytes(elements.length), join(elements)));
    }

    static byte[] resourceTemplate(byte[]... resources) {
        return buffer(join(join(resources), Resource.endTag()));
    }

    static byte[] local(int index) {
        return bytes(LOCAL0_OP + index);
    }

    static byte[] arg(int index) {
        return bytes(ARG0_OP + index);
    }

    // ---- declarations ----------------------------------------------------------------------------------------

    static byte[] name(String name, byte[] value) {
        return join(bytes(NAME_OP), path(name), value);
    }

    static byte[] scope(String name, byte[]... terms) {
        return join(bytes(SCOPE_OP), packaged(path(name), join(terms)));
    }

    static byte[] device(String name, byte[]... terms) {
        return join(bytes(EXT_OP_PREFIX, DEVICE_OP), packaged(path(name), join(terms)));
    }

    static byte[] method(String name, int arguments, byte[]... terms) {
        return join(bytes(METHOD_OP), packaged(path(name), bytes(arguments), join(terms)));
    }

    /** A method that creates named objects, which two threads must not do at once. */
    static byte[] serializedMethod(String name, int arguments, byte[]... terms) {
        return join(bytes(METHOD_OP), packaged(path(name), bytes(arguments | SERIALIZED), join(terms)));
    }

    static byte[] operationRegion(String name, int space, long offset, long length) {
        return join(bytes(EXT_OP_PREFIX, OP_REGION_OP), path(name), bytes(space), integer(offset), integer(length));
    }

    /** Fields of a region, accessed a byte at a time, other bits preserved. */
    static byte[] field(String region, FieldUnit... units) {
        int byteAccess = 1;
        byte[] list = new byte[0];
        for (FieldUnit unit : units) {
            byte[] unitName = unit.name.isEmpty() ? bytes(0) : path(unit.name);
            list = join(list, unitName, length(unit.bits));
        }
        return join(bytes(EXT_OP_PREFIX, FIELD_OP), packaged(path(region), bytes(byteAccess), list));
    }

    static byte[] createWordField(byte[] source, int offset, String name) {
        return join(bytes(CREATE_WORD_FIELD_OP), source, integer(offset), path(name));
    }

    static byte[] createDWordField(byte[] source, int offset, String name) {
        return join(bytes(CREATE_DWORD_FIELD_OP), source, integer(offset), path(name));
    }

    // ---- statements and expressions --------------------------------------------------------------------------

    static byte[] ret(byte[] value) {
        return join(bytes(RETURN_OP), value);
    }

    static byte[] store(byte[] value, byte[] target) {
        return join(bytes(STORE_OP), value, target);
    }

    /** Tells a device's driver of an event. */
    static byte[] notification(byte[] device, byte[] value) {
        return join(bytes(NOTIFY_OP), device, value);
    }

    static byte[] and(byte[] a, byte[] b, byte[] target) {
        return join(bytes(AND_OP), a, b, target);
    }

    static byte[] or(byte[] a, byte[] b, byte[] target) {
        return join(bytes(OR_OP), a, b, target);
    }

    static byte[] subtract(byte[] a, byte[] b, byte[] target) {
        return join(bytes(SUBTRACT_OP), a, b, target);
    }

    static byte[] shiftLeft(byte[] value, byte[] count, byte[] target) {
        return join(bytes(SHIFT_LEFT_OP), value, count, target);
    }

    /** The number of the lowest bit set, from one; zero if there is none. */
    static byte[] findSetRightBit(byte[] value, byte[] target) {
        return join(bytes(FIND_SET_RIGHT_BIT_OP), value, target);
    }

    /** For an operator whose result is used as a value only. */
    static byte[] nowhere() {
        return bytes(ZERO_OP);
    }

    static byte[] equal(byte[] a, byte[] b) {
        return join(bytes(LEQUAL_OP), a, b);
    }

    static byte[] not(byte[] condition) {
        return join(bytes(LNOT_OP), condition);
    }

    static byte[] when(byte[] condition, byte[]... terms) {
        return join(bytes(IF_OP), packaged(condition, join(terms)));
    }

    static byte[] otherwise(byte[]... terms) {
        return join(bytes(ELSE_OP), packaged(join(terms)));
    }

    // ---- encoding --------------------------------------------------------------------------------------------

    /** Contents preceded by PkgLength, which counts itself. @acpi 20.2.4 */
    private static byte[] packaged(byte[]... parts) {
        byte[] contents = join(parts);
        int own = 1;
        while (length(contents.length + own).length != own) {
            own++;
        }
        return join(length(contents.length + own), contents);
    }

    private static byte[] length(int value) {
        if (value < 1 << 6) {
            return bytes(value);
        }
        int following = value < 1 << 12 ? 1 : value < 1 << 20 ? 2 : 3;
        return join(bytes(following << 6 | value & 0xf), little(value >>> 4, following));
    }

    static byte[] little(long value, int size) {
        return Arrays.copyOf(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), size);
    }

    static byte[] bytes(int... values) {
        byte[] result = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (byte) values[i];
        }
        return result;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
