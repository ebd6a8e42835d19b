package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.StateBlock;

/**
 * What fills the {@link Hole}s for instructions with a VEX prefix, found by name, beside {@link VectorOperands}.
 *
 * <p>They have a destination of its own: the first source is copied to {@link StateBlock#VEX_RESULT}, there the operation makes the
 * result, and at the end it moves to the destination, whose bits above it are cleared. Registers of 32 bytes, whose halves lie apart, are
 * put together on the way.
 */
final class VexOperands {
    /** From the lower half of a YMM register to its upper half. */
    static final int HIGH = StateBlock.YMM_HIGH - StateBlock.XMM;

    private static final int YMM = 32;
    private static final int HALF = 16;
    private static final long PAGE = ~0xfffL;
    private static final Map<String, Method> BY_NAME = new HashMap<>();

    static {
        for (Method m : VexOperands.class.getDeclaredMethods()) {
            BY_NAME.put(m.getName(), m);
        }
    }

    private VexOperands() {}

    static Method named(String name) {
        Method method = BY_NAME.get(name);
        return method != null ? method : VectorOperands.named(name);
    }

    // --- the first source, where the result is made --------------------------------------------------------------------------

    /** Nothing is copied: the operation writes all of its result. */
    static long result(Op o, Cpu c) {
        return c.block + StateBlock.VEX_RESULT;
    }

    static long vregCopied16(Op o, Cpu c) {
        return copy16(c, o.vreg);
    }

    static long vregCopied32(Op o, Cpu c) {
        return copy32(c, o.vreg, StateBlock.VEX_RESULT);
    }

    static long rmCopied16(Op o, Cpu c) {
        return copy16(c, o.rm);
    }

    static long rmCopied32(Op o, Cpu c) {
        return copy32(c, o.rm, StateBlock.VEX_RESULT);
    }

    static long regCopied16(Op o, Cpu c) {
        return copy16(c, o.reg);
    }

    static long regCopied32(Op o, Cpu c) {
        return copy32(c, o.reg, StateBlock.VEX_RESULT);
    }

    private static long copy16(Cpu c, int register) {
        long to = c.block + StateBlock.VEX_RESULT;
        VectorOperands.copy(c.block + register, to);
        return to;
    }

    /** A YMM register, put together. */
    static long copy32(Cpu c, int register, int area) {
        long to = c.block + area;
        VectorOperands.copy(c.block + register, to);
        VectorOperands.copy(c.block + register + HIGH, to + HALF);
        return to;
    }

    // --- further sources -----------------------------------------------------------------------------------------------------

    static long vregAddress(Op o, Cpu c) {
        return c.block + o.vreg;
    }

    static long vregThird32(Op o, Cpu c) {
        return copy32(c, o.vreg, StateBlock.VEX_THIRD);
    }

    /** The register that an immediate names. */
    static long namedAddress(Op o, Cpu c) {
        return c.block + o.imm;
    }

    static long namedThird32(Op o, Cpu c) {
        return copy32(c, (int) o.imm, StateBlock.VEX_THIRD);
    }

    static long rm32(Op o, Cpu c) {
        return copy32(c, o.rm, StateBlock.VEX_SOURCE);
    }

    static long copied32(Op o, Cpu c) {
        Linear.readBytes(c, o.linear(c, YMM, false), c.block + StateBlock.VEX_SOURCE, YMM, o.segment);
        return c.block + StateBlock.VEX_SOURCE;
    }

    // --- sources of 16 bytes or less that serve both halves: the same to each, or a part to each -------------------------------

    static long rmTwice(Op o, Cpu c) {
        return twice(c, c.block + o.rm);
    }

    static long copiedTwice1(Op o, Cpu c) {
        return twice(c, VectorOperands.copied1(o, c));
    }

    static long copiedTwice2(Op o, Cpu c) {
        return twice(c, VectorOperands.copied2(o, c));
    }

    static long copiedTwice4(Op o, Cpu c) {
        return twice(c, VectorOperands.copied4(o, c));
    }

    static long copiedTwice8(Op o, Cpu c) {
        return twice(c, VectorOperands.copied8(o, c));
    }

    static long copiedTwice16(Op o, Cpu c) {
        return twice(c, VectorOperands.copied16(o, c));
    }

    private static long twice(Cpu c, long from) {
        long to = c.block + StateBlock.VEX_SOURCE;
        VectorOperands.copy(from, to);
        VectorOperands.copy(from, to + HALF);
        return to;
    }

    static long rmParts4(Op o, Cpu c) {
        return parts(c, c.block + o.rm, 2);
    }

    static long rmParts8(Op o, Cpu c) {
        return parts(c, c.block + o.rm, 4);
    }

    static long rmParts16(Op o, Cpu c) {
        return parts(c, c.block + o.rm, 8);
    }

    static long copiedParts4(Op o, Cpu c) {
        return parts(c, VectorOperands.copied4(o, c), 2);
    }

