package org.lodgevm.vm.guest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Locale;

/** The block before each member of an archive. @posix pax, "ustar Interchange Format" */
final class TarHeader {
    static final int SIZE = 512;

    /** A member's kind; the last two are GNU's, and hold a name for the next member that is too long for its header. */
    static final byte FILE = '0';

    static final byte HARD_LINK = '1';
    static final byte SYMBOLIC_LINK = '2';
    static final byte FOLDER = '5';
    static final byte LONG_NAME = 'L';
    static final byte LONG_TARGET = 'K';

    static final Field NAME = new Field(0, 100);
    static final Field MODE = new Field(100, 8);
    static final Field LENGTH = new Field(124, 12);
    static final Field TIME = new Field(136, 12);
    static final Field TARGET = new Field(157, 100);
    static final Field PREFIX = new Field(345, 155);
    private static final Field SUM = new Field(148, 8);
    private static final Field MAGIC = new Field(257, 8);
    private static final int KIND = 156;
    private static final String POSIX = "ustar\00000";
    /** In the first byte of a number: the rest is binary, big-endian. */
    private static final int BINARY = 0x80;

    /** Where something stands. */
    record Field(int start, int size) {}

    private final byte[] bytes;

    /** An empty one. */
    TarHeader() {
        this(new byte[SIZE]);
        text(MAGIC, POSIX.getBytes(ISO_8859_1));
    }

    TarHeader(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isZero() {
        return Arrays.mismatch(bytes, new byte[SIZE]) < 0;
    }

    /** Whether names can have a prefix: GNU's own format uses its place for something else. */
    boolean isPosix() {
        return Arrays.equals(text(MAGIC), "ustar".getBytes(ISO_8859_1));
    }

    byte kind() {
        return bytes[KIND];
    }

    void kind(byte kind) {
        bytes[KIND] = kind;
    }

    byte[] text(Field field) {
        int end = field.start;
        while (end < field.start + field.size && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(bytes, field.start, end);
    }

    /** Writes as much of it as there is room for. */
    void text(Field field, byte[] text) {
        System.arraycopy(text, 0, bytes, field.start, Math.min(text.length, field.size));
    }

    /** @throws NumberFormatException if there is none, or an impossible one */
    long number(Field field) {
        if ((bytes[field.start] & BINARY) == 0) {
            String octal = new String(text(field), ISO_8859_1).strip();
            return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
        }
        long value = bytes[field.start] & BINARY - 1;
        for (int i = field.start + 1; i < field.start + field.size; i++) {
            if (value >> Long.SIZE - Byte.SIZE - 1 != 0) {
                throw new NumberFormatException("too large");
            }
            value = value << Byte.SIZE | bytes[i] & 0xff;
        }
        return value;
    }

    void number(Field field, long value) {
        String octal = String.format(Locale.ROOT, "%0" + (field.size - 1) + "o", value);
        if (octal.length() < field.size) {
            text(field, octal.getBytes(ISO_8859_1));
            return;
        }
        long rest = value;
        for (int i = field.start + field.size - 1; i > field.start; i--, rest >>= Byte.SIZE) {
            bytes[i] = (byte) rest;
        }
        bytes[field.start] = (byte) BINARY;
    }

    /** What the field of that name must hold. */
    long sum() {
        long sum = 0;
        for (int i = 0; i < SIZE; i++) {
            boolean own = i >= SUM.start && i < SUM.start + SUM.size;
            sum += own ? ' ' : bytes[i] & 0xff;
        }
        return sum;
    }

    boolean isIntact() {
        return number(SUM) == sum();
    }

    /** The block, with its sum. */
    byte[] sealed() {
        number(SUM, sum());
        return bytes;
    }
}
