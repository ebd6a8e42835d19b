package org.lodgevm.machine;

/**
 * A local APIC as a guest would read it in xAPIC mode: the form in which one is handed over.
 *
 * @param base IA32_APIC_BASE
 * @param registers each of 32 bits, by number: a register's offset in the page divided by sixteen. The id is in the uppermost byte, in
 *     x2APIC mode as well. @sdm 11.4.1
 */
public record ApicRegisters(long base, int[] registers) {
    public static final int COUNT = 64;
}