    static long copiedParts8(Op o, Cpu c) {
        return parts(c, VectorOperands.copied8(o, c), 4);
    }

    static long copiedParts16(Op o, Cpu c) {
        return parts(c, VectorOperands.copied16(o, c), 8);
    }

    private static long parts(Cpu c, long from, int size) {
        long to = c.block + StateBlock.VEX_SOURCE;
        put64(to, get64(from));
        put64(to + HALF, get64(from + size));
        return to;
    }

    // --- the end: the result becomes the destination ---------------------------------------------------------------------------

    static void toReg16(Op o, Cpu c) {
        settle16(c, o.reg);
    }

    static void toRm16(Op o, Cpu c) {
        settle16(c, o.rm);
    }

    static void toVreg16(Op o, Cpu c) {
        settle16(c, o.vreg);
    }

    static void toReg32(Op o, Cpu c) {
        settle32(c, o.reg);
    }

    static void toVreg32(Op o, Cpu c) {
        settle32(c, o.vreg);
    }

    /** Each half has given eight bytes. */
    static void toRegNarrowed(Op o, Cpu c) {
        long from = c.block + StateBlock.VEX_RESULT;
        put64(from + 8, get64(from + HALF));
        settle16(c, o.reg);
    }

    private static void settle16(Cpu c, int register) {
        VectorOperands.copy(c.block + StateBlock.VEX_RESULT, c.block + register);
        clearHigh(c, register);
    }

    /** Distributes the result over the halves of a YMM register. */
    static void settle32(Cpu c, int register) {
        VectorOperands.copy(c.block + StateBlock.VEX_RESULT, c.block + register);
        VectorOperands.copy(c.block + StateBlock.VEX_RESULT + HALF, c.block + register + HIGH);
    }

    static void clearHigh(Cpu c, int register) {
        put64(c.block + register + HIGH, 0);
        put64(c.block + register + HIGH + 8, 0);
    }

    static void clearRegHigh(Op o, Cpu c) {
        clearHigh(c, o.reg);
    }

    static void clearRmHigh(Op o, Cpu c) {
        clearHigh(c, o.rm);
    }

    // --- moves of whole registers ----------------------------------------------------------------------------------------------

    static void vload16(Op o, Cpu c) {
        VectorOperands.load16(o, c);
        clearHigh(c, o.reg);
    }

    static void vloadAligned16(Op o, Cpu c) {
        VectorOperands.loadAligned16(o, c);
        clearHigh(c, o.reg);
    }

    static void vload32(Op o, Cpu c) {
        load(o, c, o.linear(c, YMM, false));
    }

    static void vloadAligned32(Op o, Cpu c) {
        load(o, c, aligned(o, c, false));
    }

    private static void load(Op o, Cpu c, long la) {
        long e = c.tlb + Tlb.entry(la);
        long from;
        if (get64(e + Tlb.READ) == (la + (YMM - 1) & PAGE)) {
            from = la + get64(e + Tlb.ADDEND);
        } else {
            from = c.block + StateBlock.VEX_SOURCE;
            Linear.readBytes(c, la, from, YMM, o.segment);
        }
        VectorOperands.copy(from, c.block + o.reg);
        VectorOperands.copy(from + HALF, c.block + o.reg + HIGH);
    }

    static void vstore16(Op o, Cpu c) {
        VectorOperands.store16(o, c);
    }

    static void vstoreAligned16(Op o, Cpu c) {
        VectorOperands.storeAligned16(o, c);
    }

    static void vstore32(Op o, Cpu c) {
        store(o, c, o.linear(c, YMM, true));
    }

    static void vstoreAligned32(Op o, Cpu c) {
        store(o, c, aligned(o, c, true));
    }

    private static void store(Op o, Cpu c, long la) {
        Linear.writeBytes(c, la, copy32(c, o.reg, StateBlock.VEX_RESULT), YMM, o.segment);
    }

    /** The linear address of a 32-byte operand that must be aligned. */
    private static long aligned(Op o, Cpu c, boolean write) {
        long la = o.linear(c, YMM, write);
        if ((la & YMM - 1) != 0) {
            throw c.protection();
        }
        return la;
    }

    static void moveToReg16(Op o, Cpu c) {
        VectorOperands.toReg(o, c);
        clearHigh(c, o.reg);
    }

    static void moveToReg32(Op o, Cpu c) {
        VectorOperands.toReg(o, c);
        VectorOperands.copy(c.block + o.rm + HIGH, c.block + o.reg + HIGH);
    }

    static void moveToRm16(Op o, Cpu c) {
        VectorOperands.toRm(o, c);
        clearHigh(c, o.rm);
    }

    static void moveToRm32(Op o, Cpu c) {
        VectorOperands.toRm(o, c);
        VectorOperands.copy(c.block + o.reg + HIGH, c.block + o.rm + HIGH);
    }
}
