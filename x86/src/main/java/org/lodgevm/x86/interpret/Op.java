package org.lodgevm.x86.interpret;

import org.lodgevm.x86.decode.Instruction;

/**
 * One decoded instruction, ready to run: the operands as places in the state block, and {@link #run}.
 *
 * <p>Immutable once bound; blocks of ops are shared by all CPUs of a machine. A booted kernel has hundreds of thousands:
 * every field counts.
 */
abstract class Op {
    /** The operand's offset in the state block: ModRM.reg (or an implied register), ModRM.rm, VEX.vvvv. */
    short reg;
    short rm;
    short vreg;
    long imm;
    /** The memory operand: offsets of base and index (or {@code ZERO}), shift, displacement. */
    short base;
    short index;
    byte scale;
    long disp;
    /** Number of the segment register, and the offset of its base; {@code ZERO} where the base is known to be 0. */
    byte segment;
    short segmentBase;
    /** 64-bit addressing in 64-bit mode: no mask, no limit. */
    boolean flat;
    /** How many of an effective address's 64 bits do not count. */
    byte addressShift;
    /** Where a direct branch goes. */
    long target;
    /** The instruction, for operations that need more than these fields; else null. */
    Instruction instruction;
    /** rIP of the instruction, and of the next. */
    long rip;
    long next;

    /** How many instructions this op is. */
    byte instructions = 1;
    /** What {@link Specializer} made this op's class from. */
    Specializer.Form form;
    /** The op after this one in its block, or null. */
    Op following;

    abstract void run(Cpu c);

    /** A new op of the same class; specialised classes have no other way to be instantiated. */
    abstract Op fresh();

    /** The op that a CPU executes while it is in this one: of a fused op, its part. */
    Op part(Cpu c) {
        return this;
    }

    /** Effective addresses wrap at 16, 32 or 64 bits. */
    final long addressMask() {
        return -1L >>> addressShift;
    }

    /** The effective address: the offset within the segment. */
    final long effective(Cpu c) {
        long[] r = c.r;
        return r[base] + (r[index] << scale) + disp & addressMask();
    }

    /** The linear address of the memory operand, its segment's rules checked for an access of {@code size} bytes. */
    final long linear(Cpu c, int size, boolean write) {
        long[] r = c.r;
        long offset = r[base] + (r[index] << scale) + disp;
        return flat ? offset + r[segmentBase] : c.linear(segment, offset & addressMask(), size, write);
    }

    /** The same, {@code delta} bytes further on: bit strings, the second half of an operand. */
    final long linear(Cpu c, long delta, int size, boolean write) {
        long offset = effective(c) + delta & addressMask();
        return flat ? offset + c.r[segmentBase] : c.linear(segment, offset, size, write);
    }
}
