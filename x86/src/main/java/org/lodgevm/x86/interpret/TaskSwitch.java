package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.GuestFault;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/** Hardware task switches, with 16- and 32-bit task-state segments. @sdm 8.3 */
final class TaskSwitch {
    enum Reason {
        JUMP, CALL, INTERRUPT, RETURN
    }

    private static final int LIMIT32 = 103;
    private static final int LIMIT16 = 43;
    /** After the six segment registers. */
    private static final int LDT = 6;

    private TaskSwitch() {}

    static void throughGate(Cpu c, int selector, long gate, Reason reason) {
        int error = selector & Segmentation.INDEX_AND_TABLE;
        if (Descriptor.dpl(gate) < c.cpl || Descriptor.dpl(gate) < (selector & Segmentation.RPL)) {
            throw c.fault(Vector.GP, error);
        }
        if (!Descriptor.present(gate)) {
            throw c.fault(Vector.NP, error);
        }
        to(c, Descriptor.gateSelector(gate), reason, 0, 0);
    }

    static void direct(Cpu c, int selector, long tss, Reason reason) {
        if (Descriptor.dpl(tss) < c.cpl || Descriptor.dpl(tss) < (selector & Segmentation.RPL)) {
            throw c.fault(Vector.GP, selector & Segmentation.INDEX_AND_TABLE);
        }
        to(c, selector, reason, 0, 0);
    }

    /**
     * Through a task gate in the IDT. The error code, if any, is pushed onto the new task's stack.
     *
     * @param alsoFlags to be saved as set in the old task's flags
     */
    static void interrupt(Cpu c, int selector, int ext, int error, int alsoFlags) {
        boolean arrived = to(c, selector, Reason.INTERRUPT, ext, alsoFlags);
        if (arrived && error != Exceptions.NO_ERROR_CODE) {
            Stack.push(c, error, isWide(c.tr.type()) ? 4 : 2);
        }
    }

    /** IRET with NT set: to the task that the current one's back link names. */
    static void back(Cpu c) {
        c.implicitSupervisor();
        int selector;
        try {
            selector = Linear.read16(c, c.tr.base, Segment.DS);
        } finally {
            c.updateRegime();
        }
        to(c, selector, Reason.RETURN, 0, 0);
    }

    private static boolean isWide(int type) {
        return (type & ~Segment.TYPE_BUSY) == Segment.SYSTEM_TSS;
    }

    /** False if loading the new task's registers has faulted, within that task. */
    private static boolean to(Cpu c, int selector, Reason reason, int ext, int alsoFlags) {
        int vector = reason == Reason.RETURN ? Vector.TS : Vector.GP;
        int error = selector & Segmentation.INDEX_AND_TABLE | ext;
        if ((selector & Segmentation.TABLE_LDT) != 0 || Segmentation.isNull(selector)) {
            throw c.fault(vector, error);
        }
        long d = Segmentation.descriptor(c, selector, vector, ext);
        int type = Descriptor.type(d);
        boolean busy = (type & Segment.TYPE_BUSY) != 0;
        boolean wide = isWide(type);
        if (!Descriptor.system(d) || !wide && (type & ~Segment.TYPE_BUSY) != Segment.SYSTEM_TSS16
                || busy != (reason == Reason.RETURN)) {
            throw c.fault(vector, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.NP, error);
        }
        if (Descriptor.limit(d) < (wide ? LIMIT32 : LIMIT16)) {
            throw c.fault(Vector.TS, error);
        }
        Image next = exchange(c, selector, d, reason, c.rflags() | alsoFlags);
        try {
            load(c, next, wide, ext);
            return true;
        } catch (GuestFault fault) {
            Exceptions.raise(c, fault);
            return false;
        }
    }

