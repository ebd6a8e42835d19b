package org.lodgevm.x86.fp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.foreign.Arena;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SseTest {
    private final Arena arena = Arena.ofAuto();
    private final long dst = arena.allocate(16, 16).address();
    private final long src = arena.allocate(16, 16).address();
    private final Sse sse = new Sse();

    @Test
    void unmaskedExceptionSetsItsFlagAndLeavesTheDestination() {
        put64(dst, Double.doubleToRawLongBits(1));
        put64(dst + 8, Double.doubleToRawLongBits(2));
        put64(src, Double.doubleToRawLongBits(4));
        put64(src + 8, 0);
        sse.mxcsr = Sse.MXCSR_RESET & ~(FpContext.ZE << 7);
        assertThatThrownBy(() -> SseArithmetic.divpd(sse, dst, src)).isSameAs(SimdFault.INSTANCE);
        assertThat(sse.mxcsr).isEqualTo(0x1d84);
        assertThat(get64(dst)).isEqualTo(Double.doubleToRawLongBits(1));
        put64(src + 8, Double.doubleToRawLongBits(4));
        SseArithmetic.divpd(sse, dst, src);
        assertThat(get64(dst)).isEqualTo(Double.doubleToRawLongBits(0.25));
    }

    @Test
    void scalarInstructionLeavesTheRestOfTheDestination() {
        put64(dst, 0x4000_0000_3f80_0000L);
        put64(dst + 8, -1);
        put32(src, Float.floatToRawIntBits(2));
        SseArithmetic.addss(sse, dst, src);
        assertThat(get32(dst)).isEqualTo(Float.floatToRawIntBits(3));
        assertThat(get32(dst + 4)).isEqualTo(0x4000_0000);
        assertThat(get64(dst + 8)).isEqualTo(-1);
    }

    @Test
    void sourceMayBeTheDestination() {
        put64(dst, Double.doubleToRawLongBits(3));
        put64(dst + 8, Double.doubleToRawLongBits(5));
        SseHorizontal.haddpd(sse, dst, dst);
        assertThat(get64(dst)).isEqualTo(Double.doubleToRawLongBits(8));
        assertThat(get64(dst + 8)).isEqualTo(Double.doubleToRawLongBits(8));
        put64(src, 0x0000_0007_0000_0005L);
        SseConversion.cvtdq2pd(sse, src, src);
        assertThat(get64(src)).isEqualTo(Double.doubleToRawLongBits(5));
        assertThat(get64(src + 8)).isEqualTo(Double.doubleToRawLongBits(7));
    }

    @Test
    void anInexactResultIsNotedOnce() {
        put64(dst, Double.doubleToRawLongBits(1));
        put64(src, Double.doubleToRawLongBits(3));
        SseArithmetic.mulsd(sse, dst, src);
        assertThat(sse.mxcsr).as("exact").isEqualTo(Sse.MXCSR_RESET);
        SseArithmetic.divsd(sse, src, dst);
        SseArithmetic.divsd(sse, src, dst);
        assertThat(sse.mxcsr).isEqualTo(Sse.MXCSR_RESET | FpContext.PE);
    }

    @Test
    void instructionsShareOneSignatureOfEachKind() {
        for (Class<?> type : SseReplay.CLASSES) {
            for (Method method : type.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers())) {
                    String parameters = Arrays.toString(method.getParameterTypes());
                    assertThat(parameters).as(method.getName()).matches("\\[class \\S+Sse, long(, long(, int)?)?]");
                    assertThat(method.getReturnType()).isIn(void.class, int.class, long.class);
                }
            }
        }
    }
}
