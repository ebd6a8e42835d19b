package org.lodgevm.x86.interpret;

import org.lodgevm.machine.Trace;
import org.lodgevm.machine.Trace.Category;
import org.lodgevm.x86.decode.Disassembler;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Vector;

/** The CPU's lines in the machine's trace. Each category is a final field, so that what is off costs nothing. */
final class Tracer {
    private final Trace trace;
    private final int cpu;
    final boolean code;
    final boolean registers;
    final boolean interrupts;
    final boolean mmu;
    final boolean io;

    Tracer(Trace trace, int cpu) {
        this.trace = trace;
        this.cpu = cpu;
        code = trace.on(Category.IN_ASM);
        registers = trace.on(Category.CPU);
        interrupts = trace.on(Category.INT);
        mmu = trace.on(Category.MMU);
        io = trace.on(Category.IO);
    }

    void block(Block block) {
        StringBuilder text = new StringBuilder("cpu%d block at %x".formatted(cpu, block.linear));
        for (Op op : block.ops()) {
            if (op.instructions > 0) {
                String instruction = op.instruction == null ? "(bad)" : Disassembler.format(op.instruction, op.rip);
                text.append("\n  %16x  %s".formatted(op.rip, instruction));
            }
        }
        trace.line(text.toString());
    }

    void registers(Cpu c) {
        trace.line(CpuDump.all(c).stripTrailing());
    }

    void fault(Cpu c, GuestFault fault) {
        boolean paging = fault.vector() == Vector.PF;
        if (interrupts || mmu && paging) {
            String where = paging ? " address %x".formatted(fault.address()) : "";
            trace.line("cpu%d %s%s at rip %x cpl %d".formatted(cpu, fault.getMessage(), where, c.rip, c.cpl));
        }
    }

    void interrupt(Cpu c, int vector) {
        trace.line("cpu%d interrupt %02x at rip %x cpl %d".formatted(cpu, vector, c.rip, c.cpl));
    }

    void software(Cpu c, int vector) {
        trace.line("cpu%d int %02x before rip %x cpl %d".formatted(cpu, vector, c.rip, c.cpl));
    }

    void paging(Cpu c) {
        trace.line("cpu%d cr0 %x cr3 %x cr4 %x efer %x at rip %x".formatted(cpu, c.cr0, c.cr3, c.cr4, c.efer, c.rip));
    }

    void flush(String what) {
        trace.line("cpu%d flushes %s".formatted(cpu, what));
    }

    void port(int port, int size, int value, boolean write) {
        trace.line("cpu%d %s port %04x size %d value %x".formatted(cpu, write ? "out" : "in ", port, size, value));
    }

    void memory(long gpa, int size, long value, boolean write) {
        trace.line("cpu%d %s gpa %x size %d value %x".formatted(cpu, write ? "write" : "read ", gpa, size, value));
    }
}
