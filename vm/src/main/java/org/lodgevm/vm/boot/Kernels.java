package org.lodgevm.vm.boot;

import java.util.OptionalLong;
import org.lodgevm.machine.GuestMemory;

/** Finds out what a kernel file is and loads it. */
public final class Kernels {
    private static final int HEAD = MultibootHeader.SEARCHED;

    /** XEN_ELFNOTE_GUEST_OS, and how Linux's begins: "linu". */
    private static final int GUEST_OS = 6;
    private static final long LINUX = 0x756e_696cL;

    private Kernels() {}

    /**
     * Loads a kernel with everything that accompanies it.
     *
     * @param rsdpGpa where the ACPI tables begin
     * @throws BootException when it cannot be booted on this machine
     */
    public static Entry load(Boot.Kernel boot, GuestMemory memory, MemoryMap map, long rsdpGpa) {
        LoadContext context = new LoadContext(boot, memory, map, rsdpGpa);
        BootFile kernel = Gzip.expanded(boot.kernel());
        byte[] head = kernel.read(0, (int) Math.min(kernel.size(), HEAD));
        if (LinuxHeader.matches(head)) {
            return new LinuxLoader(context).bzImage(kernel, head);
        }
        MultibootHeader multiboot = MultibootHeader.find(kernel.name(), head);
        if (multiboot != null) {
            return new MultibootLoader(context).load(kernel, multiboot);
        }
        if (Elf.matches(head)) {
            return elf(Elf.parse(kernel), context);
        }
        throw new BootException("%s is not a kernel: %s".formatted(kernel.name(), KernelHints.explain(head)));
    }

    /** Linux takes several initial RAM disks by its own protocol only. */
    private static Entry elf(Elf elf, LoadContext context) {
        if (elf.is64Bit() && elf.note(PvhLoader.NOTE_NAME, GUEST_OS).equals(OptionalLong.of(LINUX))) {
            return new LinuxLoader(context).vmlinux(elf);
        }
        OptionalLong pvhEntry = elf.note(PvhLoader.NOTE_NAME, PvhLoader.PHYS32_ENTRY);
        if (pvhEntry.isPresent()) {
            return new PvhLoader(context).load(elf, pvhEntry.getAsLong());
        }
        if (elf.is64Bit()) {
            return new LinuxLoader(context).vmlinux(elf);
        }
        throw new BootException("%s is a 32-bit ELF file without a PVH note or a multiboot header; build the kernel with one".formatted(elf.name()));
    }
}
