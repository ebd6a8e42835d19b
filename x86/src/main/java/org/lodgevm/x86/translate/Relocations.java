package org.lodgevm.x86.translate;

import java.util.Arrays;

/** Which fields of a region's code, of four bytes each, depend on where it is and on whose it is. */
final class Relocations {
    private int[] gates = new int[16];
    private int gateCount;
    private int[] numbers = new int[4];
    private int numberCount;
    private boolean forbidden;

    /** A distance to the {@link Gate}, at this offset. */
    void gate(int offset) {
        if (gateCount == gates.length) {
            gates = Arrays.copyOf(gates, 2 * gateCount);
        }
        gates[gateCount++] = offset;
    }

    /** What {@link Source#callOut} gave, at this offset. */
    void number(int offset) {
        if (numberCount == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numberCount);
        }
        numbers[numberCount++] = offset;
    }

    void forbid() {
        forbidden = true;
    }

    /** Whether the code is of use to this translator only. */
    boolean forbidden() {
        return forbidden;
    }

    int[] gates() {
        return Arrays.copyOf(gates, gateCount);
    }

    int[] numbers() {
        return Arrays.copyOf(numbers, numberCount);
    }
}
