package org.lodgevm.x86.interpret;

import org.lodgevm.machine.Trace;
import org.lodgevm.x86.decode.Disassembler;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Vector;

/** The CPU's lines in the machine's trace. Each category is a final field, so that what is off costs nothing. */
final class Tracer {
    private final Trace trace;
    private final int cpu;
    final boolean code;
    final boolean interrupts;
    final boolean mmu;
    final boolean io;

    Tracer(Trace trace, int cpu) {
        this.trace = trace;
        this.cpu = cpu;
        code = trace.on("in_asm");
        interrupts = trace.on("int");
        mmu = trace.on("mmu");
        io = trace.on("io");
    }

    void block(Block block) {
        StringBuilder text = new StringBuilder("cpu%d block at %x".formatted(cpu, block.linear));
        for (Op op : block.ops()) {
            text.append("\n  %16x  %s".formatted(op.rip, Disassembler.format(op.instruction, op.rip)));
        }
        trace.line(text.toString());
    }

    void fault(Cpu c, GuestFault fault) {
        String where = fault.vector() == Vector.PF ? " address %x".formatted(fault.address()) : "";
        trace.line("cpu%d %s%s at rip %x cpl %d".formatted(cpu, fault.getMessage(), where, c.rip, c.cpl));
        if (mmu && fault.vector() == Vector.PF) {
            trace.line("cpu%d cr3 %x cr0 %x cr4 %x".formatted(cpu, c.cr3, c.cr0, c.cr4));
        }
    }

    void interrupt(Cpu c, int vector) {
        trace.line("cpu%d interrupt %02x at rip %x".formatted(cpu, vector, c.rip));
    }

    void port(int port, int size, int value, boolean write) {
        trace.line("cpu%d %s %04x size %d value %x".formatted(cpu, write ? "out" : "in ", port, size, value));
    }
}
