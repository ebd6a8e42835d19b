package org.lodgevm.x86.simd;

import static org.lodgevm.x86.simd.Swar.BYTES;
import static org.lodgevm.x86.simd.Swar.DWORDS;
import static org.lodgevm.x86.simd.Swar.WORDS;

/** Comparison, minimum and maximum over 64 bits of packed integers. */
final class PackedCompare {

    private PackedCompare() {}

    static long pcmpeqb(long a, long b) {
        return Swar.fill(Swar.zero(a ^ b, BYTES), 8);
    }

    static long pcmpeqw(long a, long b) {
        return Swar.fill(Swar.zero(a ^ b, WORDS), 16);
    }

    static long pcmpeqd(long a, long b) {
        return Swar.fill(Swar.zero(a ^ b, DWORDS), 32);
    }

    static long pcmpeqq(long a, long b) {
        return a == b ? -1 : 0;
    }

    static long pcmpgtb(long a, long b) {
        return Swar.fill(Swar.less(b, a, BYTES), 8);
    }

    static long pcmpgtw(long a, long b) {
        return Swar.fill(Swar.less(b, a, WORDS), 16);
    }

    static long pcmpgtd(long a, long b) {
        return Swar.fill(Swar.less(b, a, DWORDS), 32);
    }

    static long pcmpgtq(long a, long b) {
        return a > b ? -1 : 0;
    }

    static long pminub(long a, long b) {
        return Swar.select(Swar.fill(Swar.below(a, b, BYTES), 8), a, b);
    }

    static long pminuw(long a, long b) {
        return Swar.select(Swar.fill(Swar.below(a, b, WORDS), 16), a, b);
    }

    static long pminud(long a, long b) {
        return Swar.select(Swar.fill(Swar.below(a, b, DWORDS), 32), a, b);
    }

    static long pminsb(long a, long b) {
        return Swar.select(pcmpgtb(b, a), a, b);
    }

    static long pminsw(long a, long b) {
        return Swar.select(pcmpgtw(b, a), a, b);
    }

    static long pminsd(long a, long b) {
        return Swar.select(pcmpgtd(b, a), a, b);
    }

    static long pmaxub(long a, long b) {
        return Swar.select(Swar.fill(Swar.below(a, b, BYTES), 8), b, a);
    }

    static long pmaxuw(long a, long b) {
        return Swar.select(Swar.fill(Swar.below(a, b, WORDS), 16), b, a);
    }

    static long pmaxud(long a, long b) {
        return Swar.select(Swar.fill(Swar.below(a, b, DWORDS), 32), b, a);
    }

    static long pmaxsb(long a, long b) {
        return Swar.select(pcmpgtb(a, b), a, b);
    }

    static long pmaxsw(long a, long b) {
        return Swar.select(pcmpgtw(a, b), a, b);
    }

    static long pmaxsd(long a, long b) {
        return Swar.select(pcmpgtd(a, b), a, b);
    }
}
