package org.lodgevm.x86.asm;

/**
 * The ModRM byte with the SIB byte and the displacement that it calls for.
 *
 * @sdm vol. 2, 2.1.5 (tables 2-1 to 2-3) and 2.2.1.6
 */
final class ModRm {
    private static final int SIB_FOLLOWS = 4;
    private static final int NO_INDEX = 4;
    private static final int NO_BASE = 5;
    private static final int DISP_ONLY_16 = 6;

    private ModRm() {}

    /**
     * @param tail how many bytes of the instruction follow, which RIP-relative addresses count
     */
    static void append(CodeBuffer code, int mode, int reg, Rm rm, int tail) {
        switch (rm) {
            case Reg register -> modRm(code, 3, reg, register.number() & 7);
            case Mem at -> {
                int bits = at.addressBits() == 0 ? mode : at.addressBits();
                if (bits == 16) {
                    append16(code, reg, at);
                } else if (at.base() == null && at.index() == null) {
                    appendAbsolute(code, mode, reg, at, tail);
                } else {
                    append32(code, reg, at);
                }
            }
        }
    }

    private static void modRm(CodeBuffer code, int mod, int reg, int rm) {
        code.append(mod << 6 | reg << 3 | rm, 1);
    }

    private static void appendAbsolute(CodeBuffer code, int mode, int reg, Mem at, int tail) {
        if (mode == 64 && at.label() != null) {
            modRm(code, 0, reg, NO_BASE);
            code.relative(at.label(), at.disp(), 4, tail);
            return;
        }
        if (mode == 64) {
            modRm(code, 0, reg, SIB_FOLLOWS);
            code.append(NO_INDEX << 3 | NO_BASE, 1);
        } else {
            modRm(code, 0, reg, NO_BASE);
        }
        displacement(code, at, 4, mode == 64);
    }

    private static void append32(CodeBuffer code, int reg, Mem at) {
        boolean sib = at.index() != null || (at.base().number() & 7) == SIB_FOLLOWS;
        int bytes =
                at.base() == null
                        ? 4
                        : displacementBytes(at, 4, (at.base().number() & 7) == NO_BASE);
        int mod = at.base() == null ? 0 : mod(bytes);
        if (!sib) {
            modRm(code, mod, reg, at.base().number() & 7);
        } else {
            int index = at.index() == null ? NO_INDEX : at.index().number();
            if (index == NO_INDEX && at.index() != null) {
                throw new AssemblyException(at.index() + " cannot be an index");
            }
            int base = at.base() == null ? NO_BASE : at.base().number() & 7;
            modRm(code, mod, reg, SIB_FOLLOWS);
            code.append(
                    Integer.numberOfTrailingZeros(at.scale()) << 6 | (index & 7) << 3 | base, 1);
        }
        displacement(code, at, bytes, at.addressBits() == 64);
    }

    private static void append16(CodeBuffer code, int reg, Mem at) {
        if (at.base() == null && at.index() == null) {
            modRm(code, 0, reg, DISP_ONLY_16);
            displacement(code, at, 2, false);
            return;
        }
        int form = form16(at);
        int bytes = displacementBytes(at, 2, form == DISP_ONLY_16);
        modRm(code, mod(bytes), reg, form);
        displacement(code, at, bytes, false);
    }

    private static int form16(Mem at) {
        if (at.scale() == 1 && at.base() != null && at.index() != null) {
            boolean swapped = at.base() == Gpr.SI || at.base() == Gpr.DI;
            Gpr base = swapped ? at.index() : at.base();
            Gpr index = swapped ? at.base() : at.index();
            if ((base == Gpr.BX || base == Gpr.BP) && (index == Gpr.SI || index == Gpr.DI)) {
                return (base == Gpr.BP ? 2 : 0) + (index == Gpr.DI ? 1 : 0);
            }
        } else if (at.index() == null) {
            switch (at.base()) {
                case SI:
                    return 4;
                case DI:
                    return 5;
                case BP:
                    return DISP_ONLY_16;
                case BX:
                    return 7;
                default:
                    break;
            }
        }
        throw new AssemblyException(
                "no 16-bit address is made of " + at.base() + " and " + at.index());
    }

    /**
     * The smallest displacement that serves: none (unless the form lacks that), one byte, or {@code
     * wide} bytes.
     */
    private static int displacementBytes(Mem at, int wide, boolean always) {
        if (at.label() != null) {
            return wide;
        }
        long value = Values.signed(at.disp(), at.addressBits());
        return value == 0 && !always ? 0 : Values.fitsSigned(value, 8) ? 1 : wide;
    }

    private static int mod(int displacementBytes) {
        return Math.min(displacementBytes, 2);
    }

    private static void displacement(CodeBuffer code, Mem at, int bytes, boolean signExtended) {
        if (at.label() != null) {
            code.absolute(at.label(), at.disp(), bytes);
        } else if (bytes == 1 || signExtended && Values.fitsSigned(at.disp(), 8 * bytes)) {
            code.append(at.disp(), bytes);
        } else if (signExtended) {
            throw new AssemblyException(
                    "displacement " + Long.toHexString(at.disp()) + " exceeds 32 signed bits");
        } else {
            code.append(Values.check(at.disp(), 8 * bytes), bytes);
        }
    }
}
