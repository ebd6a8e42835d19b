package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.StateBlock;

/**
 * What fills the {@link Hole}s of {@link VectorTemplates}, found by name, beside {@link Operands}.
 *
 * <p>Operands are handed on as host addresses; one in memory is first copied to {@link StateBlock#SCRATCH}, so that
 * operations neither fault nor see memory change under them.
 */
final class VectorOperands {
    /** From an MMX register's slot to the sign and exponent of the x87 register it is part of. */
    private static final int SIGN_EXPONENT = 8;
    private static final int ALL_ONES = 0xffff;
    private static final long PAGE = ~0xfffL;
    private static final Map<String, Method> BY_NAME = new HashMap<>();

    static {
        for (Method m : VectorOperands.class.getDeclaredMethods()) {
            BY_NAME.put(m.getName(), m);
        }
    }

    private VectorOperands() {}

    static Method named(String name) {
        return BY_NAME.get(name);
    }

    // --- addresses ---------------------------------------------------------------------------------------------------------

    static long regAddress(Op o, Cpu c) {
        return c.block + o.reg;
    }

    static long rmAddress(Op o, Cpu c) {
        return c.block + o.rm;
    }

    static long xmm0Address(Op o, Cpu c) {
        return c.block + StateBlock.XMM;
    }

    /** A general register. */
    static long copiedRegister(Op o, Cpu c) {
        return scratch(c, Operands.rm64(o, c));
    }

    static long copied1(Op o, Cpu c) {
        return scratch(c, Linear.read8(c, o.linear(c, 1, false), o.segment));
    }

    static long copied2(Op o, Cpu c) {
        return scratch(c, Linear.read16(c, o.linear(c, 2, false), o.segment));
    }

    static long copied4(Op o, Cpu c) {
        return scratch(c, Linear.read32(c, o.linear(c, 4, false), o.segment));
    }

    static long copied8(Op o, Cpu c) {
        return scratch(c, Linear.read64(c, o.linear(c, 8, false), o.segment));
    }

    static long copied10(Op o, Cpu c) {
        long low = Linear.read64(c, o.linear(c, 10, false), o.segment);
        int high = Linear.read16(c, o.linear(c, 8, 2, false), o.segment);
        put16(c.block + StateBlock.SCRATCH + 8, high);
        return scratch(c, low);
    }

    static long copied16(Op o, Cpu c) {
        Linear.readBytes(c, o.linear(c, 16, false), c.block + StateBlock.SCRATCH, 16, o.segment);
        return c.block + StateBlock.SCRATCH;
    }

    static long aligned16(Op o, Cpu c) {
        Linear.readBytes(c, aligned(o, c, false), c.block + StateBlock.SCRATCH, 16, o.segment);
        return c.block + StateBlock.SCRATCH;
    }

    /** INSERTPS selects a doubleword of a register, but has only one to choose from in memory. */
    static long repeated4(Op o, Cpu c) {
        long value = Linear.read32(c, o.linear(c, 4, false), o.segment) & 0xffff_ffffL;
        put64(c.block + StateBlock.SCRATCH + 8, value | value << 32);
        return scratch(c, value | value << 32);
    }

    private static long scratch(Cpu c, long value) {
        put64(c.block + StateBlock.SCRATCH, value);
        return c.block + StateBlock.SCRATCH;
    }

    /** The linear address of a 16-byte operand that must be aligned. */
    private static long aligned(Op o, Cpu c, boolean write) {
        long la = o.linear(c, 16, write);
        if ((la & 15) != 0) {
            throw c.protection();
        }
        return la;
    }

    // --- moves of whole XMM registers ----------------------------------------------------------------------------------------

    static void load16(Op o, Cpu c) {
        load(o, c, o.linear(c, 16, false));
    }

    static void loadAligned16(Op o, Cpu c) {
        load(o, c, aligned(o, c, false));
    }

    private static void load(Op o, Cpu c, long la) {
        long e = c.tlb + Tlb.entry(la);
        long from;
        if (get64(e + Tlb.READ) == (la + 15 & PAGE)) {
            from = la + get64(e + Tlb.ADDEND);
        } else {
            from = c.block + StateBlock.SCRATCH;
            Linear.readBytes(c, la, from, 16, o.segment);
        }
        copy(from, c.block + o.reg);
    }

    static void store16(Op o, Cpu c) {
        Linear.writeBytes(c, o.linear(c, 16, true), c.block + o.reg, 16, o.segment);
    }

    static void storeAligned16(Op o, Cpu c) {
        Linear.writeBytes(c, aligned(o, c, true), c.block + o.reg, 16, o.segment);
    }

    static void toReg(Op o, Cpu c) {
        copy(c.block + o.rm, c.block + o.reg);
    }

    static void toRm(Op o, Cpu c) {
        copy(c.block + o.reg, c.block + o.rm);
    }

    static void copy(long from, long to) {
        put64(to, get64(from));
        put64(to + 8, get64(from + 8));
    }

    // --- parts of vector registers -------------------------------------------------------------------------------------------

    static long regLow32(Op o, Cpu c) {
        return get32(c.block + o.reg) & 0xffff_ffffL;
    }

    static long regLow64(Op o, Cpu c) {
        return get64(c.block + o.reg);
    }

    static long regHigh64(Op o, Cpu c) {
        return get64(c.block + o.reg + 8);
    }

    static long rmLow32(Op o, Cpu c) {
        return get32(c.block + o.rm) & 0xffff_ffffL;
    }

    static long rmLow64(Op o, Cpu c) {
        return get64(c.block + o.rm);
    }

    static long rmHigh64(Op o, Cpu c) {
        return get64(c.block + o.rm + 8);
    }

    static void toRegLow32(Op o, Cpu c, long value) {
        put32(c.block + o.reg, (int) value);
    }

    static void toRegLow64(Op o, Cpu c, long value) {
        put64(c.block + o.reg, value);
    }

    static void toRegHigh64(Op o, Cpu c, long value) {
        put64(c.block + o.reg + 8, value);
    }

    static void toRmLow32(Op o, Cpu c, long value) {
        put32(c.block + o.rm, (int) value);
    }

    static void toRmLow64(Op o, Cpu c, long value) {
        put64(c.block + o.rm, value);
    }

    /** Clears what is above the value. */
    static void toRegExtended(Op o, Cpu c, long value) {
        put64(c.block + o.reg, value);
        put64(c.block + o.reg + 8, 0);
    }

    static void toRmExtended(Op o, Cpu c, long value) {
        put64(c.block + o.rm, value);
        put64(c.block + o.rm + 8, 0);
    }

    /** Ten bytes from the scratch area, all or, on a fault, none. */
    static void store10(Op o, Cpu c) {
        long la = o.linear(c, 10, true);
        long from = c.block + StateBlock.SCRATCH;
        SlowMemory.checkWrite(c, la, 10, o.segment);
        Linear.write64(c, la, o.segment, get64(from));
        Linear.write16(c, o.linear(c, 8, 2, true), o.segment, (int) get64(from + 8));
    }

    // --- what MMX instructions do to the x87 unit ----------------------------------------------------------------------------

    static void nothing(Op o, Cpu c) {
        // no MMX register is involved
    }

    static void readMmx(Op o, Cpu c) {
        c.x87.enterMmx();
    }

    static void wroteMmxReg(Op o, Cpu c) {
        c.x87.enterMmx();
        put16(c.block + o.reg + SIGN_EXPONENT, ALL_ONES);
    }

    static void wroteMmxRm(Op o, Cpu c) {
        c.x87.enterMmx();
        put16(c.block + o.rm + SIGN_EXPONENT, ALL_ONES);
    }
}
