package org.lodgevm.x86.oracle;

import java.util.SplittableRandom;

/**
 * Random numbers of the kind at which arithmetic goes wrong: boundaries, few bits, special
 * floating-point values.
 */
final class Numbers {
    private static final long[] PATTERNS = {
        0x5555_5555_5555_5555L, 0xAAAA_AAAA_AAAA_AAAAL, 0x0123_4567_89AB_CDEFL,
                0x8080_8080_8080_8080L,
        0x7F7F_7F7F_7F7F_7F7FL, 0x0001_0001_0001_0001L, 0x8000_8000_8000_8000L,
                0x7FFF_7FFF_7FFF_7FFFL,
        0x8000_0000_8000_0000L, 0x7FFF_FFFF_7FFF_FFFFL
    };
    private static final int FP80_BIAS = 0x3FFF;
    private static final long INTEGER_BIT = 1L << 63;

    /** Of vectors: integers, doubles, singles, bits. */
    private static final int KINDS = 4;

    private final SplittableRandom random;
    private int kind = KINDS;

    Numbers(SplittableRandom random) {
        this.random = random;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int of(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    long bits() {
        return random.nextLong();
    }

    long integer() {
        return switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> random.nextInt(-16, 17);
            case 3 -> (1L << random.nextInt(64)) + random.nextInt(-1, 2);
            case 4 -> -(1L << random.nextInt(64)) + random.nextInt(-1, 2);
            case 5 -> PATTERNS[random.nextInt(PATTERNS.length)];
            case 6 -> random.nextInt();
            case 7 -> random.nextLong() >>> random.nextInt(64);
            default -> random.nextLong();
        };
    }

    /** A single as an integer. */
    int fp32() {
        int sign = random.nextInt() & 0x8000_0000;
        return sign
                | switch (random.nextInt(12)) {
                    case 0 -> 0;
                    case 1 -> random.nextInt(1 << 23); // denormal
                    case 2 -> 0x7F80_0000; // infinity
                    case 3 -> 0x7F80_0001 + random.nextInt(1 << 22); // signalling NaN, mostly
                    case 4 -> 0x7FC0_0000 | random.nextInt(1 << 22); // quiet NaN
                    case 5 -> Float.floatToRawIntBits(random.nextInt(1 << 20));
                    case 6 -> 0x3F80_0000 + random.nextInt(-4, 5); // about 1
                    case 7 ->
                            random.nextInt(2) == 0
                                    ? 0x7F7F_FFFF - random.nextInt(4)
                                    : 0x0080_0000 + random.nextInt(4);
                    case 8 -> random.nextInt(0x6F, 0x90) << 23 | random.nextInt(1 << 23);
                    case 9 ->
                            random.nextInt(0x6F, 0x90) << 23
                                    | random.nextInt(64) << 17; // few bits: exact results
                    default -> random.nextInt() & 0x7FFF_FFFF;
                };
    }

    /** A double as an integer. */
    long fp64() {
        long sign = random.nextLong() & Long.MIN_VALUE;
        return sign
                | switch (random.nextInt(12)) {
                    case 0 -> 0;
                    case 1 -> random.nextLong() >>> 12 + random.nextInt(52);
                    case 2 -> 0x7FF0_0000_0000_0000L;
                    case 3 -> 0x7FF0_0000_0000_0001L + random.nextLong(1L << 51);
                    case 4 -> 0x7FF8_0000_0000_0000L | random.nextLong(1L << 51);
                    case 5 -> Double.doubleToRawLongBits(random.nextInt(Integer.MAX_VALUE));
                    case 6 -> 0x3FF0_0000_0000_0000L + random.nextInt(-4, 5);
                    case 7 ->
                            random.nextInt(2) == 0
                                    ? 0x7FEF_FFFF_FFFF_FFFFL - random.nextInt(4)
                                    : 0x0010_0000_0000_0000L + random.nextInt(4);
                    case 8 ->
                            Double.doubleToRawLongBits(Math.abs(Float.intBitsToFloat(fp32())))
                                    & Long.MAX_VALUE;
                    case 9 -> random.nextLong(0x3E0, 0x420) << 52 | random.nextLong(1L << 52);
                    case 10 -> random.nextLong(0x3E0, 0x420) << 52 | random.nextLong(64) << 46;
                    default -> random.nextLong() & Long.MAX_VALUE;
                };
    }

    /** Puts an extended real, the unsupported encodings among them. */
    void fp80(Case target, int offset) {
        int exponent;
        long significand = random.nextLong() | INTEGER_BIT;
        switch (random.nextInt(16)) {
            case 0 -> {
                exponent = 0;
                significand = 0;
            }
            case 1 -> {
                exponent = 0;
                significand = random.nextLong() >>> 1 + random.nextInt(63); // denormal
            }
            case 2 -> exponent = 0; // pseudo-denormal
            case 3 -> {
                exponent = 0x7FFF;
                significand = INTEGER_BIT;
            }
            case 4 -> exponent = 0x7FFF; // NaN
            case 5 -> {
                exponent = 0x7FFF;
                significand |= 1L << 62; // quiet NaN
            }
            case 6 -> {
                exponent = random.nextInt(0x8000);
                significand &= ~INTEGER_BIT; // unnormal, pseudo-NaN, pseudo-infinity
            }
            case 7 -> exponent = random.nextInt(0x8000);
            case 8 -> exponent = of(1, 2, 0x7FFE, 0x7FFD);
            case 9 -> {
                exponent = FP80_BIAS + random.nextInt(64);
                significand = significand >>> 56 << 56 | INTEGER_BIT; // integers and halves
            }
            case 10 -> {
                exponent = FP80_BIAS;
                significand = INTEGER_BIT + random.nextInt(3);
            }
            case 11 -> exponent = FP80_BIAS + random.nextInt(-70, 70);
            default -> exponent = FP80_BIAS + random.nextInt(-8, 9);
        }
        target.put64(offset, significand);
        target.put16(offset + 8, exponent | random.nextInt() & 0x8000);
    }

    /** Half of the time all vectors from here on are of the same kind, so that operands suit each other. */
    void chooseVectors() {
        kind = random.nextInt(2 * KINDS);
    }

    /** Puts 16 bytes that make sense as integers, singles or doubles. */
    void vector(Case target, int offset) {
        switch (kind < KINDS ? kind : random.nextInt(KINDS)) {
            case 0 -> {
                target.put64(offset, integer());
                target.put64(offset + 8, integer());
            }
            case 1 -> {
                target.put64(offset, fp64());
                target.put64(offset + 8, fp64());
            }
            case 2 -> {
                for (int i = 0; i < 16; i += 4) {
                    target.put32(offset + i, fp32());
                }
            }
            default -> {
                target.put64(offset, random.nextLong());
                target.put64(offset + 8, random.nextLong());
            }
        }
    }
}
