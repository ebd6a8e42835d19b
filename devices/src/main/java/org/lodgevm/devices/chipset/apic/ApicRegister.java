package org.lodgevm.devices.chipset.apic;

/**
 * Numbers of the local APIC's registers, which are MMIO offset / 16 and MSR - 0x800, and what x2APIC mode allows of each.
 *
 * @sdm 11.4.1, 11.12.1.2
 */
final class ApicRegister {
    static final int ID = 0x02;
    static final int VERSION = 0x03;
    static final int TPR = 0x08;
    static final int APR = 0x09;
    static final int PPR = 0x0a;
    static final int EOI = 0x0b;
    static final int RRD = 0x0c;
    static final int LDR = 0x0d;
    static final int DFR = 0x0e;
    static final int SVR = 0x0f;
    static final int ISR = 0x10;
    static final int TMR = 0x18;
    static final int IRR = 0x20;
    static final int ESR = 0x28;
    static final int LVT_CMCI = 0x2f;
    static final int ICR = 0x30;
    static final int ICR_HIGH = 0x31;
    static final int LVT_TIMER = 0x32;
    static final int LVT_THERMAL = 0x33;
    static final int LVT_PERFORMANCE = 0x34;
    static final int LVT_LINT0 = 0x35;
    static final int LVT_LINT1 = 0x36;
    static final int LVT_ERROR = 0x37;
    static final int INITIAL_COUNT = 0x38;
    static final int CURRENT_COUNT = 0x39;
    static final int DIVIDE_CONFIGURATION = 0x3e;
    static final int SELF_IPI = 0x3f;

    private ApicRegister() {}

    static boolean isLvt(int register) {
        return register == LVT_CMCI || register >= LVT_TIMER && register <= LVT_ERROR;
    }

    static boolean isReadableMsr(int register) {
        return switch (register) {
            case ID, VERSION, TPR, PPR, LDR, SVR, ESR, ICR, INITIAL_COUNT, CURRENT_COUNT, DIVIDE_CONFIGURATION -> true;
            default -> register >= ISR && register < ESR || isLvt(register);
        };
    }

    static boolean isWritableMsr(int register) {
        return switch (register) {
            case TPR, EOI, SVR, ESR, ICR, INITIAL_COUNT, DIVIDE_CONFIGURATION, SELF_IPI -> true;
            default -> isLvt(register);
        };
    }

    /** Bits that a write in x2APIC mode may set; a write of others raises #GP. */
    static long writableMsrBits(int register) {
        return switch (register) {
            case TPR, SELF_IPI -> 0xff;
            case EOI, ESR -> 0;
            case SVR -> ApicCore.Svr.DEFINED;
            case ICR -> InterruptCommand.DESTINATION_FIELD | InterruptCommand.DEFINED | InterruptCommand.DELIVERY_STATUS;
            case INITIAL_COUNT -> 0xffff_ffffL;
            case DIVIDE_CONFIGURATION -> ApicTimer.DIVIDE_CONFIGURATION_BITS;
            default -> LocalVectorTable.definedBits(register);
        };
    }
}
