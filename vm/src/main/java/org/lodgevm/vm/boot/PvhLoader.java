package org.lodgevm.vm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Boots an ELF kernel by the PVH protocol: 32-bit protected mode at the address in a note, EBX pointing to start info.
 *
 * <p>Source: Xen, docs/misc/pvh.pandoc and xen/include/public/arch-x86/hvm/start_info.h.
 */
final class PvhLoader {
    /** The note that tells the entry point's physical address: XEN_ELFNOTE_PHYS32_ENTRY. */
    static final int PHYS32_ENTRY = 18;

    static final String NOTE_NAME = "Xen";

    private static final int XEN_HVM_START_MAGIC_VALUE = 0x336e_c578;
    private static final int VERSION = 1;
    private static final int START_INFO_SIZE = 56;
    private static final int MODULE_SIZE = 32;
    private static final int MEMMAP_ENTRY_SIZE = 24;
    private static final int RBX = 3;

    private final LoadContext context;

    PvhLoader(LoadContext context) {
        this.context = context;
    }

    Entry load(Elf elf, long entryGpa) {
        long end = elf.load(context.placement(), context.memory());
        List<BootModule> modules = context.modules();
        long modulesGpa = modules.isEmpty() ? 0 : storeModules(modules, end);
        ByteBuffer info = buffer(START_INFO_SIZE);
        info.putInt(XEN_HVM_START_MAGIC_VALUE).putInt(VERSION).putInt(0).putInt(modules.size());
        info.putLong(modulesGpa).putLong(context.store(context.commandLine(), 1, "the kernel command line"));
        info.putLong(context.rsdpGpa()).putLong(storeMemoryMap()).putInt(context.map().ranges().size());
        long infoGpa = context.store(info.array(), 8, "the PVH start info");
        return ProtectedMode.enter(context, FlatSegments.CODE32, entryGpa, state -> state.gpr[RBX] = infoGpa);
    }

    private long storeModules(List<BootModule> modules, long above) {
        ByteBuffer list = buffer(MODULE_SIZE * modules.size());
        for (BootModule module : modules) {
            LoadedModule loaded = LoadedModule.load(context, module, above);
            long arguments = module.arguments().isEmpty() ? 0 : storeText(module.arguments());
            list.putLong(loaded.gpa()).putLong(loaded.size()).putLong(arguments).putLong(0);
        }
        return context.store(list.array(), 8, "the list of modules");
    }

    private long storeText(String text) {
        return context.store(LoadContext.terminated(text), 1, "a module's arguments");
    }

    private long storeMemoryMap() {
        List<MemoryMap.Range> ranges = context.map().ranges();
        ByteBuffer table = buffer(MEMMAP_ENTRY_SIZE * ranges.size());
        for (MemoryMap.Range range : ranges) {
            table.putLong(range.start()).putLong(range.size()).putInt(range.type().number()).putInt(0);
        }
        return context.store(table.array(), 8, "the memory map");
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
