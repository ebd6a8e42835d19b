package org.lodgevm.x86.simd;

import static java.lang.Integer.rotateRight;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.put32;

/**
 * The SHA-256 instructions. The first of four message words is the lowest doubleword of a register; the state lies in two registers as
 * ABEF and CDGH, highest doubleword first.
 *
 * @sdm 2B SHA256RNDS2, SHA256MSG1, SHA256MSG2
 */
public final class Sha256 {

    private Sha256() {}

    /** Two rounds; the sums of message word and round constant are the low doublewords of XMM0. */
    public static void sha256rnds2(long dst, long src, long xmm0) {
        int a = get32(src + 12);
        int b = get32(src + 8);
        int c = get32(dst + 12);
        int d = get32(dst + 8);
        int e = get32(src + 4);
        int f = get32(src);
        int g = get32(dst + 4);
        int h = get32(dst);
        int wk0 = get32(xmm0);
        int wk1 = get32(xmm0 + 4);
        int t = firstTerm(e, f, g) + wk0 + h;
        int e1 = t + d;
        int a1 = t + secondTerm(a, b, c);
        t = firstTerm(e1, e, f) + wk1 + g;
        put32(dst + 12, t + secondTerm(a1, a, b));
        put32(dst + 8, a1);
        put32(dst + 4, t + c);
        put32(dst, e1);
    }

    private static int firstTerm(int e, int f, int g) {
        return (e & f ^ ~e & g) + (rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25));
    }

    private static int secondTerm(int a, int b, int c) {
        return (a & b ^ a & c ^ b & c) + (rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22));
    }

    public static void sha256msg1(long dst, long src) {
        int w1 = get32(dst + 4);
        int w2 = get32(dst + 8);
        int w3 = get32(dst + 12);
        int w4 = get32(src);
        put32(dst, get32(dst) + sigma0(w1));
        put32(dst + 4, w1 + sigma0(w2));
        put32(dst + 8, w2 + sigma0(w3));
        put32(dst + 12, w3 + sigma0(w4));
    }

    public static void sha256msg2(long dst, long src) {
        int w14 = get32(src + 8);
        int w15 = get32(src + 12);
        int w16 = get32(dst) + sigma1(w14);
        int w17 = get32(dst + 4) + sigma1(w15);
        put32(dst, w16);
        put32(dst + 4, w17);
        put32(dst + 8, get32(dst + 8) + sigma1(w16));
        put32(dst + 12, get32(dst + 12) + sigma1(w17));
    }

    private static int sigma0(int w) {
        return rotateRight(w, 7) ^ rotateRight(w, 18) ^ w >>> 3;
    }

    private static int sigma1(int w) {
        return rotateRight(w, 17) ^ rotateRight(w, 19) ^ w >>> 10;
    }
}
