package org.lodgevm.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
    private static final int PAGE = 4096;

    @Test
    void newMemoryIsZeroAndAligned() {
        for (int bytes = 1; bytes < 1 << 22; bytes = 3 * bytes + 1) {
            MemorySegment memory = HostMemory.zeroed(bytes, PAGE);
            assertThat(memory.byteSize()).isEqualTo(bytes);
            assertThat(memory.address() % PAGE).isZero();
            assertThat(memory.mismatch(MemorySegment.ofArray(new byte[bytes]))).isEqualTo(-1);
            memory.fill((byte) 1); // of which the next one shows nothing
        }
    }

    @Test
    void aSegmentKeepsItsMemory() {
        MemorySegment memory = HostMemory.zeroed(PAGE, PAGE);
        HostMemory.put32(memory.address(), 42);
        System.gc();
        assertThat(memory.get(ValueLayout.JAVA_INT, 0)).isEqualTo(42);
    }

    @Test
    void moreThanTheHostHasIsAnError() {
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> HostMemory.zeroed(Long.MAX_VALUE / 2, PAGE));
    }
}
