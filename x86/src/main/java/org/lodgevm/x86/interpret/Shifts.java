package org.lodgevm.x86.interpret;

/**
 * Shifts and rotates. The count is masked to 5 bits, 6 with 64-bit operands; a count of zero changes no flag.
 *
 * <p>OF is defined for a count of 1 alone; for others it is computed by the same rule. @sdm volume 2 "SAL/SAR/SHL/SHR",
 * "RCL/RCR/ROL/ROR", "SHLD", "SHRD"
 */
final class Shifts {
    private Shifts() {}

    private static int count(long count, int bits) {
        return (int) count & (bits == 64 ? 63 : 31);
    }

    private static boolean bit(long value, int number) {
        return number >= 0 && number < 64 && (value >>> number & 1) != 0;
    }

    static long shl(Cpu c, long a, long b, int bits) {
        int n = count(b, bits);
        if (n == 0) {
            return a;
        }
        long r = a << n;
        boolean cf = n <= bits && bit(a, bits - n);
        return Flags.set(c, r, bits, cf, cf != bit(r, bits - 1));
    }

    static long sal(Cpu c, long a, long b, int bits) {
        return shl(c, a, b, bits);
    }

    static long shr(Cpu c, long a, long b, int bits) {
        int n = count(b, bits);
        if (n == 0) {
            return a;
        }
        // OF by the rule for a count of 1: the sign changes
        return Flags.set(c, a >>> n, bits, bit(a, n - 1), bit(a, bits - 1) && n == 1);
    }

    static long sar(Cpu c, long a, long b, int bits) {
        int n = count(b, bits);
        if (n == 0) {
            return a;
        }
        long x = Arithmetic.extend(a, bits);
        return Flags.set(c, x >> n, bits, bit(x >> n - 1, 0), false);
    }

    static long rol(Cpu c, long a, long b, int bits) {
        int masked = count(b, bits);
        if (masked == 0) {
            return a;
        }
        int n = masked & bits - 1;
        long r = n == 0 ? a : a << n | a >>> bits - n;
        boolean cf = bit(r, 0);
        Flags.carryAndOverflow(c, cf, cf != bit(r, bits - 1));
        return r;
    }

    static long ror(Cpu c, long a, long b, int bits) {
        int masked = count(b, bits);
        if (masked == 0) {
            return a;
        }
        int n = masked & bits - 1;
        long r = n == 0 ? a : a >>> n | a << bits - n;
        boolean cf = bit(r, bits - 1);
        Flags.carryAndOverflow(c, cf, cf != bit(r, bits - 2));
        return r;
    }

    static long rcl(Cpu c, long a, long b, int bits) {
        int n = count(b, bits);
        n = bits < 32 ? n % (bits + 1) : n;
        boolean cf = Flags.cf(c);
        if (n == 0) {
            return a;
        }
        long in = cf ? 1 : 0;
        long r = shiftLeft(a, n) | in << n - 1 | (n > 1 ? a >>> bits + 1 - n : 0);
        boolean out = bit(a, bits - n);
        Flags.carryAndOverflow(c, out, out != bit(r, bits - 1));
        return r;
    }

    static long rcr(Cpu c, long a, long b, int bits) {
        int n = count(b, bits);
        n = bits < 32 ? n % (bits + 1) : n;
        boolean cf = Flags.cf(c);
        if (n == 0) {
            return a;
        }
        long in = cf ? 1 : 0;
        long r = (n < 64 ? a >>> n : 0) | in << bits - n | (n > 1 ? a << bits + 1 - n : 0);
        boolean out = bit(a, n - 1);
        Flags.carryAndOverflow(c, out, bit(r, bits - 1) != bit(r, bits - 2));
        return r;
    }

    private static long shiftLeft(long a, int n) {
        return n < 64 ? a << n : 0;
    }

    static long shld(Cpu c, long a, long b, long count, int bits) {
        int n = count(count, bits);
        if (n == 0) {
            return a;
        }
        if (bits == 16) {
            // counts above 16 are undefined; the source is shifted in again, as processors do
            long both = a << 32 | b << 16 | a;
            long r16 = both << n >>> 32;
            return Flags.set(c, r16, 16, bit(both, 48 - n), bit(a, 15) != bit(r16, 15));
        }
        long r = a << n | b >>> bits - n;
        return Flags.set(c, r, bits, bit(a, bits - n), bit(a, bits - 1) != bit(r, bits - 1));
    }

    static long shrd(Cpu c, long a, long b, long count, int bits) {
        int n = count(count, bits);
        if (n == 0) {
            return a;
        }
        if (bits == 16) {
            long both = a << 32 | b << 16 | a;
            long r16 = both >>> n;
            return Flags.set(c, r16, 16, bit(both, n - 1), bit(a, 15) != bit(r16, 15));
        }
        long r = a >>> n | b << bits - n;
        return Flags.set(c, r, bits, bit(a, n - 1), bit(a, bits - 1) != bit(r, bits - 1));
    }

    static long shlx(Cpu c, long a, long b, int bits) {
        return a << count(b, bits);
    }

    static long shrx(Cpu c, long a, long b, int bits) {
        return a >>> count(b, bits);
    }

    static long sarx(Cpu c, long a, long b, int bits) {
        return Arithmetic.extend(a, bits) >> count(b, bits);
    }

    static long rorx(Cpu c, long a, long b, int bits) {
        int n = count(b, bits);
        return n == 0 ? a : a >>> n | a << bits - n;
    }
}
