package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Gpr.AH;
import static org.lodgevm.x86.state.Gpr.RAX;
import static org.lodgevm.x86.state.Gpr.RBX;
import static org.lodgevm.x86.state.Gpr.RCX;
import static org.lodgevm.x86.state.Gpr.RDX;

import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.simd.Crc32;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;
import org.lodgevm.x86.state.Vector;

/** General-purpose instructions with implied registers or more than one result. */
final class Registers {
    private static final int PAUSES_TO_YIELD = 64;

    private Registers() {}

    private static long read(Cpu c, Op o, int size) {
        if (o.instruction.isMemory()) {
            return Linear.read(c, o.linear(c, size, false), size, o.segment);
        }
        return size == 1 ? c.byteRegister(o.rm) : c.register(o.rm, size);
    }

    private static void put(Cpu c, int offset, int size, long value) {
        if (size == 1) {
            c.byteRegister(offset, (int) value);
        } else {
            c.register(offset, size, value);
        }
    }

    private static long get(Cpu c, int offset, int size) {
        return size == 1 ? c.byteRegister(offset) : c.register(offset, size);
    }

    // --- multiplication and division -----------------------------------------------------------------------------------

    /** MUL: rDX:rAX = rAX × operand; AX = AL × operand for bytes. */
    static void mul(Cpu c, Op o) {
        int size = o.instruction.width(0);
        long a = get(c, RAX, size);
        long b = read(c, o, size);
        long low = a * b;
        long high = size == 8 ? Math.unsignedMultiplyHigh(a, b) : low >>> 8 * size;
        product(c, size, low, high, truncate(high, size) != 0);
    }

    private static void product(Cpu c, int size, long low, long high, boolean significant) {
        if (size == 1) {
            c.register(RAX, 2, (int) low);
        } else {
            c.register(RAX, size, low);
            c.register(RDX, size, high);
        }
        Flags.set(c, low, 8 * size, significant, significant);
    }

    private static long truncate(long value, int size) {
        return size == 8 ? value : value & (1L << 8 * size) - 1;
    }

    /** One operand; the others are {@link Arithmetic#imul}. */
    static void imulWide(Cpu c, Op o) {
        int size = o.instruction.width(0);
        int bits = 8 * size;
        long a = Arithmetic.extend(get(c, RAX, size), bits);
        long b = Arithmetic.extend(read(c, o, size), bits);
        long low = a * b;
        long high = size == 8 ? Math.multiplyHigh(a, b) : low >> bits;
        boolean significant = size == 8 ? high != low >> 63 : Arithmetic.extend(low, bits) != low;
        product(c, size, low, high, significant);
    }

    static void mulx(Cpu c, Op o) {
        int size = o.instruction.opSize();
        long a = c.register(RDX, size);
        long b = read(c, o, size);
        long low = a * b;
        long high = size == 8 ? Math.unsignedMultiplyHigh(a, b) : low >>> 32;
        c.register(o.vreg, size, low);
        c.register(o.reg, size, high);
    }

    static void div(Cpu c, Op o) {
        int size = o.instruction.width(0);
        long divisor = read(c, o, size);
        if (divisor == 0) {
            throw c.fault(Vector.DE, 0);
        }
        if (size == 8) {
            Wide.divideUnsigned(c, c.r[RDX], c.r[RAX], divisor);
            return;
        }
        int bits = 8 * size;
        long dividend = size == 1 ? ((int) c.r[RAX] & 0xffff) : c.register(RDX, size) << bits | c.register(RAX, size);
        long quotient = Long.divideUnsigned(dividend, divisor);
        if (truncate(quotient, size) != quotient) {
            throw c.fault(Vector.DE, 0);
        }
        quotient(c, size, quotient, Long.remainderUnsigned(dividend, divisor));
    }

    private static void quotient(Cpu c, int size, long quotient, long remainder) {
        if (size == 1) {
            c.byteRegister(RAX, (int) quotient);
            c.byteRegister(AH, (int) remainder);
        } else {
            c.register(RAX, size, quotient);
            c.register(RDX, size, remainder);
        }
    }

    static void idiv(Cpu c, Op o) {
        int size = o.instruction.width(0);
        int bits = 8 * size;
        long divisor = Arithmetic.extend(read(c, o, size), bits);
        if (divisor == 0) {
            throw c.fault(Vector.DE, 0);
        }
        if (size == 8) {
            Wide.divideSigned(c, c.r[RDX], c.r[RAX], divisor);
            return;
        }
        long dividend = size == 1 ? (short) c.r[RAX]
                : Arithmetic.extend(c.register(RDX, size) << bits | c.register(RAX, size), 2 * bits);
        if (divisor == -1 && dividend == Long.MIN_VALUE) {
            throw c.fault(Vector.DE, 0);
        }
        long quotient = dividend / divisor;
        if (Arithmetic.extend(quotient, bits) != quotient) {
            throw c.fault(Vector.DE, 0);
        }
        quotient(c, size, quotient, dividend % divisor);
    }

