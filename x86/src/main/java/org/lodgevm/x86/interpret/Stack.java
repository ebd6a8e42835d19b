package org.lodgevm.x86.interpret;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.isa.Operand;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Rflags;

/**
 * Pushing and popping. The methods named {@code ...64} serve 64-bit code with 64-bit operands; the others any mode and size.
 *
 * <p>rSP moves only after the memory access has succeeded.
 */
final class Stack {
    private static final int RSP = Gpr.RSP;

    private Stack() {}

    // --- for all who push and pop ------------------------------------------------------------------------------------

    static void push(Cpu c, long value, int size) {
        long sp = c.r[RSP] - size & c.stackMask;
        Linear.write(c, c.linear(Segment.SS, sp, size, true), size, Segment.SS, value);
        c.stackPointer(sp);
    }

    /** The value on top, {@code offset} bytes down; rSP stays. */
    static long peek(Cpu c, long offset, int size) {
        long sp = c.r[RSP] + offset & c.stackMask;
        return Linear.read(c, c.linear(Segment.SS, sp, size, false), size, Segment.SS);
    }

    static long pop(Cpu c, int size) {
        long value = peek(c, 0, size);
        release(c, size);
        return value;
    }

    static void release(Cpu c, long bytes) {
        c.stackPointer(c.r[RSP] + bytes);
    }

    // --- PUSH and POP --------------------------------------------------------------------------------------------------

    static void push64(Cpu c, Op o) {
        long sp = c.r[RSP] - 8;
        Linear.write64(c, sp, Segment.SS, c.r[o.rm]);
        c.r[RSP] = sp;
    }

    static void pop64(Cpu c, Op o) {
        long sp = c.r[RSP];
        long value = Linear.read64(c, sp, Segment.SS);
        c.r[RSP] = sp + 8;
        c.r[o.rm] = value;
    }

    static void push(Cpu c, Op o) {
        Operand operand = o.instruction.row().operand(0);
        int size = o.instruction.opSize();
        if (operand.method() == AddressingMethod.I) {
            push(c, o.imm, size);
        } else if (o.instruction.isMemory()) {
            push(c, Linear.read(c, o.linear(c, size, false), size, o.segment), size);
        } else {
            push(c, c.register(o.rm, size), size);
        }
    }

    /** A selector is written as 2 bytes whatever the operand size, as Intel's processors do. */
    static void pushSegment(Cpu c, Op o) {
        int size = o.instruction.opSize();
        long sp = c.r[RSP] - size & c.stackMask;
        int selector = c.segments[o.instruction.register(0)].selector;
        Linear.write16(c, c.linear(Segment.SS, sp, 2, true), Segment.SS, selector);
        c.stackPointer(sp);
    }

    static void pop(Cpu c, Op o) {
        int size = o.instruction.opSize();
        if (!o.instruction.isMemory()) {
            long value = pop(c, size);
            c.register(o.rm, size, value);
            return;
        }
        // the address of the destination is computed with rSP already incremented
        long value = peek(c, 0, size);
        long before = c.r[RSP];
        release(c, size);
        long la;
        try {
            la = o.linear(c, size, true);
            Linear.write(c, la, size, o.segment, value);
        } catch (RuntimeException fault) {
            c.r[RSP] = before;
            throw fault;
        }
    }

    static void popSegment(Cpu c, Op o) {
        int selector = (int) peek(c, 0, 2);
        int register = o.instruction.register(0);
        int size = o.instruction.opSize();
        long mask = c.stackMask; // of the stack that it is popped off, even where SS is what is loaded
        long sp = c.r[RSP] + size & mask | c.r[RSP] & ~mask;
        Segmentation.load(c, register, selector);
        c.r[RSP] = sp;
        if (register == Segment.SS) {
            c.breakpoints.stackLoaded();
        }
    }

    static void pusha(Cpu c, Op o) {
        int size = o.instruction.opSize();
        long sp = c.r[RSP];
        // the lowest and the highest first, so that nothing is written when something faults
        for (int i = 7; i >= 0; i--) {
            Linear.write(c, c.linear(Segment.SS, sp - (long) size * (i + 1) & c.stackMask, size, true), size, Segment.SS,
                    c.gpr(i));
        }
        c.stackPointer(sp - 8L * size);
    }

