package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.isa.CodeSize;

/** What other CPUs want of one, whether it runs or waits. */
class RevocationsTest {
    private final CpuRig rig = new CpuRig(CodeSize.BITS_32);
    private final Cpu c = rig.c;
    private final CodePage page = new CodePage(c.code, CpuRig.DATA);

    @AfterEach
    void close() {
        rig.close();
    }

    @BeforeEach
    void run() {
        c.revocations.parked(false);
    }

    private void fillTlb() {
        Linear.write32(c, CpuRig.DATA, Segment.DS, 1);
    }

    private boolean mayWrite() {
        return c.code.revoke(c, page);
    }

    @Test
    void aRunningCpuGivesUpItsAccessAtItsNextBlock() {
        fillTlb();
        c.revocations.request(page);
        assertThat(c.attention() & Attention.CODE_PAGE).isNotZero();
        c.revocations.answer();
        assertThat(c.attention() & Attention.CODE_PAGE).isZero();
        assertThat(mayWrite()).isFalse();
    }

    @Test
    void aParkedCpuLosesItAtOnceSoThatNothingPilesUp() {
        fillTlb();
        c.revocations.parked(true);
        c.revocations.request(page);
        assertThat(c.attention() & Attention.CODE_PAGE).isZero();
        assertThat(mayWrite()).isFalse();
    }

    @Test
    void blocksAreForgottenWhetherTheCpuRunsOrNot() {
        for (boolean parked : new boolean[] {false, true}) {
            Block block = new Block(1, 1, 1, new Op[] {rig.bind((byte) 0x90)}, 1, 2, page, null);
            c.jumps.put(block);
            c.revocations.parked(parked);
            c.revocations.requestForgetting();
            if (!parked) {
                c.revocations.answer();
            }
            assertThat(c.jumps.get(1, 1, 1)).as("parked: %b", parked).isNull();
        }
    }
}
