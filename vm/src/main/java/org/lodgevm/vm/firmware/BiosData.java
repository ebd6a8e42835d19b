package org.lodgevm.vm.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.vm.boot.MemoryMap;

/**
 * What real-mode code finds of a BIOS: interrupt vectors, the data area at 0x400 and the extended one it points to. Every BIOS
 * call fails, with the carry flag set; device interrupts are dismissed. Source: IBM PC/AT Technical Reference, "BIOS data areas"
 * and "Compatibility".
 */
final class BiosData {
    private static final int VECTORS = 256;
    private static final int SEGMENT = 0xf000;
    /** Where BIOSes have had their handler for unused interrupts ever since the IBM PC's. */
    private static final int HANDLER = 0xff53;

    /** {@code push bp; mov bp, sp; or byte [bp+6], 1; pop bp; iret}. */
    private static final byte[] FAIL = {0x55, (byte) 0x89, (byte) 0xe5, (byte) 0x80, 0x4e, 6, 1, 0x5d, (byte) 0xcf};

    private static final int DISMISS_HANDLER = HANDLER + FAIL.length;

    /** {@code push ax; mov al, 0x20; out 0xa0, al; out 0x20, al; pop ax; iret}: both PICs hear the end of the interrupt. */
    private static final byte[] DISMISS = {0x50, (byte) 0xb0, 0x20, (byte) 0xe6, (byte) 0xa0, (byte) 0xe6, 0x20, 0x58, (byte) 0xcf};

    /** First of eight vectors of each PIC. */
    private static final int PIC_1_VECTORS = 0x08;

    private static final int PIC_2_VECTORS = 0x70;

    private static final long AREA = 0x400;
    private static final int SIZE = 0x100;
    private static final int EBDA_SEGMENT = 0x0e;
    private static final int EQUIPMENT = 0x10;
    private static final int BASE_MEMORY_KIB = 0x13;

    private static final int COPROCESSOR = 1 << 1;
    private static final int SERIAL_PORTS_SHIFT = 9;

    private BiosData() {}

    static void write(GuestMemory memory) {
        ByteBuffer vectors = ByteBuffer.allocate(4 * VECTORS).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < VECTORS; i++) {
            boolean device = (i & -8) == PIC_1_VECTORS || (i & -8) == PIC_2_VECTORS;
            vectors.putShort((short) (device ? DISMISS_HANDLER : HANDLER)).putShort((short) SEGMENT);
        }
        memory.write(0, vectors.array());
        memory.write((SEGMENT << 4) + HANDLER, FAIL);
        memory.write((SEGMENT << 4) + DISMISS_HANDLER, DISMISS);
        ByteBuffer area = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < PcLayout.UART_COUNT; i++) {
            area.putShort(2 * i, (short) PcLayout.uart(i));
        }
        area.putShort(EBDA_SEGMENT, (short) (MemoryMap.EBDA >> 4));
        area.putShort(EQUIPMENT, (short) (COPROCESSOR | PcLayout.UART_COUNT << SERIAL_PORTS_SHIFT));
        area.putShort(BASE_MEMORY_KIB, (short) (MemoryMap.EBDA >> 10));
        memory.write(AREA, area.array());
        byte[] extended = new byte[(int) (MemoryMap.VIDEO_MEMORY - MemoryMap.EBDA)];
        extended[0] = (byte) (extended.length >> 10);
        memory.write(MemoryMap.EBDA, extended);
    }
}
