package org.lodgevm.x86.simd;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put64;

import org.lodgevm.x86.state.Rflags;

/**
 * The string comparisons of SSE4.2, over sixteen bytes or eight words.
 *
 * <p>Each instruction returns its arithmetic flags, at their places in EFLAGS, in bits 15:0: CF if the comparison's result has any bit
 * set, ZF if the second string ends in its register, SF if the first does, OF as bit 0 of the result. The forms that return an
 * index have it (the value for ECX) in bits 31:16.
 *
 * <p>Sets of elements are {@code int}s with a bit for each element, so that one operation works on all of them.
 *
 * @sdm 2B 4.1 (Imm8 Control Byte Operation for PCMPESTRI / PCMPESTRM / PCMPISTRI / PCMPISTRM)
 */
public final class StringCompare {

    /** The index is in bits 31:16 of what the instructions return. */
    public static final int INDEX_SHIFT = 16;

    // Bits of the immediate.
    private static final int WORDS = 1;
    private static final int SIGNED = 1 << 1;
    private static final int AGGREGATION = 3 << 2;
    private static final int EQUAL_ANY = 0 << 2;
    private static final int RANGES = 1 << 2;
    private static final int EQUAL_EACH = 2 << 2;
    private static final int NEGATE = 1 << 4;
    private static final int ONLY_VALID = 1 << 5;
    private static final int LAST_INDEX = 1 << 6;
    private static final int WIDE_MASK = 1 << 6;

    private StringCompare() {}

    /** Lengths as in EAX and EDX, sign-extended, or RAX and RDX: their absolute values count, up to the register's size. */
    public static int pcmpestri(long src1, long src2, int imm, long length1, long length2) {
        return index(src1, src2, imm, limited(length1, imm), limited(length2, imm));
    }

    public static int pcmpistri(long src1, long src2, int imm) {
        return index(src1, src2, imm, terminated(src1, imm), terminated(src2, imm));
    }

    /** Lengths as for {@link #pcmpestri}. Writes sixteen bytes at {@code mask}: the architecture's XMM0. */
    public static int pcmpestrm(long src1, long src2, int imm, long length1, long length2, long mask) {
        return mask(src1, src2, imm, limited(length1, imm), limited(length2, imm), mask);
    }

    /** Writes sixteen bytes at {@code mask}: the architecture's XMM0. */
    public static int pcmpistrm(long src1, long src2, int imm, long mask) {
        return mask(src1, src2, imm, terminated(src1, imm), terminated(src2, imm), mask);
    }

    private static int elements(int imm) {
        return (imm & WORDS) != 0 ? 8 : 16;
    }

    private static int limited(long length, int imm) {
        int elements = elements(imm);
        long magnitude = Math.abs(length);
        return magnitude < 0 || magnitude > elements ? elements : (int) magnitude;
    }

    private static int terminated(long src, int imm) {
        return Integer.numberOfTrailingZeros(matches(src, 0, imm) | 1 << elements(imm));
    }

    private static int index(long src1, long src2, int imm, int length1, int length2) {
        int result = compare(src1, src2, imm, length1, length2);
        int index;
        if (result == 0) {
            index = elements(imm);
        } else if ((imm & LAST_INDEX) != 0) {
            index = 31 - Integer.numberOfLeadingZeros(result);
        } else {
            index = Integer.numberOfTrailingZeros(result);
        }
        return index << INDEX_SHIFT | flags(result, imm, length1, length2);
    }

    private static int mask(long src1, long src2, int imm, int length1, int length2, long mask) {
        int result = compare(src1, src2, imm, length1, length2);
        boolean words = (imm & WORDS) != 0;
        boolean wide = (imm & WIDE_MASK) != 0;
        put64(mask, wide ? widen(result, words) : result);
        put64(mask + 8, wide ? widen(words ? result >> 4 : result >> 8, words) : 0);
        return flags(result, imm, length1, length2);
    }

    /** Eight bytes or four words, all ones where an element is in the set. */
    private static long widen(int set, boolean words) {
        if (words) {
            return XmmBlend.wordMask(set);
        }
        long each = (set & 0xFF) * 0x0101_0101_0101_0101L & 0x8040_2010_0804_0201L;
        return ~PackedCompare.pcmpeqb(each, 0);
    }

