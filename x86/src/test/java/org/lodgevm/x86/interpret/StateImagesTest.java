package org.lodgevm.x86.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lodgevm.x86.fp.FxArea;
import org.lodgevm.x86.fp.Sse;
import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.Cr;

/** The images of FXSAVE and XSAVE. @sdm 1:13 */
class StateImagesTest {
    private static final int AREA = CpuRig.DATA;
    private static final int MXCSR = AREA + 24;
    private static final int XMM0 = AREA + 160;
    private static final int XMM8 = AREA + 288;
    private static final int XSTATE_BV = AREA + 512;
    private static final int XCOMP_BV = AREA + 520;
    private static final int YMM_HIGH0 = AREA + 576;
    private static final int YMM_HIGH8 = AREA + 704;
    private static final long COMPACTED = 1L << 63;
    private static final int RESERVED = 1 << 16;
    private static final long UNTOUCHED = 0x5a5a_5a5a_5a5a_5a5aL;
    private static final long A = 0x1111_2222_3333_4444L;

    private static final String FXSAVE = "0fae03";
    private static final String FXRSTOR = "0fae0b";
    private static final String XSAVE64 = "480fae23";
    private static final String XRSTOR64 = "480fae2b";
    private static final String XSAVEOPT64 = "480fae33";
    private static final String XSAVEC64 = "480fc723";
    private static final String XSAVES64 = "480fc72b";
    private static final String XRSTORS64 = "480fc71b";
    private static final String XGETBV = "0f01d0";
    private static final String XSETBV = "0f01d1";
    private static final String FLD1 = "d9e8";
    private static final String FNOP = "d9d0";
    private static final String FNINIT = "dbe3";

    private final CpuRig rig = new CpuRig(CodeSize.BITS_64);

