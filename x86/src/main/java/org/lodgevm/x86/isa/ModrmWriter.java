package org.lodgevm.x86.isa;

import java.io.ByteArrayOutputStream;

/**
 * Writes ModRM, SIB and displacement, the shortest that will do.
 *
 * @sdm Volume 2, tables 2-1 to 2-3
 */
record ModrmWriter(ByteArrayOutputStream out, int addrSize, boolean mode64, boolean alwaysSib) {
    static final int BX = 3;
    private static final int SP = 4;
    private static final int BP = 5;
    private static final int SI = 6;
    private static final int DI = 7;

    /** ModRM.rm: a SIB byte follows. */
    private static final int SIB = 4;

    /** ModRM.rm with mod 0, or SIB.base: a displacement and no base. */
    private static final int NO_BASE = 5;

    /** The same in 16-bit addresses. */
    private static final int NO_BASE_16 = 6;

    void write(int reg, int mod, int rm, Address address) {
        if (address == null) {
            modrm(mod, reg, rm);
        } else if (addrSize == 2) {
            write16(reg, address);
        } else {
            write32(reg, address);
        }
    }

    private void write16(int reg, Address address) {
        if (address.base() == Address.NONE) {
            modrm(0, reg, NO_BASE_16);
            number(out, address.disp(), 2);
            return;
        }
        boolean needed = address.base() == BP && address.index() == Address.NONE;
        int mod = mod(address.disp(), needed);
        modrm(mod, reg, rm16(address));
        number(out, address.disp(), mod);
    }

    private static int rm16(Address address) {
        int pair = address.index() == Address.NONE ? 0 : address.index() == SI ? 1 : 2;
        return switch (address.base()) {
            case BX -> pair == 0 ? 7 : pair - 1;
            case BP -> pair == 0 ? 6 : pair + 1;
            case SI -> 4;
            case DI -> 5;
            default -> throw new IllegalArgumentException("no 16-bit address: " + address);
        };
    }

    private void write32(int reg, Address address) {
        int base = address.base();
        boolean absolute = base == Address.NONE && address.index() == Address.NONE && !mode64 && !alwaysSib;
        if (base == Address.RIP || absolute) {
            modrm(0, reg, NO_BASE);
            number(out, address.disp(), 4);
            return;
        }
        int mod = base == Address.NONE ? 0 : mod(address.disp(), (base & 7) == BP);
        boolean sib = base == Address.NONE || address.index() != Address.NONE || (base & 7) == SP || alwaysSib;
        if (!sib) {
            modrm(mod, reg, base & 7);
        } else {
            modrm(mod, reg, SIB);
            int index = address.index() == Address.NONE ? SP : address.index() & 7;
            out.write(address.scale() << 6 | index << 3 | (base == Address.NONE ? NO_BASE : base & 7));
        }
        number(out, address.disp(), base == Address.NONE || mod == 2 ? 4 : mod);
    }

    /** ModRM.mod for a displacement; where mod 0 means something else, a byte is needed for zero, too. */
    private static int mod(long disp, boolean needed) {
        if (disp == 0 && !needed) {
            return 0;
        }
        return disp == (byte) disp ? 1 : 2;
    }

    private void modrm(int mod, int reg, int rm) {
        out.write(mod << 6 | reg << 3 | rm);
    }

    /** Writes the low {@code width} bytes of a number. */
    static void number(ByteArrayOutputStream out, long value, int width) {
        for (int i = 0; i < width; i++) {
            out.write((int) (value >> 8 * i));
        }
    }
}
