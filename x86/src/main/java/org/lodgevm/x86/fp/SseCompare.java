package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/** Comparisons to masks, by a predicate, and to EFLAGS. @sdm 2A:CMPPD, table 3-1 */
public final class SseCompare {
    /** The predicates that legacy encodings have. */
    private static final int LEGACY = 7;
    /** This bit of a predicate exchanges quiet and signaling. */
    private static final int OTHER_NANS = 1 << 4;
    /** For each predicate, but for {@link #OTHER_NANS}, the outcomes for which it holds. */
    private static final int[] HOLDS = new int[16];
    private static final int LT = 1;
    private static final int EQ = 1 << 1;
    private static final int GT = 1 << 2;
    private static final int UNORD = 1 << 3;
    /** Predicates, as bits, for which a quiet NaN is invalid. */
    private static final int SIGNALING = 0b0110_0110_0110_0110;
    private static final int CF = 1;
    private static final int PF = 1 << 2;
    private static final int ZF = 1 << 6;

    static {
        int[] ordered = {EQ, LT, LT | EQ, 0};
        for (int i = 0; i < 4; i++) {
            int unordered = i == 3 ? UNORD : 0;
            HOLDS[i] = ordered[i] | unordered;
            HOLDS[4 + i] = ~HOLDS[i];
            // the same again, NaNs taken the other way: EQ_UQ, NGE, NGT, FALSE and their negations
            HOLDS[8 + i] = i == 0 ? EQ | UNORD : i == 1 ? LT | UNORD : i == 2 ? LT | EQ | UNORD : 0;
            HOLDS[12 + i] = ~HOLDS[8 + i];
        }
    }

    private SseCompare() {}

    public static void cmpps(Sse c, long dst, long src, int imm) {
        vcmpps(c, dst, src, imm & LEGACY);
    }

    /** The predicate has five bits. */
    public static void vcmpps(Sse c, long dst, long src, int imm) {
        int r0 = mask(c, get32(dst), get32(src), imm);
        int r1 = mask(c, get32(dst + 4), get32(src + 4), imm);
        int r2 = mask(c, get32(dst + 8), get32(src + 8), imm);
        int r3 = mask(c, get32(dst + 12), get32(src + 12), imm);
        c.settle();
        put32(dst, r0);
        put32(dst + 4, r1);
        put32(dst + 8, r2);
        put32(dst + 12, r3);
    }

    public static void cmppd(Sse c, long dst, long src, int imm) {
        vcmppd(c, dst, src, imm & LEGACY);
    }

    public static void vcmppd(Sse c, long dst, long src, int imm) {
        long r0 = mask(c, get64(dst), get64(src), imm);
        long r1 = mask(c, get64(dst + 8), get64(src + 8), imm);
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void cmpss(Sse c, long dst, long src, int imm) {
        vcmpss(c, dst, src, imm & LEGACY);
    }

    public static void vcmpss(Sse c, long dst, long src, int imm) {
        int r = mask(c, get32(dst), get32(src), imm);
        c.settle();
        put32(dst, r);
    }

    public static void cmpsd(Sse c, long dst, long src, int imm) {
        vcmpsd(c, dst, src, imm & LEGACY);
    }

    public static void vcmpsd(Sse c, long dst, long src, int imm) {
        long r = mask(c, get64(dst), get64(src), imm);
        c.settle();
        put64(dst, r);
    }

    private static int mask(Sse c, int a, int b, int imm) {
        return holds(Lanes.compare(c, a, b, isSignaling(imm)), imm) ? -1 : 0;
    }

    private static long mask(Sse c, long a, long b, int imm) {
        return holds(Lanes.compare(c, a, b, isSignaling(imm)), imm) ? -1 : 0;
    }

    private static boolean isSignaling(int imm) {
        return (SIGNALING >> (imm & 15) & 1) != 0 != ((imm & OTHER_NANS) != 0);
    }

    private static boolean holds(int outcome, int imm) {
        int bit = switch (outcome) {
            case ExtendedArithmetic.LESS -> LT;
            case ExtendedArithmetic.EQUAL -> EQ;
            case ExtendedArithmetic.GREATER -> GT;
            default -> UNORD;
        };
        return (HOLDS[imm & 15] & bit) != 0;
    }

    /** @return ZF, PF and CF at their places in EFLAGS; OF, SF and AF are cleared */
    public static int comiss(Sse c, long dst, long src) {
        return flags(c, Lanes.compare(c, get32(dst), get32(src), true));
    }

    public static int comisd(Sse c, long dst, long src) {
        return flags(c, Lanes.compare(c, get64(dst), get64(src), true));
    }

    public static int ucomiss(Sse c, long dst, long src) {
        return flags(c, Lanes.compare(c, get32(dst), get32(src), false));
    }

    public static int ucomisd(Sse c, long dst, long src) {
        return flags(c, Lanes.compare(c, get64(dst), get64(src), false));
    }

    private static int flags(Sse c, int outcome) {
        c.settle();
        return switch (outcome) {
            case ExtendedArithmetic.LESS -> CF;
            case ExtendedArithmetic.EQUAL -> ZF;
            case ExtendedArithmetic.GREATER -> 0;
            default -> ZF | PF | CF;
        };
    }
}
