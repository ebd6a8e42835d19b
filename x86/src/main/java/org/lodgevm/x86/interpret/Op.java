package org.lodgevm.x86.interpret;

import org.lodgevm.x86.decode.Instruction;

/**
 * One decoded instruction, ready to run: the operands as places in the state block, and {@link #run}.
 *
 * <p>Immutable once bound; blocks of ops are shared by all CPUs of a machine.
 */
abstract class Op {
    /** The operand's offset in the state block: ModRM.reg (or an implied register), ModRM.rm, VEX.vvvv. */
    int reg;
    int rm;
    int vreg;
    long imm;
    /** The memory operand: offsets of base and index (or {@code ZERO}), shift, displacement. */
    int base;
    int index;
    int scale;
    long disp;
    /** Number of the segment register, and the offset of its base; {@code ZERO} where the base is known to be 0. */
    int segment;
    int segmentBase;
    /** 64-bit addressing in 64-bit mode: no mask, no limit. */
    boolean flat;
    /** Effective addresses wrap at 16, 32 or 64 bits. */
    long addressMask;
    /** Where a direct branch goes. */
    long target;
    /** The instruction, for operations that need more than the above. */
    Instruction instruction;
    /** rIP of the instruction, and of the next. */
    long rip;
    long next;

    /** How many instructions this op is. */
    int instructions = 1;
    /** What {@link Specializer} made this op's class from. */
    Specializer.Form form;
    /** The ops that a fused one consists of, else null. */
    Op[] parts;
    /** The op after this one in its block, or null. */
    Op following;

    abstract void run(Cpu c);

    /** A new op of the same class; specialised classes have no other way to be instantiated. */
    abstract Op fresh();

    /** The effective address: the offset within the segment. */
    final long effective(Cpu c) {
        long[] r = c.r;
        return r[base] + (r[index] << scale) + disp & addressMask;
    }

    /** The linear address of the memory operand, its segment's rules checked for an access of {@code size} bytes. */
    final long linear(Cpu c, int size, boolean write) {
        long[] r = c.r;
        long offset = r[base] + (r[index] << scale) + disp;
        return flat ? offset + r[segmentBase] : c.linear(segment, offset & addressMask, size, write);
    }

    /** The same, {@code delta} bytes further on: bit strings, the second half of an operand. */
    final long linear(Cpu c, long delta, int size, boolean write) {
        long offset = effective(c) + delta & addressMask;
        return flat ? offset + c.r[segmentBase] : c.linear(segment, offset, size, write);
    }
}
