package org.lodgevm.vm.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.lodgevm.devices.chipset.PcLayout;
import org.lodgevm.machine.GuestMemory;
import org.lodgevm.machine.VcpuState;

/** A machine's memory to load kernels into, and what the first CPU looks like then. */
final class Rig implements AutoCloseable {
    static final long RSDP = 0xe_0000;

    final GuestMemory memory = new GuestMemory();
    final MemoryMap map;
    final VcpuState cpu = new VcpuState();

    Rig(long mib) {
        long bytes = mib << 20;
        map = MemoryMap.of(bytes);
        memory.addRam(0, MemoryMap.lowRam(bytes), (size, arena) -> arena.allocate(size, 4096));
        if (MemoryMap.highRam(bytes) > 0) {
            memory.addRam(PcLayout.HIGH_RAM, MemoryMap.highRam(bytes), (size, arena) -> arena.allocate(size, 4096));
        }
    }

    void load(byte[] kernel, String commandLine, BootModule... modules) {
        load(BootFile.of("test-kernel", kernel), commandLine, modules);
    }

    void load(BootFile kernel, String commandLine, BootModule... modules) {
        Kernels.load(new Boot.Kernel(kernel, List.of(modules), commandLine), memory, map, RSDP).apply(cpu);
    }

    static BootModule module(String name, byte[] bytes) {
        return new BootModule(BootFile.of(name, bytes), "");
    }

    ByteBuffer at(long gpa, int size) {
        return ByteBuffer.wrap(memory.read(gpa, size)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The zero-terminated text at an address. */
    String text(long gpa) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (long p = gpa; memory.read(p, 1)[0] != 0; p++) {
            text.writeBytes(memory.read(p, 1));
        }
        return text.toString(UTF_8);
    }

    @Override
    public void close() {
        memory.close();
    }
}
