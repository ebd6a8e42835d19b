package org.lodgevm.x86.fp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The host's arithmetic, where it is used, against the software's: results and flags. */
class LanesTest {
    private static final int HOST_LIKE = 0x1fa0;
    private static final int ROUNDS = 200_000;

    private interface Binary32 {
        int apply(Sse c, int a, int b);
    }

    private interface Binary64 {
        long apply(Sse c, long a, long b);
    }

    private interface Soft {
        long apply(FpContext c, Format f, long a, long b);
    }

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void hostSumsAreTheSoftwares() {
        compare(Lanes::add, Lanes::add, SoftFloat::add);
    }

    @Test
    void hostDifferencesAreTheSoftwares() {
        compare(Lanes::subtract, Lanes::subtract, SoftFloat::subtract);
    }

    @Test
    void hostProductsAreTheSoftwares() {
        compare(Lanes::multiply, Lanes::multiply, SoftFloat::multiply);
    }

    @Test
    void hostQuotientsAreTheSoftwares() {
        compare(Lanes::divide, Lanes::divide, SoftFloat::divide);
    }

    @Test
    void hostSquareRootsAreTheSoftwares() {
        compare((c, a, b) -> Lanes.squareRoot(c, a), (c, a, b) -> Lanes.squareRoot(c, a), (c, f, a, b) -> SoftFloat.squareRoot(c, f, a));
    }

    @Test
    void hostMinimaAndMaximaAreTheSoftwares() {
        compare(Lanes::minimum, Lanes::minimum, SoftFloat::minimum);
        compare(Lanes::maximum, Lanes::maximum, SoftFloat::maximum);
    }

    @Test
    void hostConversionsAreTheSoftwares() {
        compare((c, a, b) -> (int) Lanes.toInteger(c, a, 32), (c, a, b) -> Lanes.toInteger(c, a, 64),
                (c, f, a, b) -> SoftConversion.toInteger(c, f, a, f.width, FpContext.NEAREST));
        compare((c, a, b) -> (int) Lanes.truncate(c, a, 32), (c, a, b) -> Lanes.truncate(c, a, 64),
                (c, f, a, b) -> SoftConversion.toInteger(c, f, a, f.width, FpContext.TRUNCATE));
        compare((c, a, b) -> Lanes.toFloat(c, a), (c, a, b) -> Lanes.toDouble(c, a),
                (c, f, a, b) -> SoftConversion.fromInteger(c, f, f == Format.BINARY32 ? (int) a : a));
    }

    @Test
    void narrowingByTheHostIsTheSoftwares() {
        Sse c = new Sse();
        for (int i = 0; i < ROUNDS; i++) {
            long a = number(11, 52);
            c.mxcsr = HOST_LIKE;
            int host = Lanes.narrow(c, a);
            int flags = c.flags;
            c.flags = 0;
            long soft = SoftConversion.convert(c.enter(), Format.BINARY64, Format.BINARY32, a);
            assertThat((long) host).as("%016x", a).isEqualTo((int) soft);
            assertThat(flags | FpContext.PE).isEqualTo(c.flags | FpContext.PE);
            c.flags = 0;
        }
    }

    private void compare(Binary32 single, Binary64 twice, Soft soft) {
        Sse c = new Sse();
        for (int i = 0; i < ROUNDS; i++) {
            long a = number(8, 23);
            long b = number(8, 23);
            c.mxcsr = HOST_LIKE;
            check(c, Format.BINARY32, single.apply(c, (int) a, (int) b) & 0xffff_ffffL, a, b, soft);
            a = number(11, 52);
            b = number(11, 52);
            c.mxcsr = HOST_LIKE;
            check(c, Format.BINARY64, twice.apply(c, a, b), a, b, soft);
        }
    }

    private static void check(Sse c, Format f, long host, long a, long b, Soft soft) {
        int flags = c.flags;
        c.flags = 0;
        long expected = soft.apply(c.enter(), f, a, b) & -1L >>> 64 - f.width;
        if (host != expected || (flags | FpContext.PE) != (c.flags | FpContext.PE)) {
            throw new AssertionError("of %x and %x: %x with flags %x, want %x with %x".formatted(a, b, host, flags, expected, c.flags));
        }
        c.flags = 0;
    }

    /** Numbers of every class, most of them near 1, some near the ends of the range. */
    private long number(int exponentBits, int fractionBits) {
        long top = (1L << exponentBits) - 1;
        long exponent = switch (random.nextInt(8)) {
            case 0 -> random.nextInt(3);
            case 1 -> top - random.nextInt(3);
            case 2 -> top / 2 - fractionBits + random.nextInt(2 * fractionBits);
            case 3 -> random.nextLong(top);
            default -> top / 2 - 2 + random.nextInt(4);
        };
        long fraction = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -1L;
            default -> random.nextLong();
        };
        return (random.nextLong(2) << exponentBits | exponent) << fractionBits | fraction & (1L << fractionBits) - 1;
    }
}
