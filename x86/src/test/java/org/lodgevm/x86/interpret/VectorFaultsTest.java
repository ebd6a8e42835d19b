package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.isa.CodeSize;

/** Vector and x87 instructions that fault have done nothing, not even to the half of their operand that was there. */
class VectorFaultsTest {
    private static final int ABSENT = CpuRig.DATA + 0x1000;
    private static final String NOT_PRESENT_READ = "#PF(0x0)";
    private static final String NOT_PRESENT_WRITE = "#PF(0x2)";
    private static final long A = 0x1111_2222_3333_4444L;
    private static final long B = 0x5555_6666_7777_8888L;
    private static final int BX = 3;
    private static final int DI = 7;

    private final CpuRig rig = new CpuRig(CodeSize.BITS_32);

    @BeforeEach
    void takeAPageAway() {
        rig.absent(ABSENT);
        rig.xmm(0, A, B);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void operandReachesIntoAbsentPage(int bytesBefore) {
        rig.c.gpr(BX, ABSENT - bytesBefore);
    }

    @Test
    void aLoadOverThePageBoundaryLeavesTheRegister() {
        operandReachesIntoAbsentPage(8);
        rig.put64(ABSENT - 8, 7);
        assertThat(rig.run("0f1003")).as("movups xmm0, [ebx]").isEqualTo(NOT_PRESENT_READ);
        assertThat(rig.c.cr2).isZero();
        assertThat(rig.xmm(0, 0)).isEqualTo(A);
        assertThat(rig.xmm(0, 1)).isEqualTo(B);
    }

    @Test
    void aStoreOverThePageBoundaryWritesNothing() {
        operandReachesIntoAbsentPage(8);
        assertThat(rig.run("0f1103")).as("movups [ebx], xmm0").isEqualTo(NOT_PRESENT_WRITE);
        assertThat(rig.get64(ABSENT - 8)).isZero();
    }

    @Test
    void storesWithinThePageWork() {
        operandReachesIntoAbsentPage(16);
        assertThat(rig.run("0f1103")).as("movups [ebx], xmm0").isNull();
        assertThat(rig.get64(ABSENT - 16)).isEqualTo(A);
        assertThat(rig.get64(ABSENT - 8)).isEqualTo(B);
    }

    @Test
    void onlyAlignedMovesNeedAlignment() {
        rig.c.gpr(BX, CpuRig.DATA + 8);
        assertThat(rig.run("0f2803")).as("movaps xmm0, [ebx]").isEqualTo("#GP(0x0)");
        assertThat(rig.run("0f2903")).as("movaps [ebx], xmm0").isEqualTo("#GP(0x0)");
        assertThat(rig.run("0f5803")).as("addps xmm0, [ebx]").isEqualTo("#GP(0x0)");
        assertThat(rig.run("0f1003")).as("movups xmm0, [ebx]").isNull();
        assertThat(rig.run("f20f5803")).as("addsd xmm0, [ebx]").isNull();
    }

    @Test
    void misalignmentIsNoticedBeforeAbsence() {
        operandReachesIntoAbsentPage(8);
        assertThat(rig.run("0f2803")).as("movaps xmm0, [ebx]").isEqualTo("#GP(0x0)");
    }

    @Test
    void aMaskedStoreTouchesOnlyWhatItSelects() {
        rig.c.gpr(DI, ABSENT - 8);
        rig.xmm(1, -1, 0);
        assertThat(rig.run("660ff7c1")).as("maskmovdqu xmm0, xmm1").isNull();
        assertThat(rig.get64(ABSENT - 8)).isEqualTo(A);
    }

    @Test
    void aMaskedStoreThatFaultsWritesNothing() {
        rig.c.gpr(DI, ABSENT - 8);
        rig.xmm(1, -1, 0x80);
        assertThat(rig.run("660ff7c1")).as("maskmovdqu xmm0, xmm1").isEqualTo(NOT_PRESENT_WRITE);
        assertThat(rig.get64(ABSENT - 8)).isZero();
    }

    @Test
    void anX87StoreThatFaultsDoesNotPop() {
        rig.run("d9e8");
        int status = rig.c.x87.status();
        operandReachesIntoAbsentPage(4);
        assertThat(rig.run("dd1b")).as("fstp qword [ebx]").isEqualTo(NOT_PRESENT_WRITE);
        assertThat(rig.run("db3b")).as("fstp tbyte [ebx]").isEqualTo(NOT_PRESENT_WRITE);
        assertThat(rig.run("dd33")).as("fnsave [ebx]").isEqualTo(NOT_PRESENT_WRITE);
        assertThat(rig.c.x87.status()).isEqualTo(status);
        assertThat(rig.get32(ABSENT - 4)).isZero();
    }

    @Test
    void anX87StoreReachesMemoryAndPops() {
        rig.run("d9eb");
        operandReachesIntoAbsentPage(10);
        assertThat(rig.run("db3b")).as("fstp tbyte [ebx]").isNull();
        assertThat(rig.get64(ABSENT - 10)).isEqualTo(0xc90f_daa2_2168_c235L);
        assertThat(rig.c.x87.status()).isZero();
    }

    @Test
    void anMmxInstructionThatFaultsDoesNotTouchTheX87Unit() {
        rig.run("d9e8");
        int status = rig.c.x87.status();
        operandReachesIntoAbsentPage(4);
        assertThat(rig.run("0f6f03")).as("movq mm0, [ebx]").isEqualTo(NOT_PRESENT_READ);
        assertThat(rig.run("0f7f03")).as("movq [ebx], mm0").isEqualTo(NOT_PRESENT_WRITE);
        assertThat(rig.c.x87.status()).isEqualTo(status);
        assertThat(rig.run("0f6fc1")).as("movq mm0, mm1").isNull();
        assertThat(rig.c.x87.status()).as("TOP is 0").isZero();
    }

    @Test
    void aSegmentsLimitCountsForTheWholeOperand() {
        Segmentation.set(rig.c, Segment.DS, 8, 0, CpuRig.DATA + 14, Segment.DATA | Segment.DB);
        rig.c.gpr(BX, CpuRig.DATA);
        assertThat(rig.run("0f1003")).as("movups xmm0, [ebx]").isEqualTo("#GP(0x0)");
        assertThat(rig.run("f30f6f4bff")).as("movdqu xmm1, [ebx - 1]").isNull();
        assertThat(rig.run("d93b")).as("fnstcw [ebx]").isNull();
        assertThat(rig.run("0fae03")).as("fxsave [ebx]").isEqualTo("#GP(0x0)");
    }
}
