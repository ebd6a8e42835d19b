package org.lodgevm.x86.interpret;

/** Bit tests, scans and counts, BMI1 and BMI2. */
final class Bits {
    private Bits() {}

    private static long bit(Cpu c, long a, long b, int bits) {
        int n = (int) b & bits - 1;
        Flags.carry(c, (a >>> n & 1) != 0);
        return 1L << n;
    }

    static long bt(Cpu c, long a, long b, int bits) {
        bit(c, a, b, bits);
        return a;
    }

    static long bts(Cpu c, long a, long b, int bits) {
        return a | bit(c, a, b, bits);
    }

    static long btr(Cpu c, long a, long b, int bits) {
        return a & ~bit(c, a, b, bits);
    }

    static long btc(Cpu c, long a, long b, int bits) {
        return a ^ bit(c, a, b, bits);
    }

    /** A zero source sets ZF and leaves the destination as it was, which both makers' processors do. */
    static long bsf(Cpu c, long old, long a, int bits) {
        if (a == 0) {
            Flags.zero(c, true);
            return old;
        }
        Flags.zero(c, false);
        return Long.numberOfTrailingZeros(a);
    }

    static long bsr(Cpu c, long old, long a, int bits) {
        if (a == 0) {
            Flags.zero(c, true);
            return old;
        }
        Flags.zero(c, false);
        return 63 - Long.numberOfLeadingZeros(a);
    }

    static long tzcnt(Cpu c, long a, int bits) {
        long r = a == 0 ? bits : Long.numberOfTrailingZeros(a);
        return counted(c, r, a == 0, bits);
    }

    static long lzcnt(Cpu c, long a, int bits) {
        long r = Long.numberOfLeadingZeros(a) - (64 - bits);
        return counted(c, r, a == 0, bits);
    }

    private static long counted(Cpu c, long r, boolean zeroSource, int bits) {
        Flags.set(c, r, bits, zeroSource, false);
        return r;
    }

    static long popcnt(Cpu c, long a, int bits) {
        Flags.logic(c, a == 0 ? 0 : 2, bits);
        // every flag but ZF is cleared, PF too: a "result" of 2 has odd parity, and for zero parity has to be inverted
        c.flagAux = a == 0 ? 1 << 8 : 0;
        return Long.bitCount(a);
    }

    static long bextr(Cpu c, long a, long control, int bits) {
        int start = (int) control & 0xff;
        int length = (int) control >>> 8 & 0xff;
        long field = start < 64 ? a >>> start : 0;
        return Flags.logic(c, length < 64 ? field & (1L << length) - 1 : field, bits);
    }

    static long blsi(Cpu c, long a, int bits) {
        long r = a & -a;
        return Flags.set(c, r, bits, a != 0, false);
    }

    static long blsmsk(Cpu c, long a, int bits) {
        long r = a ^ a - 1;
        return Flags.set(c, r, bits, a == 0, false);
    }

    static long blsr(Cpu c, long a, int bits) {
        long r = a & a - 1;
        return Flags.set(c, r, bits, a == 0, false);
    }

    static long bzhi(Cpu c, long a, long b, int bits) {
        int n = (int) b & 0xff;
        long r = n < bits ? a & (1L << n) - 1 : a;
        return Flags.set(c, r, bits, n >= bits, false);
    }

    static long pdep(Cpu c, long a, long mask, int bits) {
        return Long.expand(a, mask);
    }

    static long pext(Cpu c, long a, long mask, int bits) {
        return Long.compress(a, mask);
    }
}
