package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Vector;

/** INT n and its short forms, and the way back. */
final class Interrupts {
    private Interrupts() {}

    /** In virtual-8086 mode by IOPL, or redirected through the TSS's bit map with CR4.VME. @sdm 21.3 */
    static void intN(Cpu c, Op o) {
        int vector = (int) o.imm & 0xff;
        if (c.v86 && !V86.softwareInterrupt(c, vector)) {
            return;
        }
        Exceptions.software(c, vector);
    }

    static void int3(Cpu c, Op o) {
        Exceptions.software(c, Vector.BP);
    }

    static void into(Cpu c, Op o) {
        if (Flags.of(c)) {
            Exceptions.software(c, Vector.OF);
        }
    }

    /** Delivered like a hardware #DB: no gate privilege check. */
    static void int1(Cpu c, Op o) {
        c.breakpoints.int1();
    }

    static void iret(Cpu c, Op o) {
        Returns.iret(c, o.instruction.opSize());
    }
}
