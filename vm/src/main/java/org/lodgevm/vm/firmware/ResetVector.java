package org.lodgevm.vm.firmware;

import java.util.Arrays;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.vm.boot.MemoryMap;

/**
 * What a CPU executes that begins anew on its own: after an INIT, or a jump to the BIOS's entry point. Real firmware would start over, and so
 * does this: it resets the machine. @sdm 10.1.4
 */
final class ResetVector {
    /** The last bytes of the ROM, and of the BIOS area below 1 MiB. */
    private static final int SIZE = 16;

    private static final int ROM_SIZE = 4096;
    private static final byte INT3 = (byte) 0xcc;

    /** {@code mov dx, 0xcf9; mov al, 6; out dx, al; hlt; jmp} to the {@code hlt}. */
    private static final byte[] RESTART =
            {(byte) 0xba, (byte) 0xf9, 0x0c, (byte) 0xb0, 6, (byte) 0xee, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd};

    private ResetVector() {}

    /** Adds the ROM below 4 GiB. */
    static void addRom(GuestMemory memory) {
        byte[] rom = new byte[ROM_SIZE];
        Arrays.fill(rom, INT3);
        System.arraycopy(RESTART, 0, rom, ROM_SIZE - SIZE, RESTART.length);
        memory.addRom(PcLayout.ROM_END - ROM_SIZE, rom);
    }

    /** Writes the copy below 1 MiB. */
    static void write(GuestMemory memory) {
        memory.write(MemoryMap.BIOS_AREA_END - SIZE, RESTART);
    }
}
