package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Rflags.AF;
import static org.lodgevm.x86.state.Rflags.CF;
import static org.lodgevm.x86.state.Rflags.OF;
import static org.lodgevm.x86.state.Rflags.PF;
import static org.lodgevm.x86.state.Rflags.SF;
import static org.lodgevm.x86.state.Rflags.ZF;

/**
 * The six status flags, kept as what they derive from: an instruction stores two longs, and a reader computes the one
 * flag that it wants.
 *
 * <p>{@link Cpu#flagResult} is the result, sign-extended: ZF is its being zero, SF its sign, PF the parity of its low
 * byte. {@link Cpu#flagAux} holds the carries: bit 63 carry out of the top bit (CF), bit 62 carry into it (CF ^ OF), bit 3
 * carry out of bit 3 (AF). For combinations that no result has (POPF may set ZF and SF) bit 0 inverts SF and bits 15:8
 * invert what parity is taken of.
 */
final class Flags {
    static final long CARRY = 1L << 63;
    static final long CARRY_IN = 1L << 62;
    static final long HALF = 1 << 3;
    private static final long SIGN_INVERTED = 1;
    private static final int PARITY_SHIFT = 8;

    private Flags() {}

    static boolean cf(Cpu c) {
        return c.flagAux < 0;
    }

    static boolean of(Cpu c) {
        return (c.flagAux ^ c.flagAux << 1) < 0;
    }

    static boolean zf(Cpu c) {
        return c.flagResult == 0;
    }

    static boolean sf(Cpu c) {
        return (c.flagResult ^ c.flagAux << 63) < 0;
    }

    static boolean pf(Cpu c) {
        return (Integer.bitCount((int) (c.flagResult ^ c.flagAux >>> PARITY_SHIFT) & 0xff) & 1) == 0;
    }

    static boolean af(Cpu c) {
        return (c.flagAux & HALF) != 0;
    }

    /** Signed less: SF differs from OF. */
    static boolean less(Cpu c) {
        return (c.flagResult ^ c.flagAux << 63 ^ c.flagAux ^ c.flagAux << 1) < 0;
    }

    /** After an addition of {@code bits}-bit values; {@code carries} has the carry out of every bit position. */
    static long arithmetic(Cpu c, long result, long carries, int bits) {
        long extended = result << 64 - bits >> 64 - bits;
        c.flagResult = extended;
        c.flagAux = carries << 64 - bits & (CARRY | CARRY_IN) | carries & HALF;
        return extended;
    }

    /** CF, OF and AF clear; the others by the result. */
    static long logic(Cpu c, long result, int bits) {
        long extended = result << 64 - bits >> 64 - bits;
        c.flagResult = extended;
        c.flagAux = 0;
        return extended;
    }

    /** SF, ZF, PF by the result; CF, OF as given; AF clear. */
    static long set(Cpu c, long result, int bits, boolean cf, boolean of) {
        c.flagResult = result << 64 - bits >> 64 - bits;
        c.flagAux = (cf ? CARRY : 0) | (cf != of ? CARRY_IN : 0);
        return c.flagResult;
    }

    /** Changes CF alone. */
    static void carry(Cpu c, boolean cf) {
        boolean of = of(c);
        c.flagAux = c.flagAux & ~(CARRY | CARRY_IN) | (cf ? CARRY : 0) | (cf != of ? CARRY_IN : 0);
    }

    /** Changes CF and OF alone. */
    static void carryAndOverflow(Cpu c, boolean cf, boolean of) {
        c.flagAux = c.flagAux & ~(CARRY | CARRY_IN) | (cf ? CARRY : 0) | (cf != of ? CARRY_IN : 0);
    }

    /** Changes ZF alone. */
    static void zero(Cpu c, boolean zf) {
        status(c, zf ? status(c) | ZF : status(c) & ~ZF);
    }

    static int status(Cpu c) {
        return (cf(c) ? CF : 0) | (pf(c) ? PF : 0) | (af(c) ? AF : 0) | (zf(c) ? ZF : 0) | (sf(c) ? SF : 0) | (of(c) ? OF : 0);
    }

    /** Sets all six from the bits of RFLAGS. */
    static void status(Cpu c, int rflags) {
        boolean cf = (rflags & CF) != 0;
        boolean of = (rflags & OF) != 0;
        boolean zf = (rflags & ZF) != 0;
        boolean sf = (rflags & SF) != 0;
        // A zero result has even parity and a positive sign, a result of 2 odd parity; the rest is put right by inverting.
        c.flagResult = zf ? 0 : 2;
        boolean evenParity = zf;
        long aux = (cf ? CARRY : 0) | (cf != of ? CARRY_IN : 0) | ((rflags & AF) != 0 ? HALF : 0);
        aux |= sf ? SIGN_INVERTED : 0;
        aux |= (rflags & PF) != 0 != evenParity ? 1L << PARITY_SHIFT : 0;
        c.flagAux = aux;
    }
}
