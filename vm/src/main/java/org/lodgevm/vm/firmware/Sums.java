package org.lodgevm.vm.firmware;

/** The checksum that firmware tables share: all bytes of a range add up to zero. */
final class Sums {
    private Sums() {}

    /** Sets the byte at {@code at} so that {@code length} bytes from {@code start} sum up to zero. */
    static void fix(byte[] table, int at, int start, int length) {
        table[at] = 0;
        int sum = 0;
        for (int i = start; i < start + length; i++) {
            sum += table[i];
        }
        table[at] = (byte) -sum;
    }
}
