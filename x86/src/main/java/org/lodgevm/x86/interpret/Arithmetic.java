package org.lodgevm.x86.interpret;

/**
 * Addition, subtraction, logic, multiplication: each operation once, for every width.
 *
 * <p>Arguments come zero-extended; only the low {@code bits} bits of a result count. @sdm volume 2
 */
final class Arithmetic {
    private Arithmetic() {}

    static long add(Cpu c, long a, long b, int bits) {
        long r = a + b;
        return Flags.arithmetic(c, r, a & b | (a | b) & ~r, bits);
    }

    static long adc(Cpu c, long a, long b, int bits) {
        long r = a + b + (c.flagAux >>> 63);
        return Flags.arithmetic(c, r, a & b | (a | b) & ~r, bits);
    }

    static long sub(Cpu c, long a, long b, int bits) {
        long r = a - b;
        return Flags.arithmetic(c, r, ~a & b | (~a | b) & r, bits);
    }

    static long sbb(Cpu c, long a, long b, int bits) {
        long r = a - b - (c.flagAux >>> 63);
        return Flags.arithmetic(c, r, ~a & b | (~a | b) & r, bits);
    }

    static long cmp(Cpu c, long a, long b, int bits) {
        return sub(c, a, b, bits);
    }

    /** CF is not affected. */
    static long inc(Cpu c, long a, int bits) {
        boolean cf = Flags.cf(c);
        long r = add(c, a, 1, bits);
        Flags.carry(c, cf);
        return r;
    }

    /** CF is not affected. */
    static long dec(Cpu c, long a, int bits) {
        boolean cf = Flags.cf(c);
        long r = sub(c, a, 1, bits);
        Flags.carry(c, cf);
        return r;
    }

    static long neg(Cpu c, long a, int bits) {
        return sub(c, 0, a, bits);
    }

    static long not(Cpu c, long a, int bits) {
        return ~a;
    }

    static long and(Cpu c, long a, long b, int bits) {
        return Flags.logic(c, a & b, bits);
    }

    static long or(Cpu c, long a, long b, int bits) {
        return Flags.logic(c, a | b, bits);
    }

    static long xor(Cpu c, long a, long b, int bits) {
        return Flags.logic(c, a ^ b, bits);
    }

    static long test(Cpu c, long a, long b, int bits) {
        return and(c, a, b, bits);
    }

    static long andn(Cpu c, long a, long b, int bits) {
        return Flags.logic(c, ~a & b, bits);
    }

    /** ADCX and ADOX touch one flag each. */
    static long adcx(Cpu c, long a, long b, int bits) {
        long carryIn = Flags.cf(c) ? 1 : 0;
        long r = a + b + carryIn;
        Flags.carry(c, (a & b | (a | b) & ~r) << 64 - bits < 0);
        return r;
    }

    static long adox(Cpu c, long a, long b, int bits) {
        long carryIn = Flags.of(c) ? 1 : 0;
        long r = a + b + carryIn;
        Flags.carryAndOverflow(c, Flags.cf(c), (a & b | (a | b) & ~r) << 64 - bits < 0);
        return r;
    }

    /** The two- and three-operand forms. SF, ZF, AF and PF are undefined; they are set by the result here. */
    static long imul(Cpu c, long a, long b, int bits) {
        long x = extend(a, bits);
        long y = extend(b, bits);
        long low = x * y;
        boolean overflow = bits == 64 ? Math.multiplyHigh(x, y) != low >> 63 : extend(low, bits) != low;
        return Flags.set(c, low, bits, overflow, overflow);
    }

    /** Sign extension of the low {@code bits} bits. */
    static long extend(long value, int bits) {
        return value << 64 - bits >> 64 - bits;
    }

    static long movzx(Cpu c, long a, int bits) {
        return a;
    }

    static long movsx(Cpu c, long a, int bits) {
        return extend(a, bits);
    }

    static long movsxd(Cpu c, long a, int bits) {
        return extend(a, bits);
    }

    static long bswap(Cpu c, long a, int bits) {
        // with a 16-bit operand the result is undefined; processors give zero
        return bits == 64 ? Long.reverseBytes(a) : bits == 32 ? Integer.reverseBytes((int) a) : 0;
    }

    static long movbe(Cpu c, long a, int bits) {
        return Long.reverseBytes(a) >>> 64 - bits;
    }
}
