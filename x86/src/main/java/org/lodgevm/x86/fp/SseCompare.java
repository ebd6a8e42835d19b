package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/** Comparisons to masks, by a predicate, and to EFLAGS. @sdm 2A:CMPPD */
public final class SseCompare {
    /** Predicates; the other four are their negations. EQ and UNORD accept quiet NaNs, LT and LE do not. */
    private static final int PREDICATE = 7;
    private static final int NOT = 4;
    private static final int EQ = 0;
    private static final int LT = 1;
    private static final int LE = 2;
    private static final int CF = 1;
    private static final int PF = 1 << 2;
    private static final int ZF = 1 << 6;

    private SseCompare() {}

    public static void cmpps(Sse c, long dst, long src, int imm) {
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
        long r0 = mask(c, get64(dst), get64(src), imm);
        long r1 = mask(c, get64(dst + 8), get64(src + 8), imm);
        c.settle();
        put64(dst, r0);
        put64(dst + 8, r1);
    }

    public static void cmpss(Sse c, long dst, long src, int imm) {
        int r = mask(c, get32(dst), get32(src), imm);
        c.settle();
        put32(dst, r);
    }

    public static void cmpsd(Sse c, long dst, long src, int imm) {
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
        int predicate = imm & PREDICATE & ~NOT;
        return predicate == LT || predicate == LE;
    }

    private static boolean holds(int outcome, int imm) {
        boolean positive = switch (imm & PREDICATE & ~NOT) {
            case EQ -> outcome == ExtendedArithmetic.EQUAL;
            case LT -> outcome == ExtendedArithmetic.LESS;
            case LE -> outcome <= ExtendedArithmetic.EQUAL;
            default -> outcome == ExtendedArithmetic.UNORDERED;
        };
        return positive != ((imm & NOT) != 0);
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
