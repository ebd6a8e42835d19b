package org.lodgevm.x86.simd;

import static org.lodgevm.x86.simd.Swar.BYTES;
import static org.lodgevm.x86.simd.Swar.DWORDS;
import static org.lodgevm.x86.simd.Swar.WORDS;

/** Addition, subtraction and their kin over 64 bits of packed integers: an MMX register, or half of an XMM register. */
final class PackedArithmetic {

    private PackedArithmetic() {}

    static long paddb(long a, long b) {
        return Swar.add(a, b, BYTES);
    }

    static long paddw(long a, long b) {
        return Swar.add(a, b, WORDS);
    }

    static long paddd(long a, long b) {
        return Swar.add(a, b, DWORDS);
    }

    static long paddq(long a, long b) {
        return a + b;
    }

    static long psubb(long a, long b) {
        return Swar.subtract(a, b, BYTES);
    }

    static long psubw(long a, long b) {
        return Swar.subtract(a, b, WORDS);
    }

    static long psubd(long a, long b) {
        return Swar.subtract(a, b, DWORDS);
    }

    static long psubq(long a, long b) {
        return a - b;
    }

    static long paddsb(long a, long b) {
        return Swar.addSaturating(a, b, BYTES, 8);
    }

    static long paddsw(long a, long b) {
        return Swar.addSaturating(a, b, WORDS, 16);
    }

    static long paddusb(long a, long b) {
        return Swar.addUnsignedSaturating(a, b, BYTES, 8);
    }

    static long paddusw(long a, long b) {
        return Swar.addUnsignedSaturating(a, b, WORDS, 16);
    }

    static long psubsb(long a, long b) {
        return Swar.subtractSaturating(a, b, BYTES, 8);
    }

    static long psubsw(long a, long b) {
        return Swar.subtractSaturating(a, b, WORDS, 16);
    }

    static long psubusb(long a, long b) {
        return Swar.subtractUnsignedSaturating(a, b, BYTES, 8);
    }

    static long psubusw(long a, long b) {
        return Swar.subtractUnsignedSaturating(a, b, WORDS, 16);
    }

    static long pavgb(long a, long b) {
        return Swar.average(a, b, BYTES);
    }

    static long pavgw(long a, long b) {
        return Swar.average(a, b, WORDS);
    }

    static long psignb(long a, long b) {
        return Swar.sign(a, b, BYTES, 8);
    }

    static long psignw(long a, long b) {
        return Swar.sign(a, b, WORDS, 16);
    }

    static long psignd(long a, long b) {
        return Swar.sign(a, b, DWORDS, 32);
    }

    static long pabsb(long a) {
        return Swar.absolute(a, BYTES, 8);
    }

    static long pabsw(long a) {
        return Swar.absolute(a, WORDS, 16);
    }

    static long pabsd(long a) {
        return Swar.absolute(a, DWORDS, 32);
    }

    // The horizontal forms work on neighbours: the two in each pair of a, then of b.

    static long phaddw(long a, long b) {
        return paddw(evenWords(a, b), evenWords(a >>> 16, b >>> 16));
    }

    static long phaddsw(long a, long b) {
        return paddsw(evenWords(a, b), evenWords(a >>> 16, b >>> 16));
    }

    static long phsubw(long a, long b) {
        return psubw(evenWords(a, b), evenWords(a >>> 16, b >>> 16));
    }

    static long phsubsw(long a, long b) {
        return psubsw(evenWords(a, b), evenWords(a >>> 16, b >>> 16));
    }

    static long phaddd(long a, long b) {
        return paddd(PackedOrder.punpckldq(a, b), PackedOrder.punpckhdq(a, b));
    }

    static long phsubd(long a, long b) {
        return psubd(PackedOrder.punpckldq(a, b), PackedOrder.punpckhdq(a, b));
    }

    private static long evenWords(long a, long b) {
        return a & 0xFFFF | a >>> 16 & 0xFFFF_0000L | (b & 0xFFFF) << 32 | b << 16 & 0xFFFF_0000_0000_0000L;
    }
}
