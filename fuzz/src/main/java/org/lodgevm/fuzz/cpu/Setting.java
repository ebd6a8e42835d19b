package org.lodgevm.fuzz.cpu;

import org.lodgevm.x86.isa.CodeSize;
import org.lodgevm.x86.state.Cr;

/** The mode that a case starts in: width of its code, levels of its paging structures. */
enum Setting {
    REAL(CodeSize.BITS_16, 0),
    VIRTUAL_8086(CodeSize.BITS_16, 2),
    PROTECTED_16(CodeSize.BITS_16, 0),
    PROTECTED_32(CodeSize.BITS_32, 0),
    PAGED_32(CodeSize.BITS_32, 2),
    PAE(CodeSize.BITS_32, 3),
    COMPATIBILITY_16(CodeSize.BITS_16, 4),
    COMPATIBILITY_32(CodeSize.BITS_32, 4),
    LONG(CodeSize.BITS_64, 4),
    LONG_5_LEVELS(CodeSize.BITS_64, 5);

    final CodeSize code;
    private final int levels;

    Setting(CodeSize code, int levels) {
        this.code = code;
        this.levels = levels;
    }

    boolean isProtected() {
        return this != REAL;
    }

    /** IA-32e mode. */
    boolean isLong() {
        return levels > 3;
    }

    /** Width of exception handlers in bits, and of the frames they find. */
    int handlerBits() {
        return isLong() ? 64 : this == REAL || this == PROTECTED_16 ? 16 : 32;
    }

    long cr0() {
        return Cr.CR0_ET | (isProtected() ? Cr.CR0_PE : 0) | (levels > 0 ? Cr.CR0_PG : 0);
    }

    /** Bits without which the mode is another, or none. */
    long cr4() {
        return (levels == 2 ? Cr.CR4_PSE : 0) | (levels > 2 ? Cr.CR4_PAE : 0) | (levels > 4 ? Cr.CR4_LA57 : 0);
    }

    /** Bits that may be set or not. */
    long cr4Choices() {
        long any = Cr.CR4_VME | Cr.CR4_PVI | Cr.CR4_TSD | Cr.CR4_DE | Cr.CR4_PSE | Cr.CR4_MCE | Cr.CR4_PGE | Cr.CR4_OSFXSR
                | Cr.CR4_OSXMMEXCPT | Cr.CR4_UMIP | Cr.CR4_FSGSBASE | Cr.CR4_OSXSAVE;
        return isLong() ? any | Cr.CR4_PCIDE : any;
    }

    long efer() {
        return isLong() ? Cr.EFER_LME | Cr.EFER_LMA : 0;
    }

    long cr3() {
        return switch (levels) {
            case 2 -> Paging.DIRECTORY;
            case 3 -> Paging.PDPT;
            case 4 -> Paging.PML4;
            case 5 -> Paging.PML5;
            default -> 0;
        };
    }
}