    /** CBW, CWDE, CDQE by operand size. */
    static void cbw(Cpu c, Op o) {
        int size = o.instruction.opSize();
        c.register(RAX, size, Arithmetic.extend(c.r[RAX], 4 * size));
    }

    /** CWD, CDQ, CQO by operand size. */
    static void cwd(Cpu c, Op o) {
        int size = o.instruction.opSize();
        c.register(RDX, size, Arithmetic.extend(c.r[RAX], 8 * size) >> 63);
    }

    // --- exchange --------------------------------------------------------------------------------------------------------

    /** With memory always locked. */
    static void xchg(Cpu c, Op o) {
        int size = o.instruction.width(0);
        long a = get(c, o.reg, size);
        if (!o.instruction.isMemory()) {
            long b = get(c, o.rm, size);
            put(c, o.rm, size, a);
            put(c, o.reg, size, b);
            return;
        }
        Atomic update = Atomic.begin(c, o.linear(c, size, true), size, o.segment);
        update.result = a;
        long old;
        do {
            old = update.load(c);
        } while (!update.commit(c));
        put(c, o.reg, size, old);
    }

    static void xadd(Cpu c, Op o) {
        int size = o.instruction.width(0);
        int bits = 8 * size;
        long b = get(c, o.reg, size);
        if (!o.instruction.isMemory()) {
            long a = get(c, o.rm, size);
            long sum = Arithmetic.add(c, a, b, bits);
            put(c, o.reg, size, a);
            put(c, o.rm, size, sum);
            return;
        }
        long a;
        if (o.instruction.lock()) {
            Atomic update = Atomic.begin(c, o.linear(c, size, true), size, o.segment);
            do {
                a = update.load(c);
                update.result = Arithmetic.add(c, a, b, bits);
            } while (!update.commit(c));
        } else {
            a = Linear.readForWrite(c, o.linear(c, size, true), size, o.segment);
            Linear.finishWrite(c, size, Arithmetic.add(c, a, b, bits));
        }
        put(c, o.reg, size, a);
    }

    /** The destination is written in any case, with what it held if the comparison failed. */
    static void cmpxchg(Cpu c, Op o) {
        int size = o.instruction.width(0);
        int bits = 8 * size;
        long expected = get(c, RAX, size);
        long replacement = get(c, o.reg, size);
        long old;
        if (!o.instruction.isMemory()) {
            old = get(c, o.rm, size);
            Arithmetic.cmp(c, expected, old, bits);
            if (old == expected) {
                put(c, o.rm, size, replacement);
            }
        } else if (o.instruction.lock()) {
            Atomic update = Atomic.begin(c, o.linear(c, size, true), size, o.segment);
            do {
                old = update.load(c);
                Arithmetic.cmp(c, expected, old, bits);
                update.result = old == expected ? replacement : old;
            } while (!update.commit(c));
        } else {
            old = Linear.readForWrite(c, o.linear(c, size, true), size, o.segment);
            Arithmetic.cmp(c, expected, old, bits);
            Linear.finishWrite(c, size, old == expected ? replacement : old);
        }
        if (old != expected) {
            put(c, RAX, size, old);
        }
    }

    static void cmpxchg8b(Cpu c, Op o) {
        long expected = c.r[RDX] << 32 | c.r[RAX] & 0xffff_ffffL;
        long replacement = c.r[RCX] << 32 | c.r[RBX] & 0xffff_ffffL;
        Atomic update = Atomic.begin(c, o.linear(c, 8, true), 8, o.segment);
        long old;
        do {
            old = update.load(c);
            update.result = old == expected ? replacement : old;
        } while (!update.commit(c));
        Flags.zero(c, old == expected);
        if (old != expected) {
            c.r[RAX] = old & 0xffff_ffffL;
            c.r[RDX] = old >>> 32;
        }
    }

