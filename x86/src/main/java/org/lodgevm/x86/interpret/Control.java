package org.lodgevm.x86.interpret;

import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.Vector;

/** Near jumps, calls, returns and loops. They end a block, and rIP already points behind them. */
final class Control {
    private Control() {}

    /** Goes to an offset in CS after checking it against the limit, or for being canonical. */
    static void jump(Cpu c, long target) {
        if (c.code64 ? !c.mmu.canonical(target) : (target & 0xffff_ffffL) > c.segments[Segment.CS].limit) {
            throw c.protection();
        }
        c.rip = target;
    }

    /** The target of an indirect branch, cut to the operand size. */
    private static long target(Cpu c, Op o) {
        int size = o.instruction.opSize();
        if (o.instruction.row().operand(0).method() == AddressingMethod.J) {
            return o.target;
        }
        return o.instruction.isMemory() ? Linear.read(c, o.linear(c, size, false), size, o.segment) : c.register(o.rm, size);
    }

    static void jmp(Cpu c, Op o) {
        jump(c, target(c, o));
    }

    /** A direct jump in 64-bit code, its target canonical. */
    static void jmp64(Cpu c, Op o) {
        c.rip = o.target;
    }

    static void call(Cpu c, Op o) {
        long target = target(c, o);
        long before = c.rip;
        jump(c, target);
        Stack.push(c, before, o.instruction.opSize());
    }

    static void call64(Cpu c, Op o) {
        long sp = c.r[Gpr.RSP] - 8;
        Linear.write64(c, sp, Segment.SS, o.next);
        c.r[Gpr.RSP] = sp;
        c.rip = o.target;
    }

    static void ret(Cpu c, Op o) {
        int size = o.instruction.opSize();
        long target = Stack.peek(c, 0, size);
        jump(c, target);
        Stack.release(c, size + (o.instruction.row().operands().isEmpty() ? 0 : o.imm & 0xffff));
    }

    static void ret64(Cpu c, Op o) {
        long sp = c.r[Gpr.RSP];
        long target = Linear.read64(c, sp, Segment.SS);
        if (!c.mmu.canonical(target)) {
            throw c.protection();
        }
        c.r[Gpr.RSP] = sp + 8 + o.imm;
        c.rip = target;
    }

    private static long counter(Cpu c, Op o, long delta) {
        int size = o.instruction.addrSize();
        return c.register(Gpr.RCX, size) + delta & o.addressMask();
    }

    private static void loop(Cpu c, Op o, boolean condition) {
        long count = counter(c, o, -1);
        if (count != 0 && condition) {
            jump(c, o.target);
        }
        c.register(Gpr.RCX, o.instruction.addrSize(), count);
    }

    static void loop(Cpu c, Op o) {
        loop(c, o, true);
    }

    static void loope(Cpu c, Op o) {
        loop(c, o, Flags.zf(c));
    }

    static void loopne(Cpu c, Op o) {
        loop(c, o, !Flags.zf(c));
    }

    static void jcxz(Cpu c, Op o) {
        if (counter(c, o, 0) == 0) {
            jump(c, o.target);
        }
    }

    /** @sdm volume 2 "BOUND" */
    static void bound(Cpu c, Op o) {
        int size = o.instruction.opSize();
        int bits = size * 8;
        long index = Arithmetic.extend(c.register(o.reg, size), bits);
        long lower = Arithmetic.extend(Linear.read(c, o.linear(c, 0, size, false), size, o.segment), bits);
        long upper = Arithmetic.extend(Linear.read(c, o.linear(c, size, size, false), size, o.segment), bits);
        if (index < lower || index > upper) {
            throw c.fault(Vector.BR, 0);
        }
    }

    static void ud0(Cpu c, Op o) {
        throw c.undefined();
    }

    static void ud1(Cpu c, Op o) {
        throw c.undefined();
    }

    static void ud2(Cpu c, Op o) {
        throw c.undefined();
    }
}
