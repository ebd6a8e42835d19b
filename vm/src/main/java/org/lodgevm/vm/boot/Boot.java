package org.lodgevm.vm.boot;

import java.util.List;

/** What a machine starts with. */
public sealed interface Boot {
    /**
     * A kernel loaded without firmware; its format decides the protocol.
     *
     * @param modules initial RAM disks or modules, in order
     */
    record Kernel(BootFile kernel, List<BootModule> modules, String commandLine) implements Boot {
        public Kernel {
            modules = List.copyOf(modules);
        }
    }

    /** Firmware mapped so that it ends at 4 GiB; the CPU starts at its reset vector. */
    record Bios(BootFile image) implements Boot {}
}
