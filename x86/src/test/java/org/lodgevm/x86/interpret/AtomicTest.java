package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.machine.IoRegion;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.GuestFault;

/** Locked updates of what the host cannot exchange. */
class AtomicTest {
    private static final int REGISTER = CpuRig.RAM + 0x100;
    private static final int PAGE_END = CpuRig.DATA + 0x1000;

    private final CpuRig rig = new CpuRig(CodeSize.BITS_32);

    /** A counter: every read finds another value. */
    private static final class Counter implements IoRegion {
        private long count = 40;
        private long written;

        @Override
        public long read(long offset, int size) {
            return ++count;
        }

        @Override
        public void write(long offset, int size, long value) {
            written = value;
        }
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aRegisterThatNeverStandsStillIsReadAndWrittenOnce() {
        Counter counter = new Counter();
        rig.c.bus.mapMmio(REGISTER, 4, counter);
        assertThat(increment(REGISTER)).as("done at the first try").isTrue();
        assertThat(counter.count).isEqualTo(41);
        assertThat(counter.written).isEqualTo(42);
    }

    @Test
    void anUpdateOverAPageBoundaryIsDone() {
        rig.put32(PAGE_END - 2, 0x1_ffff);
        assertThat(increment(PAGE_END - 2)).isTrue();
        assertThat(rig.get32(PAGE_END - 2)).isEqualTo(0x2_0000);
    }

    @Test
    void aFaultLeavesNothingLocked() {
        rig.absent(PAGE_END);
        assertThatThrownBy(() -> increment(PAGE_END - 2)).isInstanceOf(GuestFault.class);
        assertThat(rig.c.code.splitLock.isLocked()).isFalse();
    }

    /** One try. */
    private boolean increment(int address) {
        Atomic update = Atomic.begin(rig.c, address, Integer.BYTES, Segment.DS);
        update.result = update.load(rig.c) + 1;
        return update.commit(rig.c);
    }
}
