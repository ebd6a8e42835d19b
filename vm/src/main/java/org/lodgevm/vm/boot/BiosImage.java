package org.lodgevm.vm.boot;

import java.util.Arrays;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.GuestMemory;

/** Firmware: a ROM that ends at 4 GiB, whose last part also appears below 1 MiB, where the CPU's reset vector runs in real mode. */
public final class BiosImage {
    /** Room between the ROM's end and the devices below it. */
    private static final long LARGEST = PcLayout.ROM_END - PcLayout.TEST_DEVICE_MEMORY - 0x1_0000;

    private static final int SHADOW_SIZE = (int) (MemoryMap.BIOS_AREA_END - MemoryMap.BIOS_AREA);

    private final byte[] shadow;

    /**
     * Adds the ROM to {@code memory}. An image that is no multiple of the page size has ones before it.
     *
     * @throws BootException when the file is unsuitable
     */
    public BiosImage(BootFile file, GuestMemory memory) {
        long size = file.size();
        if (size == 0 || size > LARGEST) {
            throw new BootException("%s is no BIOS image: it has %d bytes, possible are 1 to %d; check the file".formatted(
                    file.name(), size, LARGEST));
        }
        byte[] image = file.read(0, (int) size);
        byte[] rom = new byte[(int) Placement.alignUp(size, Placement.PAGE)];
        int padding = rom.length - image.length;
        Arrays.fill(rom, 0, padding, (byte) 0xff);
        System.arraycopy(image, 0, rom, padding, image.length);
        memory.addRom(PcLayout.ROM_END - rom.length, rom);
        shadow = Arrays.copyOfRange(rom, Math.max(0, rom.length - SHADOW_SIZE), rom.length);
    }

    /** Copies the image's end to where real mode finds it: RAM, as firmware that unlocked its shadow would see it. */
    public Entry load(GuestMemory memory) {
        memory.write(MemoryMap.BIOS_AREA_END - shadow.length, shadow);
        return Entry.RESET_VECTOR;
    }
}
