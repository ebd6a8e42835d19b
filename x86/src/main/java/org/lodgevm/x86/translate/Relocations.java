package org.lodgevm.x86.translate;

import java.util.Arrays;
import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.paging.Tlb;

/** Which fields of a region's code depend on where it is, on whose it is, and on where its page of guest code is mapped. */
final class Relocations {
    /** Kinds of fields that depend on a guest address: an address of four bytes that are extended with its sign, or with zeros. */
    static final int SIGNED = 0;
    static final int UNSIGNED = 1;
    /** One of eight bytes. */
    static final int WHOLE = 2;
    /** Four bytes with the offset of the address's entry in the {@link Tlb}. */
    static final int TLB_ENTRY = 3;
    private static final int KIND_SHIFT = 28;
    private static final int OFFSET_MASK = (1 << KIND_SHIFT) - 1;

    private final Fields gates = new Fields();
    private final Fields numbers = new Fields();
    private final Fields addresses = new Fields();
    private boolean forbidden;
    private boolean fixed;

    /** Numbers in a row. */
    private static final class Fields {
        private int[] values = new int[16];
        private int count;

        void add(int value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }

        int[] all() {
            return Arrays.copyOf(values, count);
        }
    }

    /** A distance to the {@link Gate}, four bytes at this offset. */
    void gate(int offset) {
        gates.add(offset);
    }

    /** What {@link Source#callOut} gave, four bytes at this offset. */
    void number(int offset) {
        numbers.add(offset);
    }

    /**
     * A field that depends on an address.
     *
     * @param distance of the address from the page of guest code
     */
    void address(int offset, int kind, int distance) {
        addresses.add(offset | kind << KIND_SHIFT);
        addresses.add(distance);
    }

    static int bytes(int kind) {
        return kind == WHOLE ? Long.BYTES : Integer.BYTES;
    }

    void forbid() {
        forbidden = true;
    }

    /** Whether the code is of use to this translator only. */
    boolean forbidden() {
        return forbidden;
    }

    void fix() {
        fixed = true;
    }

    /** Whether the code is of use only where its page is mapped at the same address. */
    boolean fixed() {
        return fixed;
    }

    int[] gates() {
        return gates.all();
    }

    int[] numbers() {
        return numbers.all();
    }

    /** Two numbers each, as {@link #fits} and {@link #move} take them. */
    int[] addresses() {
        return addresses.all();
    }

    /** Whether a field can hold what it has to with the page at that address. */
    static boolean fits(int field, int distance, long page) {
        long address = page + distance;
        return switch (field >>> KIND_SHIFT) {
            case SIGNED -> (int) address == address;
            case UNSIGNED -> address >>> 32 == 0;
            default -> true;
        };
    }

    /**
     * Changes a field for the page being mapped somewhere else.
     *
     * @param code host address
     * @param from where the page was
     */
    static void move(CodeMemory memory, long code, int field, int distance, long from, long page) {
        long at = code + (field & OFFSET_MASK);
        switch (field >>> KIND_SHIFT) {
            case WHOLE -> memory.write64(at, page + distance);
            case TLB_ENTRY -> memory.write32(at, HostMemory.get32(at) + Tlb.entry(page + distance) - Tlb.entry(from + distance));
            default -> memory.write32(at, (int) (page + distance));
        }
    }
}
