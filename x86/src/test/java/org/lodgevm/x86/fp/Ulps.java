package org.lodgevm.x86.fp;

/** How far apart two 80-bit numbers are. */
final class Ulps {
    private Ulps() {}

    /** The count of representable numbers from one to the other, capped; NaNs and the like are apart from all else. */
    static long between(int aSignExponent, long a, int bSignExponent, long b) {
        int exponents = Math.max(aSignExponent & 0x7fff, 1) - Math.max(bSignExponent & 0x7fff, 1);
        if ((aSignExponent ^ bSignExponent) >> 15 != 0 || Math.abs(exponents) > 1
                || (aSignExponent & 0x7fff) == 0x7fff || (bSignExponent & 0x7fff) == 0x7fff) {
            return Long.MAX_VALUE;
        }
        long distance = switch (exponents) {
            case 0 -> Math.abs(a - b);
            case 1 -> (a - Long.MIN_VALUE) + (-1 - b) + 1;
            default -> (b - Long.MIN_VALUE) + (-1 - a) + 1;
        };
        return distance < 0 ? Long.MAX_VALUE : distance;
    }
}