    @BeforeEach
    void prepare() {
        for (int offset = 0; offset < 832; offset += 8) {
            rig.put64(AREA + offset, offset < 512 || offset >= 576 ? UNTOUCHED : 0);
        }
        rig.put32(MXCSR, Sse.MXCSR_RESET);
        rig.c.gpr(3, AREA);
        components(7);
        clear();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void components(int mask) {
        rig.c.gpr(0, mask);
        rig.c.gpr(2, 0);
    }

    /** All state initial. */
    private void clear() {
        for (int i = 0; i < 16; i++) {
            rig.xmm(i, 0, 0);
            rig.high(i, 0, 0);
        }
        rig.c.sse.mxcsr = Sse.MXCSR_RESET;
        FxArea.initialize(rig.c.x87);
    }

    private void dirty() {
        rig.xmm(0, A, 1);
        rig.xmm(15, 2, 3);
        rig.high(15, 4, 5);
        rig.c.sse.mxcsr = 0x1f81;
        assertThat(rig.run(FLD1)).isNull();
    }

    private void assertDirty() {
        assertThat(rig.xmm(0, 0)).isEqualTo(A);
        assertThat(rig.xmm(15, 1)).isEqualTo(3);
        assertThat(rig.c.sse.mxcsr).isEqualTo(0x1f81);
        assertThat(rig.c.x87.status()).isEqualTo(7 << 11);
    }

    @Test
    void everySavedImageBringsTheStateBack() {
        for (String[] pair : new String[][] {{XSAVE64, XRSTOR64}, {XSAVEOPT64, XRSTOR64}, {XSAVEC64, XRSTOR64},
                {XSAVES64, XRSTORS64}, {FXSAVE, FXRSTOR}}) {
            rig.put64(XSTATE_BV, 0);
            rig.put64(XCOMP_BV, 0);
            dirty();
            assertThat(rig.run(pair[0])).as(pair[0]).isNull();
            clear();
            assertThat(rig.run(pair[1])).as(pair[1]).isNull();
            assertDirty();
            clear();
        }
    }

    @Test
    void xsaveWritesInitialStateAndSaysSo() {
        rig.put64(XSTATE_BV, 8);
        assertThat(rig.run(XSAVE64)).isNull();
        assertThat(rig.get64(XSTATE_BV)).as("bits not asked for stay").isEqualTo(8);
        assertThat(rig.get64(XMM0)).isZero();
        assertThat(rig.get64(YMM_HIGH0)).isZero();
        assertThat(rig.get64(AREA + 416)).isEqualTo(UNTOUCHED);
    }

    @Test
    void upperHalvesAreAComponentOfTheirOwn() {
        rig.high(0, A, 1);
        rig.high(15, 2, 3);
        assertThat(rig.run(XSAVE64)).isNull();
        assertThat(rig.get64(XSTATE_BV)).isEqualTo(4);
        assertThat(rig.get64(YMM_HIGH0)).isEqualTo(A);
        assertThat(rig.get64(AREA + 824)).isEqualTo(3);
        components(3);
        clear();
        assertThat(rig.run(XRSTOR64)).isNull();
        assertThat(rig.high(0, 0)).as("AVX was not asked for").isZero();
        components(4);
        assertThat(rig.run(XRSTOR64)).isNull();
        assertThat(rig.high(0, 0)).isEqualTo(A);
        assertThat(rig.high(15, 1)).isEqualTo(3);
    }

    @Test
    void upperHalvesThatAnImageHasNotBecomeZero() {
        rig.high(0, A, 1);
        rig.put32(MXCSR, 0x1f82);
        components(4);
        assertThat(rig.run(XRSTOR64)).isNull();
        assertThat(rig.high(0, 0)).isZero();
        assertThat(rig.c.sse.mxcsr).as("the standard format has MXCSR for AVX, too").isEqualTo(0x1f82);
    }

    @Test
    void anImageEndsWithTheComponentsThatAreAskedFor() {
        try (CpuRig rig32 = new CpuRig(CodeSize.BITS_32)) {
            rig32.absent(AREA + 0x1000);
            rig32.high(0, A, 1);
            rig32.c.gpr(3, AREA + 0x1000 - 576);
            rig32.c.gpr(0, 3);
            assertThat(rig32.run("0fae23")).as("xsave of x87 and SSE").isNull();
            rig32.c.gpr(0, 7);
            assertThat(rig32.run("0fae23")).as("xsave of AVX, too").isEqualTo("#PF(0x2)");
            assertThat(rig32.run("0fc723")).as("xsavec").isEqualTo("#PF(0x2)");
            assertThat(rig32.run("0fae2b")).as("xrstor of an image without it").isNull();
            assertThat(rig32.high(0, 0)).isZero();
        }
    }

    @Test
    void xsaveoptLeavesInitialStateOutButForMxcsr() {
        assertThat(rig.run(XSAVEOPT64)).isNull();
        assertThat(rig.get64(XMM0)).isEqualTo(UNTOUCHED);
        assertThat(rig.get64(AREA)).isEqualTo(UNTOUCHED);
        assertThat(rig.get32(MXCSR)).isEqualTo(Sse.MXCSR_RESET);
    }

    @Test
    void theLastInstructionsAddressIsState() {
        assertThat(rig.run(FNOP)).isNull();
        assertThat(rig.run(XSAVEOPT64)).isNull();
        assertThat(rig.get64(XSTATE_BV)).isEqualTo(1);
        assertThat(rig.get64(AREA + 8)).as("FIP").isEqualTo(CpuRig.CODE);
    }

    @Test
    void xsavecSaysWhichComponentsTheFormatHas() {
        rig.xmm(7, 1, 0);
        assertThat(rig.run(XSAVEC64)).isNull();
        assertThat(rig.get64(XSTATE_BV)).isEqualTo(2);
        assertThat(rig.get64(XCOMP_BV)).isEqualTo(COMPACTED | 7);
        assertThat(rig.get64(AREA)).isEqualTo(UNTOUCHED);
    }

    @Test
    void xsavecSavesSseStateForTheSakeOfMxcsrAlone() {
        rig.c.sse.mxcsr = 0x1fa0;
        assertThat(rig.run(XSAVEC64)).isNull();
        assertThat(rig.get64(XSTATE_BV)).isEqualTo(2);
        rig.c.sse.mxcsr = Sse.MXCSR_RESET;
        assertThat(rig.run(XRSTOR64)).isNull();
        assertThat(rig.c.sse.mxcsr).isEqualTo(0x1fa0);
    }

    @Test
    void onlyWhatIsAskedForIsSavedAndRestored() {
        dirty();
        components(1);
        assertThat(rig.run(XSAVE64)).isNull();
        assertThat(rig.get64(XMM0)).isEqualTo(UNTOUCHED);
        assertThat(rig.get64(XSTATE_BV)).isEqualTo(1);
        components(2);
        rig.put32(MXCSR, 0x1f82);
        assertThat(rig.run(XRSTOR64)).isNull();
        assertThat(rig.c.x87.status()).as("x87 was not asked for").isNotZero();
        assertThat(rig.xmm(0, 0)).as("SSE state is not in the image").isZero();
        assertThat(rig.c.sse.mxcsr).as("the standard format always has MXCSR").isEqualTo(0x1f82);
    }

    @Test
    void theCompactedFormatInitializesMxcsrWithItsComponent() {
        rig.c.sse.mxcsr = 0x1f81;
        rig.put64(XCOMP_BV, COMPACTED | 3);
        rig.put32(MXCSR, RESERVED);
        assertThat(rig.run(XRSTOR64)).isNull();
        assertThat(rig.c.sse.mxcsr).isEqualTo(Sse.MXCSR_RESET);
    }

    @Test
    void malformedImagesAreRefused() {
        assertRefused(XRSTOR64, XSTATE_BV, 8);
        assertRefused(XRSTOR64, XCOMP_BV, 1);
        assertRefused(XRSTOR64, XCOMP_BV + 8, 1);
        assertRefused(XRSTOR64, MXCSR, RESERVED);
        assertRefused(FXRSTOR, MXCSR, RESERVED);
        assertRefused(XRSTORS64, XCOMP_BV, 0);
        rig.put64(XCOMP_BV, COMPACTED | 1);
        assertRefused(XRSTOR64, XSTATE_BV, 2);
        assertRefused(XRSTOR64, XCOMP_BV, COMPACTED | 8);
        rig.put64(XCOMP_BV, COMPACTED | 3);
        assertRefused(XRSTOR64, XSTATE_BV + 56, 1);
        assertThat(rig.run(XRSTOR64)).isNull();
    }

    private void assertRefused(String code, int at, long value) {
        rig.put64(MXCSR, Sse.MXCSR_RESET);
        long before = rig.get64(at);
        rig.put64(at, value);
        dirty();
        assertThat(rig.run(code)).as("%s with %x at +%d", code, value, at - AREA).isEqualTo("#GP(0x0)");
        assertDirty();
        rig.put64(at, before);
        rig.run(FNINIT);
    }

    @Test
    void areasAreAligned() {
        rig.c.gpr(3, AREA + 16);
        assertThat(rig.run(FXSAVE)).isNull();
        for (String code : new String[] {XSAVE64, XSAVEC64, XRSTOR64, XSAVEOPT64, XSAVES64, XRSTORS64}) {
            assertThat(rig.run(code)).as(code).isEqualTo("#GP(0x0)");
        }
        rig.c.gpr(3, AREA + 8);
        assertThat(rig.run(FXSAVE)).isEqualTo("#GP(0x0)");
    }

    @Test
    void xsaveNeedsItsEnableBitAndNoPendingTaskSwitch() {
        long cr0 = rig.c.cr0;
        long cr4 = rig.c.cr4;
        rig.control(cr0 | Cr.CR0_TS, cr4 & ~Cr.CR4_OSXSAVE);
        assertThat(rig.run(XSAVE64)).isEqualTo("#UD");
        assertThat(rig.run(XGETBV)).isEqualTo("#UD");
        assertThat(rig.run(XSETBV)).isEqualTo("#UD");
        assertThat(rig.run(FXSAVE)).isEqualTo("#NM");
        rig.control(cr0 | Cr.CR0_TS, cr4);
        assertThat(rig.run(XSAVE64)).isEqualTo("#NM");
        rig.control(cr0 | Cr.CR0_EM, cr4);
        assertThat(rig.run(XSAVE64)).isNull();
        assertThat(rig.run(FXSAVE)).isEqualTo("#UD");
    }

    @Test
    void fxsaveLeavesXmmOutWhereTheSystemDoesNotKnowIt() {
        rig.control(rig.c.cr0, rig.c.cr4 & ~Cr.CR4_OSFXSR);
        assertThat(rig.run(FXSAVE)).isNull();
        assertThat(rig.get64(XMM0)).isEqualTo(UNTOUCHED);
    }

    @Test
    void outsideOf64BitModeThereAreEightRegisters() {
        try (CpuRig rig32 = new CpuRig(CodeSize.BITS_32)) {
            rig32.put64(XMM8, UNTOUCHED);
            rig32.put64(YMM_HIGH8, UNTOUCHED);
            rig32.xmm(8, A, A);
            rig32.high(8, A, A);
            rig32.c.gpr(3, AREA);
            rig32.c.gpr(0, 7);
            assertThat(rig32.run("0fae23")).as("xsave").isNull();
            assertThat(rig32.get64(XMM8)).isEqualTo(UNTOUCHED);
            assertThat(rig32.get64(YMM_HIGH8)).isEqualTo(UNTOUCHED);
            assertThat(rig32.run("0fae2b")).as("xrstor").isNull();
            assertThat(rig32.xmm(8, 0)).isEqualTo(A);
            assertThat(rig32.high(8, 0)).isEqualTo(A);
            rig32.c.gpr(0, 4);
            rig32.high(0, A, A);
            assertThat(rig32.run("c5fc77")).as("vzeroall").isNull();
            assertThat(rig32.high(0, 0)).isZero();
            assertThat(rig32.high(8, 0)).isEqualTo(A);
        }
    }

    @Test
    void xgetbvShowsXcr0AndWhatOfItIsInUse() {
        rig.c.gpr(1, 0);
        assertThat(rig.run(XGETBV)).isNull();
        assertThat(rig.c.gpr(0)).isEqualTo(7);
        rig.c.gpr(1, 1);
        assertThat(rig.run(XGETBV)).isNull();
        assertThat(rig.c.gpr(0)).isZero();
        rig.xmm(3, 1, 0);
        assertThat(rig.run(XGETBV)).isNull();
        assertThat(rig.c.gpr(0)).isEqualTo(2);
        rig.high(3, 0, 1);
        assertThat(rig.run(XGETBV)).isNull();
        assertThat(rig.c.gpr(0)).isEqualTo(6);
        rig.c.gpr(1, 2);
        assertThat(rig.run(XGETBV)).isEqualTo("#GP(0x0)");
    }

    @Test
    void xsetbvWantsX87AndNothingUnknownNorAvxWithoutSse() {
        rig.c.gpr(1, 0);
        for (int refused : new int[] {0, 2, 4, 5, 6, 15, 1 << 9}) {
            components(refused);
            assertThat(rig.run(XSETBV)).as("%x", refused).isEqualTo("#GP(0x0)");
        }
        for (int allowed : new int[] {7, 3, 1}) {
            components(allowed);
            assertThat(rig.run(XSETBV)).isNull();
            assertThat(rig.c.xcr0).isEqualTo(allowed);
        }
        rig.c.gpr(1, 1);
        assertThat(rig.run(XSETBV)).isEqualTo("#GP(0x0)");
    }

    @Test
    void theWholeStateTravelsAsAnImage() {
        dirty();
        byte[] image = ExtendedState.save(rig.c);
        clear();
        ExtendedState.load(rig.c, image);
        assertDirty();
    }

    @Test
    void anImageWithoutAvxIsAWholeOneToo() {
        rig.high(1, A, A);
        byte[] image = ExtendedState.save(rig.c);
        assertThat(image).hasSize(832);
        ExtendedState.load(rig.c, changed(Arrays.copyOf(image, 576), 512, 3));
        assertThat(rig.high(1, 0)).isZero();
        ExtendedState.load(rig.c, image);
        assertThat(rig.high(1, 0)).isEqualTo(A);
    }

    @Test
    void cpuidTellsWhereTheComponentLies() {
        cpuid(0xd, 0);
        assertThat(rig.c.gpr(0)).isEqualTo(7);
        assertThat(rig.c.gpr(3)).as("enabled").isEqualTo(832);
        assertThat(rig.c.gpr(1)).as("supported").isEqualTo(832);
        cpuid(0xd, 1);
        assertThat(rig.c.gpr(3)).as("compacted").isEqualTo(832);
        cpuid(0xd, 2);
        assertThat(rig.c.gpr(0)).isEqualTo(256);
        assertThat(rig.c.gpr(3)).isEqualTo(576);
        assertThat(rig.c.gpr(1)).isZero();
        rig.c.xcr0 = 3;
        cpuid(0xd, 0);
        assertThat(rig.c.gpr(3)).as("enabled").isEqualTo(576);
        assertThat(rig.c.gpr(1)).as("supported").isEqualTo(832);
    }

    private void cpuid(int leaf, int subleaf) {
        rig.c.gpr(0, leaf);
        rig.c.gpr(1, subleaf);
        assertThat(rig.run("0fa2")).isNull();
    }

    @Test
    void anImageFromElsewhereIsChecked() {
        byte[] image = ExtendedState.save(rig.c);
        assertImageRefused(Arrays.copyOf(image, 575), "575 bytes");
        assertImageRefused(changed(image, 512, 8), "components 8");
        assertImageRefused(Arrays.copyOf(image, 831), "831 bytes");
        assertImageRefused(changed(image, 527, 0x80), "format 8000000000000000");
        assertImageRefused(changed(image, 26, 1), "MXCSR");
    }

    private static byte[] changed(byte[] image, int at, int value) {
        byte[] copy = image.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private void assertImageRefused(byte[] image, String reason) {
        dirty();
        assertThatIllegalArgumentException().isThrownBy(() -> ExtendedState.load(rig.c, image))
                .withMessageContaining(reason);
        assertDirty();
        rig.run(FNINIT);
    }
}
