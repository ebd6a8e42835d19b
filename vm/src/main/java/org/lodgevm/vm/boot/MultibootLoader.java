package org.lodgevm.vm.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Boots by the Multiboot Specification, version 0.6.96. @multiboot 3.2, 3.3 */
final class MultibootLoader {
    private static final int BOOTLOADER_MAGIC = 0x2bad_b002;
    private static final String BOOT_LOADER_NAME = "lodge";

    private static final int HAS_MEMORY = 1;
    private static final int HAS_COMMAND_LINE = 1 << 2;
    private static final int HAS_MODULES = 1 << 3;
    private static final int HAS_MEMORY_MAP = 1 << 6;
    private static final int HAS_BOOT_LOADER_NAME = 1 << 9;

    private static final int INFO_SIZE = 116;
    private static final int FLAGS = 0;
    private static final int MEM_LOWER = 4;
    private static final int MEM_UPPER = 8;
    private static final int CMDLINE = 16;
    private static final int MODS_COUNT = 20;
    private static final int MODS_ADDR = 24;
    private static final int MMAP_LENGTH = 44;
    private static final int MMAP_ADDR = 48;
    private static final int BOOT_LOADER = 64;

    private static final int MODULE_SIZE = 16;
    private static final int MMAP_ENTRY_SIZE = 24;
    private static final int RAX = 0;
    private static final int RBX = 3;

    private final LoadContext context;

    MultibootLoader(LoadContext context) {
        this.context = context;
    }

    Entry load(BootFile file, MultibootHeader header) {
        if (header.hasAddresses()) {
            return enter(file, header.load(file, context), header.entryAddr());
        }
        Elf elf = Elf.parse(file);
        return enter(file, elf.load(context.placement(), context.memory()), elf.physicalEntry());
    }

    private Entry enter(BootFile file, long kernelEnd, long entryGpa) {
        ByteBuffer info = ByteBuffer.allocate(INFO_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        info.putInt(FLAGS, HAS_MEMORY | HAS_COMMAND_LINE | HAS_MODULES | HAS_MEMORY_MAP | HAS_BOOT_LOADER_NAME);
        info.putInt(MODS_COUNT, context.modules().size()).putInt(MODS_ADDR, storeModules(kernelEnd));
        info.putInt(CMDLINE, storeText(commandLine(file.name(), context.boot().commandLine())));
        info.putInt(BOOT_LOADER, storeText(BOOT_LOADER_NAME));
        putMemory(info);
        int infoGpa = store(info.array());
        return ProtectedMode.enter(context, FlatSegments.CODE32, entryGpa, state -> {
            state.gpr[RAX] = BOOTLOADER_MAGIC;
            state.gpr[RBX] = infoGpa;
        });
    }

    private int storeModules(long kernelEnd) {
        List<BootModule> modules = context.modules();
        ByteBuffer list = ByteBuffer.allocate(MODULE_SIZE * modules.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (BootModule module : modules) {
            LoadedModule loaded = LoadedModule.load(context, module, kernelEnd);
            list.putInt((int) loaded.gpa()).putInt((int) loaded.end());
            list.putInt(storeText(commandLine(module.file().name(), module.arguments()))).putInt(0);
        }
        return store(list.array());
    }

    private void putMemory(ByteBuffer info) {
        List<MemoryMap.Range> ranges = context.map().ranges();
        ByteBuffer map = ByteBuffer.allocate(MMAP_ENTRY_SIZE * ranges.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (MemoryMap.Range range : ranges) {
            map.putInt(MMAP_ENTRY_SIZE - 4).putLong(range.start()).putLong(range.size()).putInt(range.type().number());
            if (range.start() == 0) {
                info.putInt(MEM_LOWER, (int) (range.size() >> 10));
            } else if (range.start() == MemoryMap.BIOS_AREA_END) {
                info.putInt(MEM_UPPER, (int) (range.size() >> 10));
            }
        }
        info.putInt(MMAP_LENGTH, map.capacity()).putInt(MMAP_ADDR, store(map.array()));
    }

    /** The first word names the file, as boot loaders have it. */
    private static String commandLine(String file, String arguments) {
        return arguments.isEmpty() ? file : file + " " + arguments;
    }

    private int storeText(String text) {
        return store(LoadContext.terminated(text));
    }

    /** In the lowest memory: what lies right behind its image a kernel may take for free. */
    private int store(byte[] bytes) {
        return (int) context.store(bytes, 4, "the multiboot information");
    }
}