    /**
     * The JVM has no 16-byte compare-and-set: without translated code this is atomic among CMPXCHG16Bs, and each half against
     * everything else.
     */
    static void cmpxchg16b(Cpu c, Op o) {
        long la = o.linear(c, 16, true);
        if ((la & 15) != 0) {
            throw c.protection();
        }
        Linear.readForWrite(c, la, 8, o.segment);
        if (c.translations != null && c.rmwHost != 0) {
            Flags.zero(c, c.translations.exchanged(c.rmwHost));
            return;
        }
        synchronized (c.code) {
            long low = Linear.readForWrite(c, la, 8, o.segment);
            long high = Linear.readForWrite(c, la + 8, 8, o.segment);
            boolean equal = low == c.r[RAX] && high == c.r[RDX];
            if (equal) {
                Linear.write64(c, la, o.segment, c.r[RBX]);
                Linear.write64(c, la + 8, o.segment, c.r[RCX]);
            } else {
                c.r[RAX] = low;
                c.r[RDX] = high;
            }
            Flags.zero(c, equal);
        }
    }

    // --- bit strings -----------------------------------------------------------------------------------------------------

    /** BT and its like with a bit offset from a register, which may lie anywhere from the operand in memory. */
    static void btString(Cpu c, Op o) {
        bitString(c, o, 0);
    }

    static void btsString(Cpu c, Op o) {
        bitString(c, o, 1);
    }

    static void btrString(Cpu c, Op o) {
        bitString(c, o, 2);
    }

    static void btcString(Cpu c, Op o) {
        bitString(c, o, 3);
    }

    private static void bitString(Cpu c, Op o, int operation) {
        int size = o.instruction.opSize();
        int bits = 8 * size;
        long offset = Arithmetic.extend(c.register(o.reg, size), bits);
        long delta = (offset >> (size == 8 ? 6 : size == 4 ? 5 : 4)) * size;
        if (operation == 0) {
            Bits.bt(c, Linear.read(c, o.linear(c, delta, size, false), size, o.segment), offset, bits);
            return;
        }
        long la = o.linear(c, delta, size, true);
        if (o.instruction.lock()) {
            Atomic update = Atomic.begin(c, la, size, o.segment);
            do {
                update.result = changeBit(c, update.load(c), offset, bits, operation);
            } while (!update.commit(c));
        } else {
            long a = Linear.readForWrite(c, la, size, o.segment);
            Linear.finishWrite(c, size, changeBit(c, a, offset, bits, operation));
        }
    }

    private static long changeBit(Cpu c, long a, long offset, int bits, int operation) {
        return switch (operation) {
            case 1 -> Bits.bts(c, a, offset, bits);
            case 2 -> Bits.btr(c, a, offset, bits);
            default -> Bits.btc(c, a, offset, bits);
        };
    }

    // --- flags and oddments ----------------------------------------------------------------------------------------------

    static void sahf(Cpu c, Op o) {
        int set = Rflags.SF | Rflags.ZF | Rflags.AF | Rflags.PF | Rflags.CF;
        Flags.status(c, Flags.status(c) & Rflags.OF | c.byteRegister(AH) & set);
    }

    static void lahf(Cpu c, Op o) {
        c.byteRegister(AH, Flags.status(c) & 0xff | Rflags.FIXED);
    }

    static void cmc(Cpu c, Op o) {
        Flags.carry(c, !Flags.cf(c));
    }

    static void clc(Cpu c, Op o) {
        Flags.carry(c, false);
    }

    static void stc(Cpu c, Op o) {
        Flags.carry(c, true);
    }

    static void cld(Cpu c, Op o) {
        c.flag(Rflags.DF, false);
    }

    static void std(Cpu c, Op o) {
        c.flag(Rflags.DF, true);
    }

    static void xlat(Cpu c, Op o) {
        long offset = c.r[RBX] + c.byteRegister(RAX) & o.addressMask();
        c.byteRegister(RAX, Linear.read8(c, c.linear(o.segment, offset, 1, false), o.segment));
    }

    static void salc(Cpu c, Op o) {
        c.byteRegister(RAX, Flags.cf(c) ? 0xff : 0);
    }

    static void nop(Cpu c, Op o) {
        // nothing, whatever the operand
    }

    /** Of those that wait for another CPU in a loop, the host's processor is taken now and then: that CPU may be without one. */
    static void pause(Cpu c, Op o) {
        Thread.onSpinWait();
        int left = HostMemory.get32(c.block + StateBlock.PAUSES) - 1;
        if (left <= 0) {
            Thread.yield();
            left = PAUSES_TO_YIELD;
        }
        HostMemory.put32(c.block + StateBlock.PAUSES, left);
    }

    static void crc32(Cpu c, Op o) {
        int size = o.instruction.width(1);
        long value = read(c, o, size);
        long crc = c.r[o.reg] & 0xffff_ffffL;
        c.r[o.reg] = switch (size) {
            case 1 -> Crc32.crc32b(crc, value);
            case 2 -> Crc32.crc32w(crc, value);
            case 4 -> Crc32.crc32d(crc, value);
            default -> Crc32.crc32q(crc, value);
        };
    }
}
