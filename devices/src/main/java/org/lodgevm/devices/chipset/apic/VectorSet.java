package org.lodgevm.devices.chipset.apic;

import java.util.Arrays;

/** 256 bits in eight registers of 32, as IRR, ISR and TMR are read. @sdm 11.8.4 */
final class VectorSet {
    final int[] words = new int[8];

    void add(int vector) {
        words[vector >> 5] |= 1 << vector;
    }

    void remove(int vector) {
        words[vector >> 5] &= ~(1 << vector);
    }

    boolean contains(int vector) {
        return (words[vector >> 5] & 1 << vector) != 0;
    }

    /** The greatest member, or -1. */
    int highest() {
        for (int i = words.length - 1; i >= 0; i--) {
            if (words[i] != 0) {
                return 32 * i + 31 - Integer.numberOfLeadingZeros(words[i]);
            }
        }
        return -1;
    }

    void clear() {
        Arrays.fill(words, 0);
    }
}