    static void popa(Cpu c, Op o) {
        int size = o.instruction.opSize();
        long[] values = new long[8];
        for (int i = 0; i < 8; i++) {
            values[i] = peek(c, (long) i * size, size);
        }
        for (int i = 0; i < 8; i++) {
            int register = 7 - i;
            if (register != 4) {
                c.register(register, size, values[i]);
            }
        }
        release(c, 8L * size);
    }

    /** VM and RF are pushed as 0. @sdm volume 2 "PUSHF" */
    static void pushf(Cpu c, Op o) {
        int size = o.instruction.opSize();
        int flags = c.rflags() & ~(Rflags.VM | Rflags.RF);
        if (c.v86 && c.iopl() < 3) {
            if ((c.cr4 & Cr.CR4_VME) == 0 || size != 2) {
                throw c.protection();
            }
            // with virtual-mode extensions IF and IOPL are those that the task believes in
            flags = flags & ~Rflags.IF | (c.flag(Rflags.VIF) ? Rflags.IF : 0) | Rflags.IOPL;
        }
        push(c, flags, size);
    }

    static void popf(Cpu c, Op o) {
        int size = o.instruction.opSize();
        boolean vme = false;
        if (c.v86 && c.iopl() < 3) {
            vme = (c.cr4 & Cr.CR4_VME) != 0 && size == 2;
            if (!vme) {
                throw c.protection();
            }
        }
        int value = (int) peek(c, 0, size);
        if (vme) {
            if ((value & Rflags.TF) != 0 || (value & Rflags.IF) != 0 && c.flag(Rflags.VIP)) {
                throw c.protection();
            }
            release(c, size);
            int changed = Rflags.STATUS | Rflags.TF | Rflags.DF | Rflags.NT;
            int virtual = (value & Rflags.IF) != 0 ? Rflags.VIF : 0;
            c.rflags(c.rflags() & ~(changed | Rflags.VIF) | value & changed | virtual);
            return;
        }
        release(c, size);
        int changed = Rflags.STATUS | Rflags.TF | Rflags.DF | Rflags.NT | (size == 2 ? 0 : Rflags.AC | Rflags.ID);
        if (c.cpl == 0) {
            changed |= Rflags.IOPL;
        }
        if (c.cpl <= c.iopl()) {
            changed |= Rflags.IF;
        }
        c.rflags(c.rflags() & ~changed | value & changed);
    }

    /** @sdm volume 2 "ENTER" */
    static void enter(Cpu c, Op o) {
        int size = o.instruction.opSize();
        int allocate = (int) o.instruction.imm() & 0xffff;
        int level = o.instruction.imm2() & 31;
        long sp = c.r[RSP];
        long bp = c.r[Gpr.RBP];
        long at = sp - size & c.stackMask;
        Linear.write(c, c.linear(Segment.SS, at, size, true), size, Segment.SS, bp);
        long frame = at | sp & ~c.stackMask; // all of rSP, of which BP may get the lower half
        for (int i = 1; i < level; i++) {
            long from = bp - (long) i * size & c.stackMask;
            long pointer = Linear.read(c, c.linear(Segment.SS, from, size, false), size, Segment.SS);
            at = at - size & c.stackMask;
            Linear.write(c, c.linear(Segment.SS, at, size, true), size, Segment.SS, pointer);
        }
        if (level > 0) {
            at = at - size & c.stackMask;
            Linear.write(c, c.linear(Segment.SS, at, size, true), size, Segment.SS, frame);
        }
        long end = at - allocate & c.stackMask;
        // the new top must be writable, or the instruction faults
        Linear.readForWrite(c, c.linear(Segment.SS, end, size, true), size, Segment.SS);
        c.register(Gpr.RBP, size, frame);
        c.stackPointer(end);
    }

    static void leave64(Cpu c, Op o) {
        long bp = c.r[Gpr.RBP];
        long value = Linear.read64(c, bp, Segment.SS);
        c.r[RSP] = bp + 8;
        c.r[Gpr.RBP] = value;
    }

    static void leave(Cpu c, Op o) {
        int size = o.instruction.opSize();
        long bp = c.r[Gpr.RBP] & c.stackMask;
        long value = Linear.read(c, c.linear(Segment.SS, bp, size, false), size, Segment.SS);
        c.stackPointer(bp + size);
        c.register(Gpr.RBP, size, value);
    }
}
