package org.lodgevm.x86.interpret;

import static org.lodgevm.x86.state.Gpr.AH;
import static org.lodgevm.x86.state.Gpr.RAX;

import org.lodgevm.x86.state.Vector;

/** Decimal adjustment, in 16- and 32-bit code only. @sdm volume 2 "AAA", "AAD", "AAM", "AAS", "DAA", "DAS" */
final class Decimal {
    private Decimal() {}

    private static void adjusted(Cpu c, int al, boolean cf, boolean af) {
        Flags.set(c, al, 8, cf, false);
        c.flagAux |= af ? Flags.HALF : 0;
    }

    static void daa(Cpu c, Op o) {
        int al = c.byteRegister(RAX);
        boolean af = Flags.af(c) || (al & 15) > 9;
        boolean cf = Flags.cf(c) || al > 0x99;
        int r = al + (af ? 6 : 0) + (cf ? 0x60 : 0);
        c.byteRegister(RAX, r);
        adjusted(c, r, cf, af);
    }

    static void das(Cpu c, Op o) {
        int al = c.byteRegister(RAX);
        boolean oldCf = Flags.cf(c);
        boolean af = Flags.af(c) || (al & 15) > 9;
        boolean high = oldCf || al > 0x99;
        boolean cf = high || af && al < 6;
        int r = al - (af ? 6 : 0) - (high ? 0x60 : 0);
        c.byteRegister(RAX, r);
        adjusted(c, r, cf, af);
    }

    static void aaa(Cpu c, Op o) {
        int ax = ((int) c.r[RAX] & 0xffff);
        boolean adjust = (ax & 15) > 9 || Flags.af(c);
        int r = adjust ? ax + 0x106 : ax;
        c.register(RAX, 2, r & 0xff0f);
        adjusted(c, r & 15, adjust, adjust);
    }

    static void aas(Cpu c, Op o) {
        int ax = ((int) c.r[RAX] & 0xffff);
        boolean adjust = (ax & 15) > 9 || Flags.af(c);
        int r = adjust ? ax - 0x106 : ax;
        c.register(RAX, 2, r & 0xff0f);
        adjusted(c, r & 15, adjust, adjust);
    }

    static void aam(Cpu c, Op o) {
        int base = (int) o.imm & 0xff;
        if (base == 0) {
            throw c.fault(Vector.DE, 0);
        }
        int al = c.byteRegister(RAX);
        c.byteRegister(AH, al / base);
        c.byteRegister(RAX, al % base);
        Flags.logic(c, al % base, 8);
    }

    static void aad(Cpu c, Op o) {
        int r = c.byteRegister(RAX) + c.byteRegister(AH) * ((int) o.imm & 0xff) & 0xff;
        c.register(RAX, 2, r);
        Flags.logic(c, r, 8);
    }
}
