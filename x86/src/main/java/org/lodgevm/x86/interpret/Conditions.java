package org.lodgevm.x86.interpret;

/** The sixteen conditions, one method each: {@code c0} (O) to {@code c15} (NLE), by the code in the opcode. */
final class Conditions {
    private Conditions() {}

    static boolean c0(Cpu c) {
        return Flags.of(c);
    }

    static boolean c1(Cpu c) {
        return !Flags.of(c);
    }

    static boolean c2(Cpu c) {
        return Flags.cf(c);
    }

    static boolean c3(Cpu c) {
        return !Flags.cf(c);
    }

    static boolean c4(Cpu c) {
        return Flags.zf(c);
    }

    static boolean c5(Cpu c) {
        return !Flags.zf(c);
    }

    static boolean c6(Cpu c) {
        return Flags.cf(c) | Flags.zf(c);
    }

    static boolean c7(Cpu c) {
        return !(Flags.cf(c) | Flags.zf(c));
    }

    static boolean c8(Cpu c) {
        return Flags.sf(c);
    }

    static boolean c9(Cpu c) {
        return !Flags.sf(c);
    }

    static boolean c10(Cpu c) {
        return Flags.pf(c);
    }

    static boolean c11(Cpu c) {
        return !Flags.pf(c);
    }

    static boolean c12(Cpu c) {
        return Flags.less(c);
    }

    static boolean c13(Cpu c) {
        return !Flags.less(c);
    }

    static boolean c14(Cpu c) {
        return Flags.zf(c) | Flags.less(c);
    }

    static boolean c15(Cpu c) {
        return !(Flags.zf(c) | Flags.less(c));
    }
}
