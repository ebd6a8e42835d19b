package org.lodgevm.x86.interpret;

/**
 * Ops already chosen, by form of instruction: most instructions differ from an earlier one in registers, displacement
 * and immediate alone. Open addressing; belongs to one thread.
 */
final class BoundForms {
    private long[] keys = new long[1 << 12];
    private Op[] ops = new Op[keys.length];
    private int size;

    /** An op to copy, or null. Keys are not zero. */
    Op get(long key) {
        for (int i = slot(key);; i = i + 1 & keys.length - 1) {
            if (keys[i] == key) {
                return ops[i];
            }
            if (keys[i] == 0) {
                return null;
            }
        }
    }

    void put(long key, Op op) {
        if (++size * 2 > keys.length) {
            grow();
        }
        int i = slot(key);
        while (keys[i] != 0) {
            i = i + 1 & keys.length - 1;
        }
        keys[i] = key;
        ops[i] = op;
    }

    private int slot(long key) {
        return (int) (key * 0x9e37_79b9_7f4a_7c15L >>> 40) & keys.length - 1;
    }

    private void grow() {
        long[] oldKeys = keys;
        Op[] oldOps = ops;
        keys = new long[oldKeys.length * 2];
        ops = new Op[keys.length];
        size = 1;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldOps[i]);
            }
        }
    }
}
