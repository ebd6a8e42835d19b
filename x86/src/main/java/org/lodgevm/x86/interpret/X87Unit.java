package org.lodgevm.x86.interpret;

import org.lodgevm.x86.fp.X87Control;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Gpr;
import org.lodgevm.x86.state.StateBlock;
import org.lodgevm.x86.state.Vector;

/** x87 control instructions, and what all x87 instructions note for exception handlers. @sdm 1:8.1.8, 1:8.3.7 */
final class X87Unit {
    private static final int MODRM_REG_SHIFT = 3;
    private static final int MODRM_MOD_SHIFT = 6;

    private X87Unit() {}

    /** i of the operand ST(i). */
    static int register(Op o) {
        return o.instruction.rm() & 7;
    }

    /** Notes opcode and address of an instruction that is not a control instruction. */
    static void note(Cpu c, Op o) {
        int modrm = o.instruction.mod() << MODRM_MOD_SHIFT | (o.instruction.reg() & 7) << MODRM_REG_SHIFT
                | o.instruction.rm() & 7;
        c.x87.recordInstruction((o.instruction.opcode() & 7) << 8 | modrm, c.segments[Segment.CS].selector, o.rip);
    }

    static void noteOperand(Cpu c, Op o) {
        note(c, o);
        c.x87.recordOperand(c.segments[o.segment].selector, o.effective(c));
    }

    /** The faults of a store that does not take place, because the exception that keeps it from doing so comes later. */
    static void checkStore(Cpu c, Op o) {
        int size = o.instruction.width(0);
        long la = o.linear(c, size, true);
        SlowMemory.checkAlignment(c, la, Math.min(size, Long.BYTES));
        SlowMemory.checkWrite(c, la, size, o.segment);
    }

    // --- waiting, or not -----------------------------------------------------------------------------------------------------

    /** CR0.MP decides whether CR0.TS concerns it, CR0.EM does not. @sdm table 2-2 */
    static void fwait(Cpu c, Op o) {
        if ((c.cr0 & (Cr.CR0_MP | Cr.CR0_TS)) == (Cr.CR0_MP | Cr.CR0_TS)) {
            throw c.fault(Vector.NM, 0);
        }
        if (c.x87.pendingException()) {
            Units.numericError(c);
        }
    }

    static void fnop(Cpu c, Op o) {
        Units.x87(c);
        note(c, o);
    }

    static void fninit(Cpu c, Op o) {
        Units.x87WithoutWait(c);
        X87Control.fninit(c.x87);
    }

    static void fnclex(Cpu c, Op o) {
        Units.x87WithoutWait(c);
        X87Control.fnclex(c.x87);
    }

    /** Enabled interrupts on an 8087. */
    static void fneni(Cpu c, Op o) {
        Units.x87WithoutWait(c);
    }

    /** Disabled interrupts on an 8087. */
    static void fndisi(Cpu c, Op o) {
        Units.x87WithoutWait(c);
    }

    /** Put an 80287 into protected mode. */
    static void fnsetpm(Cpu c, Op o) {
        Units.x87WithoutWait(c);
    }

    // --- control and status words --------------------------------------------------------------------------------------------

    static void fldcw(Cpu c, Op o) {
        Units.x87(c);
        X87Control.fldcw(c.x87, Linear.read16(c, o.linear(c, 2, false), o.segment));
    }

    static void fnstcw(Cpu c, Op o) {
        Units.x87WithoutWait(c);
        Linear.write16(c, o.linear(c, 2, true), o.segment, c.x87.control());
    }

    static void fnstsw(Cpu c, Op o) {
        Units.x87WithoutWait(c);
        if (o.instruction.isMemory()) {
            Linear.write16(c, o.linear(c, 2, true), o.segment, c.x87.status());
        } else {
            c.register(Gpr.RAX, 2, c.x87.status());
        }
    }

    // --- images ----------------------------------------------------------------------------------------------------------------

    private static boolean wide(Op o) {
        return o.instruction.opSize() != 2;
    }

    /** Images have linear addresses instead of selectors and offsets. */
    private static boolean real(Cpu c) {
        return !c.protectedMode() || c.v86;
    }

    private static void write(Cpu c, Op o, int size) {
        Linear.writeBytes(c, area(c, o, size, true), c.block + StateBlock.IMAGE, size, o.segment);
    }

    private static void read(Cpu c, Op o, int size) {
        Linear.readBytes(c, area(c, o, size, false), c.block + StateBlock.IMAGE, size, o.segment);
    }

    private static long area(Cpu c, Op o, int size, boolean write) {
        long la = o.linear(c, size, write);
        SlowMemory.checkAlignment(c, la, wide(o) ? Integer.BYTES : Short.BYTES);
        return la;
    }

    static void fnstenv(Cpu c, Op o) {
        Units.x87WithoutWait(c);
        X87Control.fnstenv(c.x87, c.block + StateBlock.IMAGE, wide(o), real(c));
        write(c, o, X87Control.environmentBytes(wide(o)));
        X87Control.fnstenvDone(c.x87);
    }

    static void fldenv(Cpu c, Op o) {
        Units.x87(c);
        read(c, o, X87Control.environmentBytes(wide(o)));
        X87Control.fldenv(c.x87, c.block + StateBlock.IMAGE, wide(o), real(c));
    }

    static void fnsave(Cpu c, Op o) {
        Units.x87WithoutWait(c);
        X87Control.fnsave(c.x87, c.block + StateBlock.IMAGE, wide(o), real(c));
        write(c, o, X87Control.stateBytes(wide(o)));
        X87Control.fnsaveDone(c.x87);
    }

    static void frstor(Cpu c, Op o) {
        Units.x87(c);
        read(c, o, X87Control.stateBytes(wide(o)));
        X87Control.frstor(c.x87, c.block + StateBlock.IMAGE, wide(o), real(c));
    }
}
