package org.lodgevm.x86.decode;

/**
 * The bytes being decoded, copied to where reads need no check: what is read beyond those available is arbitrary, and {@link
 * #position} tells afterwards that it happened.
 */
final class CodeBytes {
    /** The longest instruction, and whatever may be read beyond it. */
    private static final int CAPACITY = 48;

    private final byte[] bytes = new byte[CAPACITY];
    private int at;
    private int peeked;

    void load(byte[] code, int offset, int count) {
        System.arraycopy(code, offset, bytes, 0, count);
        at = 0;
        peeked = 0;
    }

    /** How many bytes have been read. */
    int position() {
        return at;
    }

    /** How many bytes have been read or peeked at. */
    int examined() {
        return Math.max(at, peeked);
    }

    /** The next byte, which stays unread. */
    int peek() {
        peeked = at + 1;
        return bytes[at] & 0xFF;
    }

    int unsignedByte() {
        return bytes[at++] & 0xFF;
    }

    int signedByte() {
        return bytes[at++];
    }

    /** The next two bytes, sign-extended. */
    int word() {
        int value = bytes[at] & 0xFF | bytes[at + 1] << 8;
        at += 2;
        return value;
    }

    int unsignedWord() {
        return word() & 0xFFFF;
    }

    int doubleword() {
        int value =
                bytes[at] & 0xFF
                        | (bytes[at + 1] & 0xFF) << 8
                        | (bytes[at + 2] & 0xFF) << 16
                        | bytes[at + 3] << 24;
        at += 4;
        return value;
    }

    long unsignedDoubleword() {
        return doubleword() & 0xFFFF_FFFFL;
    }

    long quadword() {
        long low = unsignedDoubleword();
        return low | (long) doubleword() << 32;
    }
}
