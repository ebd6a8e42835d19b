package org.lodgevm.x86.simd;

import static java.lang.Integer.rotateLeft;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.put32;

/**
 * The SHA-1 instructions. The first of four state or message words is the highest doubleword of a register.
 *
 * @sdm 2B SHA1RNDS4, SHA1NEXTE, SHA1MSG1, SHA1MSG2
 */
public final class Sha1 {

    /** Round constants, for each twenty rounds. */
    private static final int[] K = {0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC, 0xCA62_C1D6};

    private Sha1() {}

    public static void sha1rnds4(long dst, long src, int imm) {
        int stage = imm & 3;
        int a = get32(dst + 12);
        int b = get32(dst + 8);
        int c = get32(dst + 4);
        int d = get32(dst);
        int e = 0; // The first message word already holds it.
        for (int word = 12; word >= 0; word -= 4) {
            int next = logic(stage, b, c, d) + rotateLeft(a, 5) + get32(src + word) + e + K[stage];
            e = d;
            d = c;
            c = rotateLeft(b, 30);
            b = a;
            a = next;
        }
        put32(dst + 12, a);
        put32(dst + 8, b);
        put32(dst + 4, c);
        put32(dst, d);
    }

    private static int logic(int stage, int b, int c, int d) {
        return switch (stage) {
            case 0 -> b & c ^ ~b & d;
            case 2 -> b & c ^ b & d ^ c & d;
            default -> b ^ c ^ d;
        };
    }

    public static void sha1nexte(long dst, long src) {
        int e = rotateLeft(get32(dst + 12), 30);
        put32(dst + 12, get32(src + 12) + e);
        put32(dst + 8, get32(src + 8));
        put32(dst + 4, get32(src + 4));
        put32(dst, get32(src));
    }

    public static void sha1msg1(long dst, long src) {
        int w2 = get32(dst + 4);
        int w3 = get32(dst);
        int w4 = get32(src + 12);
        int w5 = get32(src + 8);
        put32(dst + 12, get32(dst + 12) ^ w2);
        put32(dst + 8, get32(dst + 8) ^ w3);
        put32(dst + 4, w2 ^ w4);
        put32(dst, w3 ^ w5);
    }

    public static void sha1msg2(long dst, long src) {
        int w13 = get32(src + 8);
        int w14 = get32(src + 4);
        int w15 = get32(src);
        int w16 = rotateLeft(get32(dst + 12) ^ w13, 1);
        put32(dst + 12, w16);
        put32(dst + 8, rotateLeft(get32(dst + 8) ^ w14, 1));
        put32(dst + 4, rotateLeft(get32(dst + 4) ^ w15, 1));
        put32(dst, rotateLeft(get32(dst) ^ w16, 1));
    }
}
