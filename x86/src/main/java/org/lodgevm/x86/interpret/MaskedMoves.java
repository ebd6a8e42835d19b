package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.state.StateBlock;

/**
 * Loads and stores of the elements that a mask selects by its signs; memory that it leaves out is never touched. None of these checks
 * alignment. @sdm 2C VMASKMOV, VPMASKMOV, VGATHERDPS/VGATHERQPS, VPGATHERDD/VPGATHERQD and the entries beside them
 */
final class MaskedMoves {
    private static final int SINGLE = 4;
    private static final int DOUBLE = 8;
    private static final int XMM = 16;
    private static final int YMM = 32;

    private MaskedMoves() {}

    static void vmaskmovps(Cpu c, Op o) {
        move(c, o, SINGLE);
    }

    static void vmaskmovpd(Cpu c, Op o) {
        move(c, o, DOUBLE);
    }

    static void vpmaskmovd(Cpu c, Op o) {
        move(c, o, SINGLE);
    }

    static void vpmaskmovq(Cpu c, Op o) {
        move(c, o, DOUBLE);
    }

    private static void move(Cpu c, Op o, int element) {
        Units.avx(c);
        if (o.instruction.row().operand(0).method() == AddressingMethod.V) {
            load(c, o, element);
        } else {
            store(c, o, element);
        }
    }

    /** The register changes when all elements have come; those left out are zero. */
    private static void load(Cpu c, Op o, int element) {
        long to = c.block + StateBlock.VEX_RESULT;
        for (int at = 0; at < YMM; at += DOUBLE) {
            put64(to + at, 0);
        }
        for (int at = 0; at < size(o.instruction); at += element) {
            if (selected(c, o.vreg, at, element)) {
                Linear.readBytes(c, o.linear(c, at, element, false), to + at, element, o.segment);
            }
        }
        VexOperands.settle32(c, o.reg);
    }

    /** All that could fault is done for every element before one is written. */
    private static void store(Cpu c, Op o, int element) {
        int size = size(o.instruction);
        for (int at = 0; at < size; at += element) {
            if (selected(c, o.vreg, at, element)) {
                SlowMemory.checkWrite(c, o.linear(c, at, element, true), element, o.segment);
            }
        }
        for (int at = 0; at < size; at += element) {
            if (selected(c, o.vreg, at, element)) {
                Linear.writeBytes(c, o.linear(c, at, element, true), element(c, o.reg, at), element, o.segment);
            }
        }
    }

    private static int size(Instruction in) {
        return XMM << in.vexL();
    }

    /** The host address of an element of a register, at an offset of up to 31 bytes. */
    private static long element(Cpu c, int register, int at) {
        return c.block + register + (at < XMM ? at : VexOperands.HIGH + at - XMM);
    }

    /** The sign of the mask's element. */
    private static boolean selected(Cpu c, int register, int at, int size) {
        return get32(element(c, register, at + size - SINGLE)) < 0;
    }

    // --- gathers -----------------------------------------------------------------------------------------------------------------

    static void vgatherdps(Cpu c, Op o) {
        gather(c, o, SINGLE, SINGLE);
    }

    static void vgatherdpd(Cpu c, Op o) {
        gather(c, o, SINGLE, DOUBLE);
    }

    static void vgatherqps(Cpu c, Op o) {
        gather(c, o, DOUBLE, SINGLE);
    }

    static void vgatherqpd(Cpu c, Op o) {
        gather(c, o, DOUBLE, DOUBLE);
    }

    static void vpgatherdd(Cpu c, Op o) {
        gather(c, o, SINGLE, SINGLE);
    }

    static void vpgatherdq(Cpu c, Op o) {
        gather(c, o, SINGLE, DOUBLE);
    }

    static void vpgatherqd(Cpu c, Op o) {
        gather(c, o, DOUBLE, SINGLE);
    }

    static void vpgatherqq(Cpu c, Op o) {
        gather(c, o, DOUBLE, DOUBLE);
    }

    /**
     * An element that has come is not asked for again: after a fault the instruction goes on where it was. Like AMD's processors it then
     * has cleared the mask up to there and has not touched the rest, of which only the signs count.
     */
    private static void gather(Cpu c, Op o, int index, int element) {
        Units.avx(c);
        int count = size(o.instruction) / Math.max(index, element);
        int indices = StateBlock.XMM + XMM * o.instruction.index();
        for (int i = 0; i < count; i++) {
            int at = i * element;
            if (selected(c, o.vreg, at, element)) {
                long place = element(c, indices, i * index);
                long offset = index == SINGLE ? get32(place) : get64(place);
                Linear.store(element(c, o.reg, at), element, read(c, o, offset << o.scale, element));
            }
            Linear.store(element(c, o.vreg, at), element, 0);
        }
        clearAbove(c, o.reg, count * element);
        clearAbove(c, o.vreg, 0);
    }

    /** In place of an index register {@link Op#index} has none. */
    private static long read(Cpu c, Op o, long index, int size) {
        long to = c.block + StateBlock.VEX_SOURCE;
        Linear.readBytes(c, o.linear(c, index, size, false), to, size, o.segment);
        return Linear.load(to, size);
    }

    private static void clearAbove(Cpu c, int register, int from) {
        for (int at = from; at < YMM; at += SINGLE) {
            put32(element(c, register, at), 0);
        }
    }
}
