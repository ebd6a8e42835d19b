package org.lodgevm.x86.interpret;


import org.lodgevm.x86.paging.Mmu;
import org.lodgevm.x86.state.Vector;

/** Loading segment registers, and the instructions that look at descriptors. @sdm 3.4, 5.6 */
final class Segmentation {
    static final int RPL = 3;
    private static final int TABLE_LDT = 4;
    /** Bits of a selector that an error code shows. */
    static final int INDEX_AND_TABLE = 0xfffc;

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

    /** Reads a descriptor; beyond the table it is {@code vector} with the selector. */
    static long descriptor(Cpu c, int selector, int vector) {
        long at = descriptorAddress(c, selector, 8);
        if (at == -1) {
            throw c.fault(vector, selector & INDEX_AND_TABLE);
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
            loadStack(c, selector, c.cpl, Vector.GP);
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
    static void loadStack(Cpu c, int selector, int cpl, int vector) {
        long d = checkStack(c, selector, cpl, vector);
        if (isNull(selector)) {
            set(c, Segment.SS, selector, 0, 0, cpl << Segment.DPL_SHIFT);
        } else {
            enter(c, Segment.SS, selector, d);
        }
    }

    /** The checks of {@link #loadStack} alone; the descriptor. */
    static long checkStack(Cpu c, int selector, int cpl, int vector) {
        int error = selector & INDEX_AND_TABLE;
        if (isNull(selector)) {
            if (c.code64 && cpl < 3 && (selector & RPL) == cpl) {
                return 0;
            }
            throw c.fault(vector, 0);
        }
        long d = descriptor(c, selector, vector);
        if ((selector & RPL) != cpl || !Descriptor.writable(d) || Descriptor.dpl(d) != cpl) {
            throw c.fault(vector, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.SS, error);
        }
        return d;
    }

    /** Puts a descriptor that has passed its checks into a register and marks it accessed. */
    static void enter(Cpu c, int register, int selector, long d) {
        if ((Descriptor.type(d) & Segment.TYPE_ACCESSED) == 0) {
            setTypeBit(c, selector, Segment.TYPE_ACCESSED, true);
        }
        set(c, register, selector, Descriptor.base(d), Descriptor.limit(d),
                Descriptor.attributes(d) | Segment.TYPE_ACCESSED);
    }

    /** After a return to an outer level: data segments that it may not use become null; their bases stay. @sdm 5.8.6 */
    static void dropInner(Cpu c) {
        for (int register : new int[] {Segment.ES, Segment.DS, Segment.FS, Segment.GS}) {
            Segment s = c.segments[register];
            if (s.present() && !s.conforming() && s.dpl() < c.cpl) {
                s.set(0, s.base, 0, 0);
            }
        }
    }

    // --- instructions ----------------------------------------------------------------------------------------------------

    private static int selector(Cpu c, Op o) {
        return o.instruction.isMemory() ? Linear.read16(c, o.linear(c, 2, false), o.segment)
                : (int) c.r[o.rm] & 0xffff;
    }

    /** MOV with a segment register, in both directions. */
    static void movSegment(Cpu c, Op o) {
        if (o.instruction.row().operand(0).method() == org.lodgevm.x86.isa.AddressingMethod.S) {
            int register = o.instruction.register(0);
            if (register == Segment.CS || register > Segment.GS) {
                throw c.undefined();
            }
            load(c, register, selector(c, o));
            if (register == Segment.SS) {
                c.breakpoints.stackLoaded();
            }
            return;
        }
        int register = o.instruction.register(1);
        if (register > Segment.GS) {
            throw c.undefined();
        }
        storeSelector(c, o, c.segments[register].selector);
    }

    /** A register takes the selector zero-extended to the operand size, memory 2 bytes of it. */
    static void storeSelector(Cpu c, Op o, int selector) {
        if (o.instruction.isMemory()) {
            Linear.write16(c, o.linear(c, 2, true), o.segment, selector);
        } else {
            c.register(o.rm, o.instruction.opSize(), selector);
        }
    }

    private static void loadFar(Cpu c, Op o, int register) {
        int size = o.instruction.opSize();
        long offset = Linear.read(c, o.linear(c, size, false), size, o.segment);
        int selector = Linear.read16(c, o.linear(c, size, 2, false), o.segment);
        load(c, register, selector);
        c.register(o.reg, size, offset);
    }

    static void les(Cpu c, Op o) {
        loadFar(c, o, Segment.ES);
    }

    static void lds(Cpu c, Op o) {
        loadFar(c, o, Segment.DS);
    }

    static void lss(Cpu c, Op o) {
        loadFar(c, o, Segment.SS);
    }

    static void lfs(Cpu c, Op o) {
        loadFar(c, o, Segment.FS);
    }

    static void lgs(Cpu c, Op o) {
        loadFar(c, o, Segment.GS);
    }

    static void sldt(Cpu c, Op o) {
        SystemRegisters.checkUmip(c);
        storeSelector(c, o, c.ldtr.selector);
    }

    static void str(Cpu c, Op o) {
        SystemRegisters.checkUmip(c);
        storeSelector(c, o, c.tr.selector);
    }

    /** A system descriptor; 16 bytes in IA-32e mode, of which bits 63:32 of the base come from the second half. */
    private static long systemDescriptor(Cpu c, int selector, Segment register, int expected, int alternative) {
        int error = selector & INDEX_AND_TABLE;
        long at = (selector & TABLE_LDT) != 0 ? -1 : descriptorAddress(c, selector, c.longMode ? 16 : 8);
        if (at == -1) {
            throw c.fault(Vector.GP, error);
        }
        long d = readSystem(c, at);
        long high = c.longMode ? readSystem(c, at + 8) : 0;
        if (!Descriptor.system(d) || Descriptor.type(d) != expected && Descriptor.type(d) != alternative
                || (high >>> 32 & 0x1f00) != 0) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.NP, error);
        }
        long base = Descriptor.base(d) | high << 32;
        if (c.longMode && !Mmu.canonicalBase(base)) {
            throw c.fault(Vector.GP, error);
        }
        register.set(selector, base, Descriptor.limit(d), Descriptor.attributes(d));
        return d;
    }

