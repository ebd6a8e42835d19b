package org.lodgevm.vm.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lodgevm.machine.VcpuState;
import org.lodgevm.vm.gdb.XsaveImage.Control;

/** @sdm 13.4 */
class XsaveImageTest {
    private final VcpuState state = new VcpuState();

    private XsaveImage image() {
        return XsaveImage.of(state);
    }

    private void components(int bits) {
        state.xsave[512] = (byte) bits;
    }

    @Test
    void whatWasNeverUsedIsInItsInitialState() {
        assertThat(Control.FCTRL.read(image())).isEqualTo(0x37f);
        assertThat(Control.FTAG.read(image())).isEqualTo(0xffff);
        assertThat(image().mxcsr()).isEqualTo(0x1f80);
    }

    @Test
    void aComponentThatIsNotInUseReadsAsZerosWhateverIsThere() {
        state.xsave = new byte[832];
        java.util.Arrays.fill(state.xsave, 160, 832, (byte) 0x55);
        java.util.Arrays.fill(state.xsave, 512, 576, (byte) 0);
        components(2); // SSE
        assertThat(image().bytes(XsaveImage.XMM, 16)).containsOnly(0x55);
        assertThat(image().bytes(XsaveImage.YMM_HIGH, 16)).containsOnly(0);
    }

    @Test
    void whatIsWrittenIsInUse() {
        image().bytes(XsaveImage.YMM_HIGH, new byte[] {1, 2});
        assertThat(state.xsave[512]).isEqualTo((byte) 7);
        assertThat(image().bytes(XsaveImage.YMM_HIGH, 2)).containsExactly(1, 2);
    }

    @Test
    void tagsTellEmptyZeroSpecialAndValidByPhysicalRegister() {
        state.xsave = new byte[576];
        components(1);
        state.xsave[3] = 6 << 3; // TOP: ST0 is the physical register 6
        state.xsave[4] = (byte) 0b1101_0000; // 4, 6 and 7 are in use
        state.xsave[32 + 7] = (byte) 0x80; // ST0, 1.0
        state.xsave[32 + 9] = 0x3f;
        state.xsave[32 + 8] = (byte) 0xff;
        state.xsave[32 + 6 * 16 + 9] = 0x7f; // ST6, in register 4: infinity
        state.xsave[32 + 6 * 16 + 8] = (byte) 0xff;
        state.xsave[32 + 6 * 16 + 7] = (byte) 0x80;
        assertThat(Control.FTAG.read(image())).isEqualTo(0b01_00_11_10_11_11_11_11);
    }

    @Test
    void tagsThatAreWrittenKeepOnlyWhetherARegisterIsEmpty() {
        Control.FTAG.write(image(), 0b01_00_11_10_11_11_11_11);
        assertThat(state.xsave[4]).isEqualTo((byte) 0b1101_0000);
    }
}