    /** Saves the old task's state, marks both tasks, and reads the state of the new one. */
    private static Image exchange(Cpu c, int selector, long d, Reason reason, int flags) {
        long base = Descriptor.base(d);
        int oldSelector = c.tr.selector;
        boolean nested = reason == Reason.CALL || reason == Reason.INTERRUPT;
        Image next;
        c.implicitSupervisor();
        try {
            next = isWide(Descriptor.type(d)) ? Image.read32(c, base) : Image.read16(c, base);
            int saved = reason == Reason.RETURN ? flags & ~Rflags.NT : flags;
            if (isWide(c.tr.type())) {
                save32(c, c.tr.base, saved);
            } else {
                save16(c, c.tr.base, saved);
            }
            if (nested) {
                Linear.write16(c, base, Segment.DS, oldSelector);
                next.flags |= Rflags.NT;
            }
        } finally {
            c.updateRegime();
        }
        if (!nested) {
            Segmentation.setTypeBit(c, oldSelector, Segment.TYPE_BUSY, false);
        }
        if (reason != Reason.RETURN) {
            Segmentation.setTypeBit(c, selector, Segment.TYPE_BUSY, true);
        }
        c.tr.set(selector, base, Descriptor.limit(d), Descriptor.attributes(d) | Segment.TYPE_BUSY);
        c.cr0 |= Cr.CR0_TS;
        SystemRegisters.unitsChanged(c);
        c.breakpoints.taskSwitched(next.trap);
        return next;
    }

    /** What does not fit into its register yet is the new task's fault, raised where that task is to go on. */
    private static void load(Cpu c, Image next, boolean wide, int ext) {
        c.rip = next.rip;
        for (int i = 0; i < 8; i++) {
            c.gpr(i, next.gpr[i]);
        }
        c.rflags(c.breakpoints.loaded(next.flags));
        int[] s = next.selectors;
        boolean v86 = (next.flags & Rflags.VM) != 0;
        c.cpl = v86 ? 3 : s[Segment.CS] & Segmentation.RPL;
        for (int register = 0; register < 6; register++) {
            c.segments[register].unusable(s[register]);
            c.segmentBase(register, 0);
        }
        c.ldtr.unusable(s[LDT]);
        c.updateMode();
        if (wide && (c.cr0 & Cr.CR0_PG) != 0 && next.cr3 != c.cr3) {
            SystemRegisters.setCr3(c, next.cr3);
        }
        loadLdt(c, s[LDT], ext);
        if (v86) {
            for (int register = 0; register < 6; register++) {
                Segmentation.setV86(c, register, s[register]);
            }
        } else {
            loadCode(c, s[Segment.CS], ext);
            Segmentation.loadStack(c, s[Segment.SS], c.cpl, Vector.TS, ext);
            for (int register : new int[] {Segment.DS, Segment.ES, Segment.FS, Segment.GS}) {
                loadData(c, register, s[register], ext);
            }
        }
        if (c.rip > c.segments[Segment.CS].limit) {
            throw c.fault(Vector.GP, ext);
        }
    }

    private static void loadLdt(Cpu c, int selector, int ext) {
        if (Segmentation.isNull(selector)) {
            return;
        }
        int error = selector & Segmentation.INDEX_AND_TABLE | ext;
        long at = (selector & Segmentation.TABLE_LDT) != 0 ? -1 : Segmentation.descriptorAddress(c, selector, 8);
        long d = at == -1 ? 0 : Segmentation.readSystem(c, at);
        if (!Descriptor.system(d) || Descriptor.type(d) != Segment.SYSTEM_LDT || !Descriptor.present(d)) {
            throw c.fault(Vector.TS, error);
        }
        c.ldtr.set(selector, Descriptor.base(d), Descriptor.limit(d), Descriptor.attributes(d));
    }

    private static void loadData(Cpu c, int register, int selector, int ext) {
        if (Segmentation.isNull(selector)) {
            return;
        }
        long d = Segmentation.descriptor(c, selector, Vector.TS, ext);
        int error = selector & Segmentation.INDEX_AND_TABLE | ext;
        boolean privileged = !Descriptor.conforming(d)
                && (Descriptor.dpl(d) < c.cpl || Descriptor.dpl(d) < (selector & Segmentation.RPL));
        if (!Descriptor.readable(d) || privileged) {
            throw c.fault(Vector.TS, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.NP, error);
        }
        Segmentation.enter(c, register, selector, d);
    }

