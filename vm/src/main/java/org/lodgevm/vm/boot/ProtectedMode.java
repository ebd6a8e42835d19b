package org.lodgevm.vm.boot;

import java.util.Arrays;
import java.util.function.Consumer;
import org.lodgevm.machine.VcpuState;

/** Entry in 32-bit protected mode with flat segments, paging and interrupts off: what Linux's 32-bit protocol, PVH and multiboot share. */
final class ProtectedMode {
    private ProtectedMode() {}

    /**
     * Places a GDT and starts at {@code eip}.
     *
     * @param registers sets the general registers that are not zero
     */
    static Entry enter(LoadContext context, FlatSegments segments, long eip, Consumer<VcpuState> registers) {
        long gdt = context.placeGdt();
        return state -> {
            segments.apply(state, context.memory(), gdt);
            state.cr0 = ControlRegisters.CR0_PE | ControlRegisters.CR0_ET;
            state.cr4 = 0;
            Arrays.fill(state.gpr, 0);
            registers.accept(state);
            state.rip = eip;
        };
    }
}