    static void lldt(Cpu c, Op o) {
        int selector = selector(c, o);
        if (isNull(selector)) {
            c.ldtr.unusable(selector);
        } else {
            systemDescriptor(c, selector, c.ldtr, Segment.SYSTEM_LDT, Segment.SYSTEM_LDT);
        }
    }

    static void ltr(Cpu c, Op o) {
        int selector = selector(c, o);
        if (isNull(selector)) {
            throw c.protection();
        }
        Segment loaded = new Segment();
        systemDescriptor(c, selector, loaded, Segment.SYSTEM_TSS, c.longMode ? Segment.SYSTEM_TSS : Segment.SYSTEM_TSS16);
        setTypeBit(c, selector, 2, true);
        c.tr.set(selector, loaded.base, loaded.limit, loaded.attributes | 2);
    }

    /** The descriptor if the selector is valid and visible at this privilege for LAR, LSL and their like; else null. */
    private static Long visible(Cpu c, int selector) {
        if (isNull(selector)) {
            return null;
        }
        long at = descriptorAddress(c, selector, 8);
        if (at == -1) {
            return null;
        }
        long d = readSystem(c, at);
        boolean reachable = Descriptor.conforming(d) || Math.max(c.cpl, selector & RPL) <= Descriptor.dpl(d);
        return reachable ? d : null;
    }

    /** System types with access rights that LAR shows: TSSs, LDT, call gates, task gate. In IA-32e mode fewer. */
    private static boolean larShows(Cpu c, long d) {
        if (!Descriptor.system(d)) {
            return true;
        }
        return switch (Descriptor.type(d)) {
            case Segment.SYSTEM_LDT, Segment.SYSTEM_TSS, Segment.SYSTEM_TSS_BUSY, Segment.SYSTEM_CALL_GATE -> true;
            case Segment.SYSTEM_TSS16, Segment.SYSTEM_TSS16_BUSY, Segment.SYSTEM_CALL_GATE16, Segment.SYSTEM_TASK_GATE ->
                !c.longMode;
            default -> false;
        };
    }

