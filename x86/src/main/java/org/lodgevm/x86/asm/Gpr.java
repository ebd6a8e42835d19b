package org.lodgevm.x86.asm;

/** The general-purpose registers in all their widths. */
public enum Gpr implements Reg, GprOrMem {
    AL,
    CL,
    DL,
    BL,
    SPL,
    BPL,
    SIL,
    DIL,
    R8B,
    R9B,
    R10B,
    R11B,
    R12B,
    R13B,
    R14B,
    R15B,
    AX,
    CX,
    DX,
    BX,
    SP,
    BP,
    SI,
    DI,
    R8W,
    R9W,
    R10W,
    R11W,
    R12W,
    R13W,
    R14W,
    R15W,
    EAX,
    ECX,
    EDX,
    EBX,
    ESP,
    EBP,
    ESI,
    EDI,
    R8D,
    R9D,
    R10D,
    R11D,
    R12D,
    R13D,
    R14D,
    R15D,
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
    AH,
    CH,
    DH,
    BH;

    private static final Gpr[] ALL = values();
    private static final int PER_WIDTH = 16;

    /** The register of that number and width (8, 16, 32 or 64 bits; never a high byte). */
    public static Gpr of(int number, int bits) {
        int row =
                switch (bits) {
                    case 8 -> 0;
                    case 16 -> 1;
                    case 32 -> 2;
                    case 64 -> 3;
                    default ->
                            throw new AssemblyException(
                                    "no general register has " + bits + " bits");
                };
        if (number < 0 || number >= PER_WIDTH) {
            throw new AssemblyException("no general register has the number " + number);
        }
        return ALL[row * PER_WIDTH + number];
    }

    /** The same register in another width. */
    public Gpr as(int bits) {
        return of(isHighByte() ? number() - SPL.number() : number(), bits);
    }

    @Override
    public int number() {
        return isHighByte() ? ordinal() - AH.ordinal() + SPL.number() : ordinal() % PER_WIDTH;
    }

    @Override
    public int bits() {
        return isHighByte() ? 8 : 8 << ordinal() / PER_WIDTH;
    }

    /** AH, CH, DH and BH, which no instruction with a REX prefix can name. */
    public boolean isHighByte() {
        return ordinal() >= AH.ordinal();
    }

    /** SPL, BPL, SIL and DIL, which only an instruction with a REX prefix can name. */
    boolean isUniformByte() {
        return ordinal() >= SPL.ordinal() && ordinal() <= DIL.ordinal();
    }
}
