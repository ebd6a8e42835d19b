package org.lodgevm.devices.chipset.dma;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lodgevm.machine.IoRegion;

class DmaTest {
    private static final int STATUS = 8;
    private static final int REQUEST = 9;
    private static final int SINGLE_MASK = 10;
    private static final int CLEAR_BYTE_POINTER = 12;
    private static final int MASTER_CLEAR = 13;
    private static final int CLEAR_MASK = 14;
    private static final int ALL_MASK = 15;

    private final Dma8237 dma = new Dma8237(1);
    private final IoRegion ports = dma.ports();

    @Test
    void wordsPassThroughABytePointer() {
        ports.write(2, 1, 0x34);
        ports.write(2, 1, 0x12);
        ports.write(3, 1, 0xff);
        ports.write(3, 1, 0x0f);
        assertThat(new long[] {ports.read(2, 1), ports.read(2, 1)}).containsExactly(0x34, 0x12);
        assertThat(ports.read(3, 1)).isEqualTo(0xff);
        ports.write(CLEAR_BYTE_POINTER, 1, 0);
        assertThat(ports.read(2, 1)).as("lower byte again").isEqualTo(0x34);
        assertThat(ports.read(3, 1)).as("one pointer for all").isEqualTo(0x0f);
    }

    @Test
    void channelsAreMaskedOneByOneOrTogether() {
        assertThat(ports.read(ALL_MASK, 1)).isEqualTo(0xf);
        ports.write(SINGLE_MASK, 1, 2);
        assertThat(ports.read(ALL_MASK, 1)).isEqualTo(0b1011);
        ports.write(SINGLE_MASK, 1, 4 | 2);
        assertThat(ports.read(ALL_MASK, 1)).isEqualTo(0b1111);
        ports.write(CLEAR_MASK, 1, 0);
        assertThat(ports.read(ALL_MASK, 1)).isZero();
        ports.write(ALL_MASK, 1, 0xf5);
        assertThat(ports.read(ALL_MASK, 1)).isEqualTo(5);
    }

    @Test
    void statusShowsRequestsAndNeverATerminalCount() {
        ports.write(REQUEST, 1, 4 | 1);
        assertThat(ports.read(STATUS, 1)).isEqualTo(0x20);
        ports.write(REQUEST, 1, 1);
        assertThat(ports.read(STATUS, 1)).isZero();
    }

    @Test
    void masterClearMasksAndForgetsButKeepsWords() {
        ports.write(0, 1, 0x34);
        ports.write(CLEAR_MASK, 1, 0);
        ports.write(REQUEST, 1, 4);
        ports.write(MASTER_CLEAR, 1, 0);
        assertThat(ports.read(ALL_MASK, 1)).isEqualTo(0xf);
        assertThat(ports.read(STATUS, 1)).isZero();
        assertThat(ports.read(0, 1)).as("byte pointer cleared").isEqualTo(0x34);
        dma.reset();
        assertThat(ports.read(0, 1)).isZero();
    }

    @Test
    void registersOfTheSecondControllerAreTwoPortsApart() {
        Dma8237 second = new Dma8237(2);
        assertThat(second.size()).isEqualTo(32);
        second.ports().write(2 * CLEAR_MASK, 1, 0);
        second.ports().write(2 * SINGLE_MASK, 1, 4 | 3);
        assertThat(second.ports().read(2 * ALL_MASK, 1)).isEqualTo(8);
    }

    @Test
    void pageRegistersReadAsWritten() {
        DmaPages pages = new DmaPages();
        IoRegion page = pages.ports();
        page.write(0, 1, 0xaa);
        page.write(3, 2, 0x1234);
        assertThat(page.read(0, 1)).isEqualTo(0xaa);
        assertThat(page.read(4, 1)).isEqualTo(0x12);
        assertThat(page.read(15, 2)).isEqualTo(0xff00);
        page.write(15, 4, -1);
        pages.reset();
        assertThat(page.read(15, 1)).isZero();
    }
}
