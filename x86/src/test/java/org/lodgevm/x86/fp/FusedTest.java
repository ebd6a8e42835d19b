package org.lodgevm.x86.fp;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Fused multiply-add in software against exact decimal arithmetic, in every rounding mode; where much cancels above all. */
class FusedTest {
    private static final int ROUNDS = 30_000;
    /** Results may be denormal but do not overflow. */
    private static final int LEAST_EXPONENT = -560;

    private static final int GREATEST_EXPONENT = 500;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void doublesAreRoundedOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            double a = random64();
            double b = random64();
            double d = i % 3 == 0 ? random64() : near(-a * b);
            BigDecimal exact = new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(d));
            if (exact.signum() == 0) {
                continue;
            }
            double nearest = exact.doubleValue();
            int side = new BigDecimal(nearest).compareTo(exact);
            double down = side > 0 ? Math.nextDown(nearest) : nearest;
            double up = side < 0 ? Math.nextUp(nearest) : nearest;
            double[] expected = {nearest, down, up, exact.signum() < 0 ? up : down};
            for (int rounding = 0; rounding < 4; rounding++) {
                FpContext c = context(rounding);
                long result = SoftFloat.fused(c, Format.BINARY64, bits(a), bits(b), bits(d), false, false);
                assertThat(Double.longBitsToDouble(result)).as("%a * %a + %a by %d", a, b, d, rounding).isEqualTo(expected[rounding]);
                assertThat((c.flags & FpContext.PE) != 0).as("inexact: %a * %a + %a", a, b, d).isEqualTo(side != 0);
            }
        }
    }

    @Test
    void floatsAreRoundedOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            float a = random32();
            float b = random32();
            float d = i % 3 == 0 ? random32() : (float) near(-a * b);
            BigDecimal exact = new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(d));
            if (exact.signum() == 0) {
                continue;
            }
            float nearest = exact.floatValue();
            int side = new BigDecimal(nearest).compareTo(exact);
            float down = side > 0 ? Math.nextDown(nearest) : nearest;
            float up = side < 0 ? Math.nextUp(nearest) : nearest;
            float[] expected = {nearest, down, up, exact.signum() < 0 ? up : down};
            for (int rounding = 0; rounding < 4; rounding++) {
                FpContext c = context(rounding);
                long result = SoftFloat.fused(c, Format.BINARY32, bits(a), bits(b), bits(d), false, false);
                assertThat(Float.intBitsToFloat((int) result)).as("%a * %a + %a by %d", a, b, d, rounding).isEqualTo(expected[rounding]);
                assertThat((c.flags & FpContext.PE) != 0).as("inexact: %a * %a + %a", a, b, d).isEqualTo(side != 0);
            }
        }
    }

    @Test
    void anExactZeroHasTheSignOfTheRoundingMode() {
        for (int rounding = 0; rounding < 4; rounding++) {
            FpContext c = context(rounding);
            long result = SoftFloat.fused(c, Format.BINARY64, bits(3.0), bits(5.0), bits(15.0), false, true);
            assertThat(result).isEqualTo(rounding == FpContext.DOWN ? Long.MIN_VALUE : 0);
            assertThat(c.flags).isZero();
        }
    }

    @Test
    void signsAreFlippedOfNumbersButNotOfNans() {
        long nan = 0xfff8_0000_0000_0007L;
        assertThat(SoftFloat.fused(context(0), Format.BINARY64, bits(2.0), bits(3.0), bits(4.0), true, false)).isEqualTo(bits(-2.0));
        assertThat(SoftFloat.fused(context(0), Format.BINARY64, bits(2.0), bits(3.0), bits(4.0), true, true)).isEqualTo(bits(-10.0));
        assertThat(SoftFloat.fused(context(0), Format.BINARY64, bits(2.0), bits(3.0), nan, true, true)).isEqualTo(nan);
    }

    private static FpContext context(int rounding) {
        FpContext c = new FpContext();
        c.rounding = rounding;
        return c;
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static long bits(float value) {
        return Float.floatToRawIntBits(value) & 0xffff_ffffL;
    }

    /** Significands of few bits or many. */
    private double random64() {
        double significand = 1 + (double) (random.nextLong(1L << 52) >> random.nextInt(52) << random.nextInt(8)) / (1L << 52);
        return Math.scalb(random.nextBoolean() ? significand : -significand, random.nextInt(LEAST_EXPONENT, GREATEST_EXPONENT));
    }

    private float random32() {
        float significand = 1 + (float) (random.nextInt(1 << 23) >> random.nextInt(23)) / (1 << 23);
        return Math.scalb(random.nextBoolean() ? significand : -significand, random.nextInt(-75, 60));
    }

    /** A number that may cancel all or most of it. */
    private double near(double value) {
        double scaled = Math.scalb(value, random.nextInt(5) - 2);
        return Math.abs(scaled) > 0x1p-1000 ? scaled + random.nextInt(-3, 4) * Math.ulp(scaled) : random64();
    }
}
