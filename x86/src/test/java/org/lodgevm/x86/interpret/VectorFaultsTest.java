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
    void ymmMovesOverThePageBoundaryDoAllOrNothing() {
        operandReachesIntoAbsentPage(16);
        rig.high(0, 3, 4);
        assertThat(rig.run("c5fc1003")).as("vmovups ymm0, [ebx]").isEqualTo(NOT_PRESENT_READ);
        assertThat(rig.run("c5fc1103")).as("vmovups [ebx], ymm0").isEqualTo(NOT_PRESENT_WRITE);
        assertThat(rig.get64(ABSENT - 16)).isZero();
        assertThat(rig.xmm(0, 0)).isEqualTo(A);
        assertThat(rig.high(0, 0)).isEqualTo(3);
        operandReachesIntoAbsentPage(32);
        assertThat(rig.run("c5fc1103")).as("vmovups [ebx], ymm0").isNull();
        assertThat(rig.get64(ABSENT - 16)).isEqualTo(3);
        assertThat(rig.get64(ABSENT - 8)).isEqualTo(4);
    }

    @Test
    void onlyAlignedMovesWithVexNeedAlignmentToTheirWidth() {
        rig.c.gpr(BX, CpuRig.DATA + 16);
        assertThat(rig.run("c5fc2803")).as("vmovaps ymm0, [ebx]").isEqualTo("#GP(0x0)");
        assertThat(rig.run("c5fde703")).as("vmovntdq [ebx], ymm0").isEqualTo("#GP(0x0)");
        assertThat(rig.run("c5f82803")).as("vmovaps xmm0, [ebx]").isNull();
        rig.c.gpr(BX, CpuRig.DATA + 1);
        assertThat(rig.run("c5f82803")).as("vmovaps xmm0, [ebx]").isEqualTo("#GP(0x0)");
        assertThat(rig.run("c5fc5803")).as("vaddps ymm0, ymm0, [ebx]").isNull();
        assertThat(rig.run("c5fbf003")).as("vlddqu xmm0, [ebx]").isNull();
    }

    @Test
    void maskedOffElementsDoNotFault() {
        operandReachesIntoAbsentPage(8);
        rig.put64(ABSENT - 8, 0x7777_7777_6666_6666L);
        rig.xmm(1, -1, 0x7fff_ffff);
        rig.high(1, 0, 0);
        assertThat(rig.run("c4e2752c03")).as("vmaskmovps ymm0, ymm1, [ebx]").isNull();
        assertThat(rig.xmm(0, 0)).isEqualTo(0x7777_7777_6666_6666L);
        assertThat(rig.xmm(0, 1)).isZero();
        rig.xmm(0, A, B);
        assertThat(rig.run("c4e2752e03")).as("vmaskmovps [ebx], ymm1, ymm0").isNull();
        assertThat(rig.get64(ABSENT - 8)).isEqualTo(A);
        rig.xmm(1, -1, 0x8000_0000L);
        rig.xmm(0, B, B);
        assertThat(rig.run("c4e2752e03")).as("vmaskmovps [ebx], ymm1, ymm0").isEqualTo(NOT_PRESENT_WRITE);
        assertThat(rig.get64(ABSENT - 8)).isEqualTo(A);
        assertThat(rig.run("c4e2752c03")).as("vmaskmovps ymm0, ymm1, [ebx]").isEqualTo(NOT_PRESENT_READ);
        assertThat(rig.xmm(0, 0)).isEqualTo(B);
    }

    @Test
    void aGatherThatFaultsGoesOnWhereItWas() {
        rig.put64(CpuRig.DATA, 11);
        rig.put64(CpuRig.DATA + 8, 12);
        rig.c.gpr(BX, CpuRig.DATA);
        rig.xmm(1, 0, ABSENT - CpuRig.DATA);
        rig.xmm(2, -1, -1);
        rig.high(2, 5, 5);
        rig.high(0, 5, 5);
        String gather = "c4e2e991040b";
        assertThat(rig.run(gather)).as("vpgatherqq xmm0, [ebx+xmm1], xmm2").isEqualTo(NOT_PRESENT_READ);
        assertThat(rig.xmm(0, 0)).isEqualTo(11);
        assertThat(rig.xmm(0, 1)).isEqualTo(B);
        assertThat(rig.xmm(2, 0)).as("done").isZero();
        assertThat(rig.xmm(2, 1)).as("to do").isEqualTo(-1);
        rig.put64(CpuRig.DATA, 99);
        rig.xmm(1, 0, 8);
        assertThat(rig.run(gather)).isNull();
        assertThat(rig.xmm(0, 0)).as("not loaded again").isEqualTo(11);
        assertThat(rig.xmm(0, 1)).isEqualTo(12);
        assertThat(rig.xmm(2, 1)).isZero();
        assertThat(rig.high(0, 0)).isZero();
        assertThat(rig.high(2, 0)).isZero();
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