    private static boolean lslShows(Cpu c, long d) {
        return larShows(c, d) && (!Descriptor.system(d) || Descriptor.type(d) != Segment.SYSTEM_CALL_GATE
                && Descriptor.type(d) != Segment.SYSTEM_CALL_GATE16 && Descriptor.type(d) != Segment.SYSTEM_TASK_GATE);
    }

    static void lar(Cpu c, Op o) {
        Long d = visible(c, selector(c, o));
        boolean shown = d != null && larShows(c, d);
        Flags.zero(c, shown);
        if (shown) {
            c.register(o.reg, o.instruction.opSize(), d >>> 32 & 0xff_ff00L);
        }
    }

    static void lsl(Cpu c, Op o) {
        Long d = visible(c, selector(c, o));
        boolean shown = d != null && lslShows(c, d);
        Flags.zero(c, shown);
        if (shown) {
            c.register(o.reg, o.instruction.opSize(), Descriptor.limit(d));
        }
    }

    static void verr(Cpu c, Op o) {
        Long d = visible(c, selector(c, o));
        Flags.zero(c, d != null && Descriptor.readable(d));
    }

    static void verw(Cpu c, Op o) {
        Long d = visible(c, selector(c, o));
        Flags.zero(c, d != null && Descriptor.writable(d));
    }

    /** Writes only if there is something to raise, as processors do. @sdm volume 2 "ARPL" */
    static void arpl(Cpu c, Op o) {
        int source = (int) c.r[o.reg] & RPL;
        int old;
        long la = 0;
        boolean memory = o.instruction.isMemory();
        if (memory) {
            la = o.linear(c, 2, false);
            old = Linear.read16(c, la, o.segment);
        } else {
            old = (int) c.r[o.rm] & 0xffff;
        }
        boolean raise = (old & RPL) < source;
        if (raise && memory) {
            Linear.write16(c, o.linear(c, 2, true), o.segment, old & ~RPL | source);
        } else if (raise) {
            c.register(o.rm, 2, old & ~RPL | source);
        }
        Flags.zero(c, raise);
    }

    /** SWAPGS. */
    static void swapgs(Cpu c, Op o) {
        if (!c.code64) {
            throw c.undefined();
        }
        long base = c.segments[Segment.GS].base;
        gsBase(c, c.msrs.kernelGsBase);
        c.msrs.kernelGsBase = base;
    }

    static void gsBase(Cpu c, long base) {
        c.segments[Segment.GS].base = base;
        c.segmentBase(Segment.GS, base);
    }

    static void fsBase(Cpu c, long base) {
        c.segments[Segment.FS].base = base;
        c.segmentBase(Segment.FS, base);
    }

    private static void checkFsGsBase(Cpu c) {
        if (!c.code64 || (c.cr4 & org.lodgevm.x86.state.Cr.CR4_FSGSBASE) == 0) {
            throw c.undefined();
        }
    }

    static void rdfsbase(Cpu c, Op o) {
        checkFsGsBase(c);
        c.register(o.rm, o.instruction.width(0), c.segments[Segment.FS].base);
    }

    static void rdgsbase(Cpu c, Op o) {
        checkFsGsBase(c);
        c.register(o.rm, o.instruction.width(0), c.segments[Segment.GS].base);
    }

    private static long baseOperand(Cpu c, Op o) {
        checkFsGsBase(c);
        long base = c.register(o.rm, o.instruction.width(0));
        if (!Mmu.canonicalBase(base)) {
            throw c.protection();
        }
        return base;
    }

    static void wrfsbase(Cpu c, Op o) {
        fsBase(c, baseOperand(c, o));
    }

    static void wrgsbase(Cpu c, Op o) {
        gsBase(c, baseOperand(c, o));
    }
}
