package org.lodgevm.vm.boot;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;
import org.lodgevm.machine.GuestMemory;

/** Initial RAM disks as Linux takes them: several make one, each starting at a multiple of four bytes, with zeros between. */
record LinuxInitrd(List<BootFile> parts) {
    private static final int ALIGNMENT = 4;

    static LinuxInitrd of(List<BootModule> modules) {
        for (BootModule module : modules) {
            if (!module.arguments().isEmpty()) {
                throw new BootException("Linux takes no arguments with an initial RAM disk, but %s has \"%s\"; leave them out".formatted(
                        module.file().name(), module.arguments()));
            }
            InitrdCheck.check(module.file());
        }
        return new LinuxInitrd(modules.stream().map(BootModule::file).toList());
    }

    String name() {
        return parts.stream().map(BootFile::name).collect(Collectors.joining(", "));
    }

    /** Bytes of all parts with the zeros between. */
    long size() {
        return parts.stream().mapToLong(part -> Placement.alignUp(part.size(), ALIGNMENT)).sum();
    }

    void copyTo(GuestMemory memory, long gpa) {
        memory.change(gpa, size(), this::copyTo);
    }

    private void copyTo(MemorySegment all) {
        long offset = 0;
        for (BootFile part : parts) {
            long size = part.size();
            long padded = Placement.alignUp(size, ALIGNMENT);
            part.copyTo(0, all.asSlice(offset, size));
            all.asSlice(offset + size, padded - size).fill((byte) 0);
            offset += padded;
        }
    }
}
