package org.lodgevm.vm.boot;

/** Bits of control registers and EFER that boot protocols set. @sdm 2.5, 2.2.1 */
final class ControlRegisters {
    static final long CR0_PE = 1;
    static final long CR0_ET = 1 << 4;
    static final long CR0_PG = 1L << 31;
    static final long CR4_PAE = 1 << 5;
    static final int IA32_EFER = 0xc000_0080;
    static final long EFER_LME = 1 << 8;
    static final long EFER_LMA = 1 << 10;

    private ControlRegisters() {}
}