    private static void loadCode(Cpu c, int selector, int ext) {
        int error = selector & Segmentation.INDEX_AND_TABLE | ext;
        if (Segmentation.isNull(selector)) {
            throw c.fault(Vector.TS, ext);
        }
        long d = Segmentation.descriptor(c, selector, Vector.TS, ext);
        boolean privileged = Descriptor.conforming(d) ? Descriptor.dpl(d) > c.cpl : Descriptor.dpl(d) != c.cpl;
        if (!Descriptor.code(d) || privileged) {
            throw c.fault(Vector.TS, error);
        }
        if (!Descriptor.present(d)) {
            throw c.fault(Vector.NP, error);
        }
        Segmentation.enter(c, Segment.CS, selector, d);
    }

    /** The order of segment selectors in a TSS is that of their numbers. */
    private static void save32(Cpu c, long base, int flags) {
        Linear.write32(c, base + 32, Segment.DS, (int) c.rip);
        Linear.write32(c, base + 36, Segment.DS, flags);
        for (int i = 0; i < 8; i++) {
            Linear.write32(c, base + 40 + 4 * i, Segment.DS, (int) c.gpr(i));
        }
        for (int i = 0; i < 6; i++) {
            Linear.write16(c, base + 72 + 4 * i, Segment.DS, c.segments[i].selector);
        }
    }

    private static void save16(Cpu c, long base, int flags) {
        Linear.write16(c, base + 14, Segment.DS, (int) c.rip);
        Linear.write16(c, base + 16, Segment.DS, flags);
        for (int i = 0; i < 8; i++) {
            Linear.write16(c, base + 18 + 2 * i, Segment.DS, (int) c.gpr(i));
        }
        for (int i = 0; i < 4; i++) {
            Linear.write16(c, base + 34 + 2 * i, Segment.DS, c.segments[i].selector);
        }
    }

    /** The new task's state as its TSS holds it, read before anything changes. */
    private static final class Image {
        long cr3;
        long rip;
        int flags;
        final long[] gpr = new long[8];
        /** ES, CS, SS, DS, FS, GS, LDT. */
        final int[] selectors = new int[7];
        boolean trap;

        static Image read32(Cpu c, long base) {
            Image image = new Image();
            image.cr3 = Linear.read32(c, base + 28, Segment.DS) & 0xffff_ffffL;
            image.rip = Linear.read32(c, base + 32, Segment.DS) & 0xffff_ffffL;
            image.flags = Linear.read32(c, base + 36, Segment.DS);
            for (int i = 0; i < 8; i++) {
                image.gpr[i] = Linear.read32(c, base + 40 + 4 * i, Segment.DS) & 0xffff_ffffL;
            }
            for (int i = 0; i < 7; i++) {
                image.selectors[i] = Linear.read16(c, base + 72 + 4 * i, Segment.DS);
            }
            image.trap = (Linear.read16(c, base + 100, Segment.DS) & 1) != 0;
            return image;
        }

        static Image read16(Cpu c, long base) {
            Image image = new Image();
            image.rip = Linear.read16(c, base + 14, Segment.DS);
            image.flags = Linear.read16(c, base + 16, Segment.DS);
            for (int i = 0; i < 8; i++) {
                image.gpr[i] = Linear.read16(c, base + 18 + 2 * i, Segment.DS) | c.gpr(i)
                        & 0xffff_0000L;
            }
            for (int i = 0; i < 4; i++) {
                image.selectors[i] = Linear.read16(c, base + 34 + 2 * i, Segment.DS);
            }
            image.selectors[6] = Linear.read16(c, base + 42, Segment.DS);
            return image;
        }
    }
}
