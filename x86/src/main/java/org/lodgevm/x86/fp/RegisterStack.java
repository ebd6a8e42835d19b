package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put64;

/** The eight 80-bit registers, by physical number in slots of 16 bytes, and the top and the tags that make them a stack. @sdm 1:8.1.2 */
class RegisterStack {
    static final int ALL = 0xff;

    private final long registers;
    int top;
    /** Physical registers that are not empty. */
    int valid;

    RegisterStack(long registers) {
        this.registers = registers;
    }

    /** The host address of physical register r. */
    final long slot(int r) {
        return registers + ((long) r << 4);
    }

    /** The host address of ST(i). */
    final long address(int i) {
        return slot(top + i & 7);
    }

    final int signExponent(int i) {
        return get16(address(i) + 8);
    }

    final long significand(int i) {
        return get64(address(i));
    }

    final boolean isEmpty(int i) {
        return (valid >> (top + i & 7) & 1) == 0;
    }

    final void tag(int i, boolean full) {
        int bit = 1 << (top + i & 7);
        valid = full ? valid | bit : valid & ~bit;
    }

    final void put(int i, int signExponent, long significand) {
        long address = address(i);
        put64(address, significand);
        put16(address + 8, signExponent);
        tag(i, true);
    }

    final void push(int signExponent, long significand) {
        top = top - 1 & 7;
        put(0, signExponent, significand);
    }

    final void pop(int count) {
        for (int i = 0; i < count; i++) {
            tag(0, false);
            top = top + 1 & 7;
        }
    }

    /** Puts the indefinite into ST(i) if it is empty. */
    final void fillEmpty(int i) {
        if (isEmpty(i)) {
            put(i, Extended.INDEFINITE_SIGN_EXPONENT, Extended.INDEFINITE);
        }
    }

    final void clearRegisters() {
        for (int i = 0; i < 8; i++) {
            put64(slot(i), 0);
            put64(slot(i) + 8, 0);
        }
    }
}
