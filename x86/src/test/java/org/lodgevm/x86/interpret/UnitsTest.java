package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.Cr;

/** When x87, MMX and SSE instructions may be executed, and what their own exceptions become. @sdm table 2-2 */
class UnitsTest {
    private static final String FLD1 = "d9e8";
    private static final String FLDZ = "d9ee";
    private static final String FDIVP = "def9";
    private static final String FWAIT = "9b";
    private static final String FNSTSW_AX = "dfe0";
    private static final String FNCLEX = "dbe2";
    private static final String PADDB_MM0_MM1 = "0ffcc1";
    private static final String EMMS = "0f77";
    private static final String ADDPS_XMM0_XMM1 = "0f58c1";
    private static final String DIVPS_XMM0_XMM1 = "0f5ec1";
    private static final String MOVQ2DQ_XMM0_MM1 = "f30fd6c1";
    private static final String VADDPS_XMM0_XMM1_XMM2 = "c5f058c2";
    private static final String VFMADD_XMM0_XMM1_XMM2 = "c4e27198c2";
    private static final String VZEROUPPER = "c5f877";
    private static final String XSETBV = "0f01d1";
    private static final String ANDN = "c4e270f2c2";
    private static final int ZERO_DIVIDE_UNMASKED = 0x37b;
    private static final int MXCSR_ZERO_DIVIDE_UNMASKED = 0x1d80;
    private static final int ES = 1 << 7;
    private static final long ONES = 0x3f80_0000_3f80_0000L;

    private final CpuRig rig = new CpuRig(CodeSize.BITS_64);
    private final long cr0 = rig.c.cr0;
    private final long cr4 = rig.c.cr4;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void allUnitsWorkWhenNothingForbidsThem() {
        for (String code : List.of(FLD1, FWAIT, EMMS, PADDB_MM0_MM1, ADDPS_XMM0_XMM1, MOVQ2DQ_XMM0_MM1)) {
            assertThat(rig.run(code)).as(code).isNull();
        }
    }

    @Test
    void emulationMakesX87UnavailableAndTheOthersUndefined() {
        rig.control(cr0 | Cr.CR0_EM, cr4);
        assertThat(rig.run(FLD1)).isEqualTo("#NM");
        assertThat(rig.run(PADDB_MM0_MM1)).isEqualTo("#UD");
        assertThat(rig.run(ADDPS_XMM0_XMM1)).isEqualTo("#UD");
        assertThat(rig.run(FWAIT)).isNull();
    }

    @Test
    void taskSwitchedMakesEveryUnitUnavailable() {
        rig.control(cr0 | Cr.CR0_TS, cr4);
        for (String code : List.of(FLD1, FNSTSW_AX, EMMS, PADDB_MM0_MM1, ADDPS_XMM0_XMM1, MOVQ2DQ_XMM0_MM1)) {
            assertThat(rig.run(code)).as(code).isEqualTo("#NM");
        }
    }

    @Test
    void fwaitMindsTaskSwitchedOnlyWithMonitorCoprocessor() {
        rig.control(cr0 | Cr.CR0_TS, cr4);
        assertThat(rig.run(FWAIT)).isNull();
        rig.control(cr0 | Cr.CR0_TS | Cr.CR0_MP, cr4);
        assertThat(rig.run(FWAIT)).isEqualTo("#NM");
    }

    @Test
    void onlySseNeedsOsfxsr() {
        rig.control(cr0, cr4 & ~Cr.CR4_OSFXSR);
        assertThat(rig.run(ADDPS_XMM0_XMM1)).isEqualTo("#UD");
        assertThat(rig.run(MOVQ2DQ_XMM0_MM1)).isEqualTo("#UD");
        assertThat(rig.run(PADDB_MM0_MM1)).isNull();
        assertThat(rig.run(FLD1)).isNull();
    }

    @Test
    void undefinedComesBeforeUnavailable() {
        rig.control(cr0 | Cr.CR0_TS, cr4 & ~Cr.CR4_OSFXSR);
        assertThat(rig.run(ADDPS_XMM0_XMM1)).isEqualTo("#UD");
    }

    @Test
    void avxNeedsItsStateToBeEnabledButNeitherOsfxsrNorANumericUnit() {
        assertThat(rig.run(VADDPS_XMM0_XMM1_XMM2)).isNull();
        rig.control(cr0 | Cr.CR0_EM, cr4 & ~Cr.CR4_OSFXSR);
        assertThat(rig.run(VADDPS_XMM0_XMM1_XMM2)).isNull();
        assertThat(rig.run(VZEROUPPER)).isNull();
        rig.control(cr0, cr4 & ~Cr.CR4_OSXSAVE);
        assertThat(rig.run(VADDPS_XMM0_XMM1_XMM2)).isEqualTo("#UD");
        assertThat(rig.run(VZEROUPPER)).isEqualTo("#UD");
        assertThat(rig.run(ANDN)).as("general registers are always there").isNull();
        assertThat(rig.run(ADDPS_XMM0_XMM1)).isNull();
    }

