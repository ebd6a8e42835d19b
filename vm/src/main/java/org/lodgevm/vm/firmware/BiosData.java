package org.lodgevm.vm.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.vm.boot.MemoryMap;

/** The BIOS data area at 0x400 and the extended one it points to. Source: IBM PC/AT Technical Reference, "BIOS data areas". */
final class BiosData {
    private static final long AREA = 0x400;
    private static final int SIZE = 0x100;
    private static final int EBDA_SEGMENT = 0x0e;
    private static final int EQUIPMENT = 0x10;
    private static final int BASE_MEMORY_KIB = 0x13;

    private static final int COPROCESSOR = 1 << 1;
    private static final int SERIAL_PORTS_SHIFT = 9;

    private BiosData() {}

    static void write(GuestMemory memory) {
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
