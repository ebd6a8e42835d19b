package org.lodgevm.x86.fp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Binary16, against the JDK's conversions. */
class SseHalfTest {
    private static final int BY_MXCSR = 4;
    private static final int DAZ = 1 << 6;
    private static final int FTZ = 1 << 15;
    private static final int ROUNDS = 100_000;

    private final Arena arena = Arena.ofAuto();
    private final long dst = arena.allocate(16, 16).address();
    private final long src = arena.allocate(16, 16).address();
    private final Sse sse = new Sse();

    @Test
    void everyHalfIsASingle() {
        for (int half = 0; half < 0x1_0000; half++) {
            sse.mxcsr = Sse.MXCSR_RESET | DAZ;
            put64(src, half * 0x1_0000_0001L);
            SseHalf.vcvtph2ps(sse, dst, src);
            float expected = Float.float16ToFloat((short) half);
            assertThat(Float.compare(Float.intBitsToFloat(get32(dst)), expected)).as("%x", half).isZero();
            assertThat(get32(dst + 4)).isZero();
            assertThat(get32(dst + 8)).isEqualTo(get32(dst));
            boolean signaling = Float.isNaN(expected) && (half & 0x200) == 0;
            assertThat(sse.mxcsr & FpContext.EXCEPTIONS).as("%x", half).isEqualTo(signaling ? FpContext.IE : 0);
        }
    }

    @Test
    void denormalHalvesAreNoException() {
        sse.mxcsr = 0;
        put64(src, 1);
        SseHalf.vcvtph2ps(sse, dst, src);
        assertThat(Float.intBitsToFloat(get32(dst))).isEqualTo(0x1p-24f);
        put64(src, 0x7c01);
        assertThatThrownBy(() -> SseHalf.vcvtph2ps(sse, dst, src)).isSameAs(SimdFault.INSTANCE);
    }

    @Test
    void singlesAreRoundedByTheImmediateOrByMxcsr() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ROUNDS; i++) {
            float value = Math.scalb(1 + random.nextInt(1 << 23) / (float) (1 << 23), random.nextInt(-27, 18));
            float signed = random.nextBoolean() ? value : -value;
            short nearest = Float.floatToFloat16(signed);
            int rounding = random.nextInt(4);
            boolean byMxcsr = random.nextBoolean();
            sse.mxcsr = Sse.MXCSR_RESET | FTZ | (byMxcsr ? rounding << 13 : 3 - rounding << 13);
            put32(src, Float.floatToRawIntBits(signed));
            SseHalf.vcvtps2ph(sse, dst, src, byMxcsr ? BY_MXCSR | 3 - rounding : rounding);
            float result = Float.float16ToFloat((short) get64(dst));
            if (rounding == FpContext.NEAREST) {
                assertThat((short) get64(dst)).isEqualTo(nearest);
            } else if (result != signed) {
                boolean up = rounding == FpContext.UP || rounding == FpContext.TRUNCATE && signed < 0;
                assertThat(result > signed).as("%a by %d is %a", signed, rounding, result).isEqualTo(up);
                assertThat(Math.abs((short) get64(dst) - nearest)).isLessThanOrEqualTo(1);
            }
            assertThat((sse.mxcsr & FpContext.PE) != 0).isEqualTo(result != signed);
        }
    }
}