    @Test
    void avxIsThereWhenXcr0SaysSo() {
        for (int components : new int[] {1, 3, 7}) {
            rig.c.gpr(0, components);
            rig.c.gpr(1, 0);
            rig.c.gpr(2, 0);
            assertThat(rig.run(XSETBV)).isNull();
            assertThat(rig.run(VADDPS_XMM0_XMM1_XMM2)).isEqualTo(components == 7 ? null : "#UD");
            assertThat(rig.run(VFMADD_XMM0_XMM1_XMM2)).isEqualTo(components == 7 ? null : "#UD");
            assertThat(rig.run(ADDPS_XMM0_XMM1)).isNull();
        }
    }

    @Test
    void avxIsUnavailableAfterATaskSwitchUnlessItIsUndefined() {
        rig.control(cr0 | Cr.CR0_TS, cr4);
        for (String code : List.of(VADDPS_XMM0_XMM1_XMM2, VZEROUPPER, VFMADD_XMM0_XMM1_XMM2)) {
            assertThat(rig.run(code)).as(code).isEqualTo("#NM");
        }
        rig.control(cr0 | Cr.CR0_TS, cr4 & ~Cr.CR4_OSXSAVE);
        assertThat(rig.run(VADDPS_XMM0_XMM1_XMM2)).isEqualTo("#UD");
    }

    @Test
    void legacyInstructionsLeaveUpperHalvesAloneAndVexEncodedOnesClearThem() {
        rig.high(0, 1, 2);
        assertThat(rig.run(ADDPS_XMM0_XMM1)).isNull();
        assertThat(rig.high(0, 1)).isEqualTo(2);
        assertThat(rig.run(VADDPS_XMM0_XMM1_XMM2)).isNull();
        assertThat(rig.high(0, 0)).isZero();
        assertThat(rig.high(0, 1)).isZero();
    }

    @Test
    void bothHalvesRaiseTheirExceptionsTogether() {
        rig.high(2, ONES, ONES);
        rig.high(1, ONES, ONES);
        rig.xmm(1, ONES, ONES);
        rig.xmm(2, 0x3f80_0000_0000_0001L, ONES);
        rig.high(2, ONES, 0x3f80_0000_0000_0000L);
        rig.c.sse.mxcsr = MXCSR_ZERO_DIVIDE_UNMASKED;
        assertThat(rig.run("c5f45ec2")).as("vdivps ymm0, ymm1, ymm2").isEqualTo("#XM");
        assertThat(rig.c.sse.mxcsr & 0x3f).as("ZE of the upper half, DE of the lower; no result, hence no OE").isEqualTo(6);
    }

    private void divideByZero() {
        rig.c.gpr(3, CpuRig.DATA);
        rig.put32(CpuRig.DATA, ZERO_DIVIDE_UNMASKED);
        assertThat(rig.run("d92b")).as("fldcw [rbx]").isNull();
        for (String code : List.of(FLD1, FLDZ, FDIVP)) {
            assertThat(rig.run(code)).as(code).isNull();
        }
        assertThat(rig.run(FNSTSW_AX)).isNull();
        assertThat(rig.c.gpr(0) & ES).isNotZero();
    }

    @Test
    void aPendingX87ExceptionIsRaisedByTheNextWaitingInstruction() {
        divideByZero();
        for (String code : List.of(FWAIT, FLD1, PADDB_MM0_MM1, EMMS, MOVQ2DQ_XMM0_MM1)) {
            assertThat(rig.run(code)).as(code).isEqualTo("#MF");
        }
        assertThat(rig.run(ADDPS_XMM0_XMM1)).isNull();
        assertThat(rig.run(FNCLEX)).isNull();
        assertThat(rig.run(FLD1)).isNull();
    }

    @Test
    void withoutNumericErrorItGoesToTheFerrWireInstead() {
        List<Boolean> wire = new ArrayList<>();
        rig.c.ferr = wire::add;
        rig.control(cr0 & ~Cr.CR0_NE, cr4);
        divideByZero();
        assertThat(wire).isEmpty();
        assertThat(rig.run(FWAIT)).isNull();
        assertThat(wire).containsExactly(true);
    }

    @Test
    void anUnmaskedSimdExceptionLeavesTheDestinationAlone() {
        rig.xmm(0, ONES, ONES);
        rig.xmm(1, ONES, 0);
        rig.c.sse.mxcsr = MXCSR_ZERO_DIVIDE_UNMASKED;
        assertThat(rig.run(DIVPS_XMM0_XMM1)).isEqualTo("#XM");
        assertThat(rig.xmm(0, 0)).isEqualTo(ONES);
        assertThat(rig.c.sse.mxcsr).isEqualTo(MXCSR_ZERO_DIVIDE_UNMASKED | 4);
    }

    @Test
    void anUnmaskedSimdExceptionIsUndefinedWhereTheSystemDoesNotExpectIt() {
        rig.control(cr0, cr4 & ~Cr.CR4_OSXMMEXCPT);
        rig.xmm(0, ONES, ONES);
        rig.xmm(1, ONES, 0);
        rig.c.sse.mxcsr = MXCSR_ZERO_DIVIDE_UNMASKED;
        assertThat(rig.run(DIVPS_XMM0_XMM1)).isEqualTo("#UD");
    }
}
