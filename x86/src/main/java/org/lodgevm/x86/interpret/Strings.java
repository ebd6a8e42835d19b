package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.x86.state.Gpr.RAX;
import static org.lodgevm.x86.state.Gpr.RCX;
import static org.lodgevm.x86.state.Gpr.RDI;
import static org.lodgevm.x86.state.Gpr.RDX;
import static org.lodgevm.x86.state.Gpr.RSI;

import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.Rflags;

/**
 * String instructions. With a repeat prefix they end their block and run until done, faulted, or asked for attention;
 * the registers are right after every element, so that the instruction is simply executed again to go on.
 *
 * <p>MOVS and STOS go page by page where the addresses ascend and both pages can be reached directly.
 */
final class Strings {
    private Strings() {}

    private static long step(Cpu c, int size) {
        return c.flag(Rflags.DF) ? -size : size;
    }

    private static boolean repeats(Op o) {
        return o.instruction.rep() || o.instruction.repne();
    }

    /** How many elements are left; RF has done its work. */
    private static long count(Cpu c, Op o) {
        if (!repeats(o)) {
            return 1;
        }
        c.flag(Rflags.RF, false);
        return c.r[RCX] & o.addressMask();
    }

    /** The smaller of a count, which is unsigned, and a small number. */
    private static long least(long count, long few) {
        return Long.compareUnsigned(count, few) < 0 ? count : few;
    }

    private static void advance(Cpu c, Op o, int register, long by) {
        long value = c.r[register] + by;
        c.register(register, o.instruction.addrSize(), value);
    }

    private static void done(Cpu c, Op o, long elements) {
        if (repeats(o)) {
            advance(c, o, RCX, -elements);
        }
    }

    /** Has the instruction executed again, to go on where it is. What comes in between saves RF as set. @sdm 3B:18.3.1.1 */
    private static void again(Cpu c, Op o) {
        c.rip = o.rip;
        c.flag(Rflags.RF, true);
    }

    /** Whether to move many elements at once. An instruction run alone may have to stop after any. */
    private static boolean inRuns(Cpu c, Op o) {
        return repeats(o) && !c.flag(Rflags.DF) && !c.solo;
    }

    private static long source(Cpu c, Op o, int size) {
        return c.linear(o.segment, c.r[RSI] & o.addressMask(), size, false);
    }

    private static long destination(Cpu c, Op o, int size, boolean write) {
        return c.linear(Segment.ES, c.r[RDI] & o.addressMask(), size, write);
    }

    /** How many ascending elements from a register's offset fit into its page, its segment and its address size. */
    private static long room(Cpu c, Op o, int register, int segment, int size, boolean write) {
        long offset = c.r[register] & o.addressMask();
        long linear = offset;
        long end = o.addressMask();
        if (!c.code64) {
            Segment s = c.segments[segment];
            linear = s.base + offset & 0xffff_ffffL;
            end = Math.min(end, (write ? s.writeEnd : s.readEnd) - 1);
        } else if (segment >= Segment.FS) {
            linear = offset + c.segments[segment].base;
        }
        long inPage = (0x1000 - (linear & 0xfff)) / size;
        return end < 0 && !c.code64 || Long.compareUnsigned(offset, end) > 0 ? 0 : least(Long.divideUnsigned(end - offset, size), inPage);
    }

    private static long hostToRead(Cpu c, long linear) {
        long e = c.tlb + Tlb.entry(linear);
        return get64(e + Tlb.READ) == (linear & ~0xfffL) ? linear + get64(e + Tlb.ADDEND) : 0;
    }

    private static long hostToWrite(Cpu c, long linear) {
        long e = c.tlb + Tlb.entry(linear);
        return get64(e + Tlb.WRITE) == (linear & ~0xfffL) ? linear + get64(e + Tlb.ADDEND) : 0;
    }

    static void movs(Cpu c, Op o) {
        int size = o.instruction.width(0);
        long left = count(c, o);
        while (left != 0) {
            long n = inRuns(c, o) ? copyRun(c, o, size, left) : 0;
            if (n == 0) {
                long value = Linear.read(c, source(c, o, size), size, o.segment);
                Linear.write(c, destination(c, o, size, true), size, Segment.ES, value);
                n = 1;
            }
            long by = n * step(c, size);
            advance(c, o, RSI, by);
            advance(c, o, RDI, by);
            done(c, o, n);
            left -= n;
            if (left != 0 && c.attention() != 0) {
                again(c, o);
                return;
            }
        }
    }

