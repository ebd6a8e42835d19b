package org.lodgevm.vm.boot;

import static org.lodgevm.vm.boot.ControlRegisters.CR0_ET;
import static org.lodgevm.vm.boot.ControlRegisters.CR0_PE;
import static org.lodgevm.vm.boot.ControlRegisters.CR0_PG;
import static org.lodgevm.vm.boot.ControlRegisters.CR4_PAE;
import static org.lodgevm.vm.boot.ControlRegisters.EFER_LMA;
import static org.lodgevm.vm.boot.ControlRegisters.EFER_LME;
import static org.lodgevm.vm.boot.ControlRegisters.IA32_EFER;
import static org.lodgevm.vm.boot.LoadContext.FOUR_GIB;

/**
 * Boots Linux by its 64-bit protocol, or by the 32-bit one where the kernel has no 64-bit entry point. Source: Linux,
 * Documentation/arch/x86/boot.rst.
 */
final class LinuxLoader {
    private static final long LOWEST_LOAD_ADDRESS = 0x10_0000;
    /** Offset of {@code startup_64} from the start of a bzImage's protected-mode kernel. */
    private static final long ENTRY_64 = 0x200;

    private static final int RSI = 6;

    private final LoadContext context;
    private final Placement placement;

    LinuxLoader(LoadContext context) {
        this.context = context;
        this.placement = context.placement();
    }

    /** Loads a bzImage that begins with {@code head}. */
    Entry bzImage(BootFile kernel, byte[] head) {
        LinuxHeader header = LinuxHeader.parse(kernel, head);
        long kernelGpa = place(kernel, header);
        context.memory().change(kernelGpa, header.imageSize(), place -> kernel.copyTo(header.imageOffset(), place));
        BootParams params = new BootParams(header.image()).loadedAt(kernelGpa);
        addInitrd(params, header.initrdAddrMax(), header.initrdAbove4G());
        addCommandLine(params, header.cmdlineSize());
        return header.has64BitEntry() ? enter64(kernelGpa + ENTRY_64, params) : enter32(kernelGpa, params);
    }

    /** Loads a 64-bit vmlinux, whose entry point is {@code startup_64} itself. */
    Entry vmlinux(Elf elf) {
        elf.load(placement, context.memory());
        BootParams params = new BootParams(LinuxHeader.forVmlinux());
        addInitrd(params, LinuxHeader.VMLINUX_INITRD_ADDR_MAX, false);
        addCommandLine(params, LinuxHeader.VMLINUX_CMDLINE_SIZE);
        return enter64(elf.physicalEntry(), params);
    }

    private long place(BootFile kernel, LinuxHeader header) {
        String what = "the kernel " + kernel.name();
        if (!header.relocatable()) {
            placement.claim(header.prefAddress(), header.initSize(), what);
            return header.prefAddress();
        }
        // Loaded below the address it prefers, it would move itself there, whether there is memory or not.
        long lowest = Math.max(header.prefAddress(), LOWEST_LOAD_ADDRESS);
        return placement.lowest(header.initSize(), header.kernelAlignment(), lowest, FOUR_GIB, what);
    }

    /** As high as the kernel allows, below 4 GiB if there is room. */
    private void addInitrd(BootParams params, long addrMax, boolean above4G) {
        LinuxInitrd initrd = LinuxInitrd.of(context.modules());
        if (initrd.size() > 0) {
            long limit = Math.min(addrMax + 1, FOUR_GIB);
            boolean fits = placement.fitsBelow(initrd.size(), limit);
            long gpa = placement.highest(initrd.size(), fits || !above4G ? limit : Long.MAX_VALUE, "the initial RAM disk " + initrd.name());
            initrd.copyTo(context.memory(), gpa);
            params.initrd(gpa, initrd.size());
        }
    }

    private void addCommandLine(BootParams params, int longest) {
        byte[] line = context.commandLine();
        if (line.length - 1 > longest) {
            throw new BootException("the kernel command line has %d characters, this kernel takes %d; shorten it".formatted(
                    line.length - 1, longest));
        }
        params.commandLine(context.store(line, 1, "the kernel command line"));
    }

    private Entry enter64(long entryGpa, BootParams params) {
        long tablesGpa = placement.lowest(IdentityPaging.SIZE, Placement.PAGE, 0, FOUR_GIB, "the page tables");
        context.memory().write(tablesGpa, IdentityPaging.tables(tablesGpa));
        long paramsGpa = store(params);
        long gdt = context.placeGdt();
        return state -> {
            FlatSegments.LINUX64.apply(state, context.memory(), gdt);
            state.cr0 = CR0_PE | CR0_ET | CR0_PG;
            state.cr3 = tablesGpa;
            state.cr4 = CR4_PAE;
            state.msrs.put(IA32_EFER, EFER_LME | EFER_LMA);
            state.gpr[RSI] = paramsGpa;
            state.rip = entryGpa;
        };
    }

    private Entry enter32(long entryGpa, BootParams params) {
        long paramsGpa = store(params);
        return ProtectedMode.enter(context, FlatSegments.LINUX32, entryGpa, state -> state.gpr[RSI] = paramsGpa);
    }

    private long store(BootParams params) {
        params.rsdp(context.rsdpGpa()).memory(context.map());
        return context.store(params.bytes(), Placement.PAGE, "the zero page");
    }
}
