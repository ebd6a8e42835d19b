package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Vector;

/** Descriptors in memory, and loading them into segment registers. @sdm 3A:3.4, 3A:5.6 */
final class Segmentation {
    static final int RPL = 3;
    static final int TABLE_LDT = 4;
    /** Bits of a selector that an error code shows. */
    static final int INDEX_AND_TABLE = 0xfffc;

    private static final int[] DATA_SEGMENTS = {Segment.ES, Segment.DS, Segment.FS, Segment.GS};
    private static final int V86_ATTRIBUTES = Segment.DATA | 3 << Segment.DPL_SHIFT;

    private Segmentation() {}

    static boolean isNull(int selector) {
        return (selector & INDEX_AND_TABLE) == 0;
    }

    /** The linear address of a selector's descriptor, or -1 if it is beyond the table's limit. */
    static long descriptorAddress(Cpu c, int selector, int bytes) {
        long base = c.gdtBase;
        long limit = c.gdtLimit;
        if ((selector & TABLE_LDT) != 0) {
            if (!c.ldtr.present()) {
                return -1;
            }
            base = c.ldtr.base;
            limit = c.ldtr.limit;
        }
        int offset = selector & ~7;
        return offset + bytes - 1 > limit ? -1 : c.longMode ? base + offset : base + offset & 0xffff_ffffL;
    }

    static long descriptor(Cpu c, int selector, int vector) {
        return descriptor(c, selector, vector, 0);
    }

    /** Reads a descriptor; beyond the table it is {@code vector} with the selector and {@code ext} as error code. */
    static long descriptor(Cpu c, int selector, int vector, int ext) {
        long at = descriptorAddress(c, selector, 8);
        if (at == -1) {
            throw c.fault(vector, selector & INDEX_AND_TABLE | ext);
        }
        return readSystem(c, at);
    }

    /** Eight bytes of a descriptor table or TSS, read with supervisor rights. */
    static long readSystem(Cpu c, long linear) {
        c.implicitSupervisor();
        try {
            return Linear.read64(c, linear, Segment.DS);
        } finally {
            c.updateRegime();
        }
    }

    /** Sets the accessed bit, or a TSS's busy bit, in the byte of type and attributes. */
    static void setTypeBit(Cpu c, int selector, int bit, boolean on) {
        long at = descriptorAddress(c, selector, 8) + 5;
        c.implicitSupervisor();
        try {
            long old = Linear.readForWrite(c, at, 1, Segment.DS);
            long changed = on ? old | bit : old & ~bit;
            if (changed != old) {
                Linear.finishWrite(c, 1, changed);
            }
        } finally {
            c.updateRegime();
        }
    }

    /** Sets a segment register with its hidden part, and all that follows from it. */
    static void set(Cpu c, int register, int selector, long base, long limit, int attributes) {
        c.segments[register].set(selector, base, limit, attributes);
        c.segmentBase(register, base);
        if (register == Segment.CS || register == Segment.SS) {
            c.updateMode();
        }
    }

    /** As virtual-8086 mode wants it. */
    static void setV86(Cpu c, int register, int selector) {
        set(c, register, selector, (long) selector << 4, 0xffff, V86_ATTRIBUTES);
    }

    /** Loads a data segment register or SS as MOV, POP and LDS do. */
    static void load(Cpu c, int register, int selector) {
        if (c.v86) {
            setV86(c, register, selector);
        } else if (!c.protectedMode()) {
            Segment s = c.segments[register];
            set(c, register, selector, (long) selector << 4, s.limit, s.attributes);
        } else if (register == Segment.SS) {
            loadStack(c, selector, c.cpl, Vector.GP, 0);
        } else {
            loadData(c, register, selector);
        }
    }

    private static void loadData(Cpu c, int register, int selector) {
        if (isNull(selector)) {
            c.segments[register].unusable(selector);
            c.segmentBase(register, 0);
            return;
        }
        long d = descriptor(c, selector, Vector.GP);
        int error = selector & INDEX_AND_TABLE;
        int rpl = selector & RPL;
        if (!Descriptor.readable(d) || !Descriptor.conforming(d) && (rpl > Descriptor.dpl(d) || c.cpl > Descriptor.dpl(d))) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.NP, error);
        }
        enter(c, register, selector, d);
    }

    /**
     * Loads SS for privilege level {@code cpl}.
     *
     * @param vector what a bad selector is: #GP, or #TS when it comes from a TSS
     */
    static void loadStack(Cpu c, int selector, int cpl, int vector, int ext) {
        long d = checkStack(c, selector, cpl, vector, ext);
        if (isNull(selector)) {
            nullStack(c, selector);
        } else {
            enter(c, Segment.SS, selector, d);
        }
    }

    /** The checks of {@link #loadStack} alone; the descriptor. */
    static long checkStack(Cpu c, int selector, int cpl, int vector, int ext) {
        if (isNull(selector)) {
            if (c.code64 && cpl < 3 && (selector & RPL) == cpl) {
                return 0;
            }
            throw c.fault(vector, ext);
        }
        int error = selector & INDEX_AND_TABLE | ext;
        long d = descriptor(c, selector, vector, ext);
        if ((selector & RPL) != cpl || !Descriptor.writable(d) || Descriptor.dpl(d) != cpl) {
            throw c.fault(vector, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.SS, error);
        }
        return d;
    }

    /** Loads SS with a null selector, whose RPL is the privilege level, as 64-bit mode allows. */
    static void nullStack(Cpu c, int selector) {
        set(c, Segment.SS, selector, 0, 0, (selector & RPL) << Segment.DPL_SHIFT);
    }

    /** Puts a descriptor that has passed its checks into a register and marks it accessed. */
    static void enter(Cpu c, int register, int selector, long d) {
        markAccessed(c, selector, d);
        set(c, register, selector, Descriptor.base(d), Descriptor.limit(d),
                Descriptor.attributes(d) | Segment.TYPE_ACCESSED);
    }

    /** Can fault. */
    static void markAccessed(Cpu c, int selector, long d) {
        if ((Descriptor.type(d) & Segment.TYPE_ACCESSED) == 0) {
            setTypeBit(c, selector, Segment.TYPE_ACCESSED, true);
        }
    }

    /** Loads CS, and CPL with it, after {@link #markAccessed}. Cannot fault. */
    static void enterCode(Cpu c, int selector, long d, int cpl) {
        c.cpl = cpl;
        set(c, Segment.CS, selector & ~RPL | cpl, Descriptor.base(d), Descriptor.limit(d),
                Descriptor.attributes(d) | Segment.TYPE_ACCESSED);
    }

    static void fsBase(Cpu c, long base) {
        c.segments[Segment.FS].base = base;
        c.segmentBase(Segment.FS, base);
    }

    static void gsBase(Cpu c, long base) {
        c.segments[Segment.GS].base = base;
        c.segmentBase(Segment.GS, base);
    }

    /** After a return to an outer level: data segments that it may not use become null, and null selectors zero; their bases stay. @sdm 3A:5.8.6 */
    static void dropInner(Cpu c) {
        for (int register : DATA_SEGMENTS) {
            Segment s = c.segments[register];
            if (!s.present() || !s.conforming() && s.dpl() < c.cpl) {
                s.set(0, s.base, 0, 0);
            }
        }
    }
}
