package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

import org.lodgevm.x86.state.Rflags;

/**
 * Bitwise logic in XMM registers. The floating-point mnemonics differ from the integer ones in encoding only.
 *
 * @sdm 2B PAND, PANDN, POR, PXOR
 * @sdm 2A ANDPS, ANDNPS
 */
public final class XmmLogic {

    private XmmLogic() {}

    public static void pand(long dst, long src) {
        put64(dst, get64(dst) & get64(src));
        put64(dst + 8, get64(dst + 8) & get64(src + 8));
    }

    public static void andps(long dst, long src) {
        pand(dst, src);
    }

    public static void andpd(long dst, long src) {
        pand(dst, src);
    }

    public static void pandn(long dst, long src) {
        put64(dst, ~get64(dst) & get64(src));
        put64(dst + 8, ~get64(dst + 8) & get64(src + 8));
    }

    public static void andnps(long dst, long src) {
        pandn(dst, src);
    }

    public static void andnpd(long dst, long src) {
        pandn(dst, src);
    }

    public static void por(long dst, long src) {
        put64(dst, get64(dst) | get64(src));
        put64(dst + 8, get64(dst + 8) | get64(src + 8));
    }

    public static void orps(long dst, long src) {
        por(dst, src);
    }

    public static void orpd(long dst, long src) {
        por(dst, src);
    }

    public static void pxor(long dst, long src) {
        put64(dst, get64(dst) ^ get64(src));
        put64(dst + 8, get64(dst + 8) ^ get64(src + 8));
    }

    public static void xorps(long dst, long src) {
        pxor(dst, src);
    }

    public static void xorpd(long dst, long src) {
        pxor(dst, src);
    }

    /**
     * Compares by AND and by AND NOT.
     *
     * @return the arithmetic flags where EFLAGS has them: ZF (bit 6) if {@code dst & src} is zero, CF (bit 0) if {@code ~dst & src}
     *     is zero; OF, SF, AF and PF are clear
     * @sdm 2B PTEST
     */
    public static int ptest(long dst, long src) {
        long a = get64(src);
        long b = get64(src + 8);
        long and = get64(dst) & a | get64(dst + 8) & b;
        long andNot = ~get64(dst) & a | ~get64(dst + 8) & b;
        return (and == 0 ? Rflags.ZF : 0) | (andNot == 0 ? Rflags.CF : 0);
    }
}
