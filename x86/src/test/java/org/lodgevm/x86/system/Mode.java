package org.lodgevm.x86.system;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.state.Cr;

/** How a guest starts: width of its code, levels of its page tables, size of their entries. */
enum Mode {
    REAL(16, 0, 0),
    FLAT32(32, 0, 0),
    PAGED32(32, 2, 4),
    PAE(32, 3, 8),
    LONG(64, 4, 8),
    LONG5(64, 5, 8);

    final int bits;
    final int levels;
    final int entryBytes;

    Mode(int bits, int levels, int entryBytes) {
        this.bits = bits;
        this.levels = levels;
        this.entryBytes = entryBytes;
    }

    boolean is64() {
        return bits == 64;
    }

    Assembler assembler(long origin) {
        Assembler a = new Assembler(origin);
        return bits == 16 ? a.bits16() : bits == 32 ? a.bits32() : a;
    }

    long cr0() {
        long cr0 = Cr.CR0_ET;
        if (this != REAL) {
            cr0 |= Cr.CR0_PE | Cr.CR0_MP | Cr.CR0_NE | Cr.CR0_WP | Cr.CR0_AM;
        }
        return levels == 0 ? cr0 : cr0 | Cr.CR0_PG;
    }

    long cr4() {
        return switch (this) {
            case REAL, FLAT32 -> 0;
            case PAGED32 -> Cr.CR4_PSE | Cr.CR4_PGE;
            case PAE -> Cr.CR4_PAE | Cr.CR4_PGE;
            case LONG -> Cr.CR4_PAE | Cr.CR4_PGE | Cr.CR4_OSFXSR | Cr.CR4_FSGSBASE;
            case LONG5 -> Cr.CR4_PAE | Cr.CR4_PGE | Cr.CR4_OSFXSR | Cr.CR4_LA57;
        };
    }

    long efer() {
        return is64() ? Cr.EFER_LME | Cr.EFER_LMA | Cr.EFER_NXE | Cr.EFER_SCE : this == PAE ? Cr.EFER_NXE : 0;
    }
}