    private static int flags(int result, int imm, int length1, int length2) {
        int elements = elements(imm);
        return (result != 0 ? Rflags.CF : 0)
                | (length2 < elements ? Rflags.ZF : 0)
                | (length1 < elements ? Rflags.SF : 0)
                | ((result & 1) != 0 ? Rflags.OF : 0);
    }

    /** The set of elements for which the comparison holds: the manual's IntRes2. */
    private static int compare(long src1, long src2, int imm, int length1, int length2) {
        int all = (1 << elements(imm)) - 1;
        int valid1 = (1 << length1) - 1;
        int valid2 = (1 << length2) - 1;
        int result =
                switch (imm & AGGREGATION) {
                    case EQUAL_ANY -> equalAny(src1, src2, imm, length1) & valid2;
                    case RANGES -> inRanges(src1, src2, imm, length1) & valid2;
                    case EQUAL_EACH -> equalEach(src1, src2, imm) & valid1 & valid2 | all & ~(valid1 | valid2);
                    default -> equalOrdered(src1, src2, imm, length1, valid2, all);
                };
        if ((imm & NEGATE) == 0) {
            return result;
        }
        return result ^ ((imm & ONLY_VALID) != 0 ? valid2 : all);
    }

    private static int equalAny(long src1, long src2, int imm, int length1) {
        int found = 0;
        for (int i = 0; i < length1; i++) {
            found |= matches(src2, element(src1, i, imm), imm);
        }
        return found;
    }

    private static int inRanges(long src1, long src2, int imm, int length1) {
        long low = get64(src2);
        long high = get64(src2 + 8);
        int found = 0;
        for (int i = 0; i + 1 < length1; i += 2) {
            long least = element(src1, i, imm);
            long greatest = element(src1, i + 1, imm);
            found |= set(inRange(low, least, greatest, imm), inRange(high, least, greatest, imm), imm);
        }
        return found;
    }

    /** Predicate: an element lies in a range, whose bounds fill all elements. */
    private static long inRange(long elements, long least, long greatest, int imm) {
        long signs = signs(imm);
        long outside = (imm & SIGNED) != 0
                ? Swar.less(elements, least, signs) | Swar.less(greatest, elements, signs)
                : Swar.below(elements, least, signs) | Swar.below(greatest, elements, signs);
        return outside ^ signs;
    }

    private static int equalEach(long src1, long src2, int imm) {
        long signs = signs(imm);
        return set(
                Swar.zero(get64(src1) ^ get64(src2), signs), //
                Swar.zero(get64(src1 + 8) ^ get64(src2 + 8), signs),
                imm);
    }

    /** Where the first string begins in the second; beyond the register's end anything matches. */
    private static int equalOrdered(long src1, long src2, int imm, int length1, int valid2, int all) {
        int begins = all;
        for (int i = 0; i < length1 && begins != 0; i++) {
            begins &= (matches(src2, element(src1, i, imm), imm) & valid2 | ~all) >> i;
        }
        return begins;
    }

    /** The elements of a register that equal the one that fills {@code each}. */
    private static int matches(long src, long each, int imm) {
        long signs = signs(imm);
        return set(Swar.zero(get64(src) ^ each, signs), Swar.zero(get64(src + 8) ^ each, signs), imm);
    }

    /** One element of a register, copied to all places of a quadword. */
    private static long element(long src, int index, int imm) {
        long value = (imm & WORDS) != 0 ? get16(src + 2 * index) : get8(src + index);
        return value * Swar.ones(signs(imm));
    }

    private static long signs(int imm) {
        return (imm & WORDS) != 0 ? Swar.WORDS : Swar.BYTES;
    }

    /** A set from two quadwords of predicates. */
    private static int set(long low, long high, int imm) {
        return (imm & WORDS) != 0
                ? wordSigns(low) | wordSigns(high) << 4
                : (int) (PackedOrder.pmovmskb(low) | PackedOrder.pmovmskb(high) << 8);
    }

    /** The sign bits of four words, gathered by a product whose partial terms never meet. */
    private static int wordSigns(long words) {
        return (int) ((words >>> 15 & 0x0001_0001_0001_0001L) * 0x0001_0002_0004_0008L >>> 48 & 15);
    }
}
