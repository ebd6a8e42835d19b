package org.lodgevm.vm.gdb;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.lodgevm.machine.VcpuState;

/**
 * One of GDB's registers.
 *
 * @param type GDB's name for how to show it
 * @param read its bytes, the lowest first
 * @param write what changes it, or null if nothing does
 */
record Register(String name, int bits, String type, Function<VcpuState, byte[]> read, BiConsumer<VcpuState, byte[]> write) {
    int bytes() {
        return bits / Byte.SIZE;
    }
}