    /** Copies up to the end of either page; 0 if that cannot be done at one go. */
    private static long copyRun(Cpu c, Op o, int size, long left) {
        long n = least(left, room(c, o, RSI, o.segment, size, false));
        n = Math.min(n, room(c, o, RDI, Segment.ES, size, true));
        if (n < 2) {
            return 0;
        }
        long from = hostToRead(c, source(c, o, size));
        long to = hostToWrite(c, destination(c, o, size, true));
        long bytes = n * size;
        if (from == 0 || to == 0 || to > from && to < from + bytes) {
            return 0; // a destination just above the source repeats a pattern: element by element
        }
        HostMemory.copy(from, to, bytes);
        return n;
    }

    static void stos(Cpu c, Op o) {
        int size = o.instruction.width(0);
        long left = count(c, o);
        while (left != 0) {
            long n = inRuns(c, o) ? fillRun(c, o, size, left) : 0;
            if (n == 0) {
                Linear.write(c, destination(c, o, size, true), size, Segment.ES, c.r[RAX]);
                n = 1;
            }
            advance(c, o, RDI, n * step(c, size));
            done(c, o, n);
            left -= n;
            if (left != 0 && c.attention() != 0) {
                again(c, o);
                return;
            }
        }
    }

    private static long fillRun(Cpu c, Op o, int size, long left) {
        long n = least(left, room(c, o, RDI, Segment.ES, size, true));
        if (n < 2) {
            return 0;
        }
        long to = hostToWrite(c, destination(c, o, size, true));
        if (to == 0) {
            return 0;
        }
        long value = c.r[RAX];
        if (size == 1 || value == 0) {
            HostMemory.fill(to, n * size, (int) value);
        } else {
            for (long i = 0; i < n; i++) {
                Linear.store(to + i * size, size, value);
            }
        }
        return n;
    }

    static void lods(Cpu c, Op o) {
        int size = o.instruction.width(1);
        long left = count(c, o);
        while (left != 0) {
            long value = Linear.read(c, source(c, o, size), size, o.segment);
            if (size == 1) {
                c.byteRegister(RAX, (int) value);
            } else {
                c.register(RAX, size, value);
            }
            advance(c, o, RSI, step(c, size));
            done(c, o, 1);
            if (--left != 0 && c.attention() != 0) {
                again(c, o);
                return;
            }
        }
    }

    /** Whether REPE or REPNE stops after a comparison. */
    private static boolean stops(Cpu c, Op o) {
        return o.instruction.rep() ? !Flags.zf(c) : o.instruction.repne() && Flags.zf(c);
    }

    static void scas(Cpu c, Op o) {
        int size = o.instruction.width(1);
        long left = count(c, o);
        long a = size == 1 ? c.byteRegister(RAX) : c.register(RAX, size);
        while (left != 0) {
            long b = Linear.read(c, destination(c, o, size, false), size, Segment.ES);
            Arithmetic.cmp(c, a, b, 8 * size);
            advance(c, o, RDI, step(c, size));
            done(c, o, 1);
            if (stops(c, o)) {
                return;
            }
            if (--left != 0 && c.attention() != 0) {
                again(c, o);
                return;
            }
        }
    }

    static void cmps(Cpu c, Op o) {
        int size = o.instruction.width(0);
        long left = count(c, o);
        while (left != 0) {
            long a = Linear.read(c, source(c, o, size), size, o.segment);
            long b = Linear.read(c, destination(c, o, size, false), size, Segment.ES);
            Arithmetic.cmp(c, a, b, 8 * size);
            long by = step(c, size);
            advance(c, o, RSI, by);
            advance(c, o, RDI, by);
            done(c, o, 1);
            if (stops(c, o)) {
                return;
            }
            if (--left != 0 && c.attention() != 0) {
                again(c, o);
                return;
            }
        }
    }

    /** The destination is checked before the port is read, since reading may have effects. */
    static void ins(Cpu c, Op o) {
        int size = o.instruction.width(0);
        int port = (int) c.r[RDX] & 0xffff;
        Ports.check(c, port, size);
        long left = count(c, o);
        while (left != 0) {
            long la = destination(c, o, size, true);
            Linear.readForWrite(c, la, size, Segment.ES);
            long value = Ports.read(c, port, size);
            Linear.write(c, la, size, Segment.ES, value);
            advance(c, o, RDI, step(c, size));
            done(c, o, 1);
            if (--left != 0 && c.attention() != 0) {
                again(c, o);
                return;
            }
        }
    }

    static void outs(Cpu c, Op o) {
        int size = o.instruction.width(1);
        int port = (int) c.r[RDX] & 0xffff;
        Ports.check(c, port, size);
        long left = count(c, o);
        while (left != 0) {
            long value = Linear.read(c, source(c, o, size), size, o.segment);
            Ports.write(c, port, size, (int) value);
            advance(c, o, RSI, step(c, size));
            done(c, o, 1);
            if (--left != 0 && c.attention() != 0) {
                again(c, o);
                return;
            }
        }
    }
}
