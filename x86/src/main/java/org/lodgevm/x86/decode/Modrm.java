package org.lodgevm.x86.decode;

import org.lodgevm.x86.isa.Row;

/**
 * Reads ModRM, SIB and displacement.
 *
 * @sdm Volume 2, 2.1.5 and 2.2.1
 */
final class Modrm {
    private static final int REX_R = 4;
    private static final int REX_X = 2;
    private static final int REX_B = 1;

    private static final int SS = 2;

    /** ModRM.rm: a SIB byte follows. As SIB.index: there is no index. */
    private static final int SIB = 4;

    /** ModRM.rm or SIB.base with mod 0: a displacement and no base, or RIP. */
    private static final int NO_BASE = 5;

    /** ModRM.rm with mod 0 in 16-bit addresses: a displacement and no base. */
    private static final int NO_BASE_16 = 6;

    private static final int SP = 4;
    private static final int BP = 5;

    /** Bases of 16-bit addresses by ModRM.rm: BX, BX, BP, BP, SI, DI, BP, BX. */
    private static final int[] BASE_16 = {3, 3, 5, 5, 6, 7, 5, 3};

    /** Indices of 16-bit addresses by ModRM.rm: SI, DI, SI, DI. */
    private static final int[] INDEX_16 = {6, 7, 6, 7, -1, -1, -1, -1};

    private Modrm() {}

    static void read(CodeBytes bytes, Instruction out, Row row) {
        int modrm = bytes.unsignedByte();
        int rex = out.rex;
        int rm = modrm & 7;
        out.mod = modrm >> 6;
        out.reg = modrm >> 3 & 7 | (rex & REX_R) << 1;
        out.rm = rm | (rex & REX_B) << 3;
        if (out.mod == 3 || !row.encoding().forms().allowsMemory()) {
            return;
        }
        out.memory = true;
        if (out.addrSize == 2) {
            address16(bytes, out, rm);
        } else if (rm == SIB) {
            sib(bytes, out, row.hasVectorIndex());
        } else {
            out.ripRelative = rm == NO_BASE && out.mod == 0 && out.codeSize.is64();
            base(bytes, out, rm);
        }
    }

    /** @sdm Volume 2, table 2-1 */
    private static void address16(CodeBytes bytes, Instruction out, int rm) {
        if (out.mod == 0 && rm == NO_BASE_16) {
            out.disp = bytes.word();
            return;
        }
        out.base = BASE_16[rm];
        out.index = INDEX_16[rm];
        if (out.base == BP) {
            out.defaultSegment = SS;
        }
        out.disp = out.mod == 0 ? 0 : out.mod == 1 ? bytes.signedByte() : bytes.word();
    }

    /** @sdm Volume 2, table 2-3 */
    private static void sib(CodeBytes bytes, Instruction out, boolean vector) {
        int sib = bytes.unsignedByte();
        int index = sib >> 3 & 7 | (out.rex & REX_X) << 2;
        if (vector || index != SIB) {
            out.index = index;
            out.scale = sib >> 6;
        }
        base(bytes, out, sib & 7);
    }

    /** @sdm Volume 2, table 2-2 */
    private static void base(CodeBytes bytes, Instruction out, int low) {
        if (low == NO_BASE && out.mod == 0) {
            out.disp = bytes.doubleword();
            return;
        }
        int base = low | (out.rex & REX_B) << 3;
        out.base = base;
        if (base == SP || base == BP) {
            out.defaultSegment = SS;
        }
        out.disp = out.mod == 0 ? 0 : out.mod == 1 ? bytes.signedByte() : bytes.doubleword();
    }
}
