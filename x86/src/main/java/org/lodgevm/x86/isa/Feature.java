package org.lodgevm.x86.isa;

/**
 * CPUID feature flags that rows depend on, and where CPUID reports them.
 *
 * @sdm Volume 2, CPUID, tables 3-8 to 3-12; AMD's manual, volume 3, appendix E, for leaves 8000_0001 and 8000_0008
 */
public enum Feature {
    /** Every x86-64 processor has it: not reported. */
    BASE(0, 0, Register.NONE, 0),

    FPU(1, 0, Register.EDX, 0),
    TSC(1, 0, Register.EDX, 4),
    MSR(1, 0, Register.EDX, 5),
    CX8(1, 0, Register.EDX, 8),
    SEP(1, 0, Register.EDX, 11),
    CMOV(1, 0, Register.EDX, 15),
    CLFSH(1, 0, Register.EDX, 19),
    MMX(1, 0, Register.EDX, 23),
    FXSR(1, 0, Register.EDX, 24),
    SSE(1, 0, Register.EDX, 25),
    SSE2(1, 0, Register.EDX, 26),

    SSE3(1, 0, Register.ECX, 0),
    PCLMULQDQ(1, 0, Register.ECX, 1),
    MONITOR(1, 0, Register.ECX, 3),
    SSSE3(1, 0, Register.ECX, 9),
    FMA(1, 0, Register.ECX, 12),
    CX16(1, 0, Register.ECX, 13),
    SSE4_1(1, 0, Register.ECX, 19),
    SSE4_2(1, 0, Register.ECX, 20),
    MOVBE(1, 0, Register.ECX, 22),
    POPCNT(1, 0, Register.ECX, 23),
    AES(1, 0, Register.ECX, 25),
    XSAVE(1, 0, Register.ECX, 26),
    AVX(1, 0, Register.ECX, 28),
    F16C(1, 0, Register.ECX, 29),
    RDRAND(1, 0, Register.ECX, 30),
    /** Reserved by Intel and AMD for hypervisors; its rows are the hypercalls. */
    HYPERVISOR(1, 0, Register.ECX, 31),

    FSGSBASE(7, 0, Register.EBX, 0),
    BMI1(7, 0, Register.EBX, 3),
    AVX2(7, 0, Register.EBX, 5),
    BMI2(7, 0, Register.EBX, 8),
    INVPCID(7, 0, Register.EBX, 10),
    RDSEED(7, 0, Register.EBX, 18),
    ADX(7, 0, Register.EBX, 19),
    SMAP(7, 0, Register.EBX, 20),
    CLFLUSHOPT(7, 0, Register.EBX, 23),
    CLWB(7, 0, Register.EBX, 24),
    SHA(7, 0, Register.EBX, 29),
    RDPID(7, 0, Register.ECX, 22),
    SERIALIZE(7, 0, Register.EDX, 14),

    XSAVEOPT(0xD, 1, Register.EAX, 0),
    XSAVEC(0xD, 1, Register.EAX, 1),
    XSAVES(0xD, 1, Register.EAX, 3),

    /** LAHF and SAHF in 64-bit mode. */
    LAHF64(0x8000_0001, 0, Register.ECX, 0),
    LZCNT(0x8000_0001, 0, Register.ECX, 5),
    PREFETCHW(0x8000_0001, 0, Register.ECX, 8),
    SYSCALL(0x8000_0001, 0, Register.EDX, 11),
    RDTSCP(0x8000_0001, 0, Register.EDX, 27),
    WBNOINVD(0x8000_0008, 0, Register.EBX, 9);

    /** The register in which CPUID returns a flag. */
    public enum Register {
        NONE,
        EAX,
        EBX,
        ECX,
        EDX
    }

    private final int leaf;
    private final int subleaf;
    private final Register register;
    private final int bit;

    Feature(int leaf, int subleaf, Register register, int bit) {
        this.leaf = leaf;
        this.subleaf = subleaf;
        this.register = register;
        this.bit = bit;
    }

    /**
     * Reads the feature column of a row.
     *
     * @throws IllegalArgumentException when the feature is unknown
     */
    static Feature parse(String cell) {
        if (cell.equals("-")) {
            return BASE;
        }
        try {
            return valueOf(cell);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown feature: " + cell, e);
        }
    }

    /** EAX for CPUID. */
    public int leaf() {
        return leaf;
    }

    /** ECX for CPUID. */
    public int subleaf() {
        return subleaf;
    }

    public Register register() {
        return register;
    }

    /** Number of the bit in {@link #register}. */
    public int bit() {
        return bit;
    }
}
