package org.lodgevm.linux.kvm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.lodgevm.machine.ApicRegisters;
import org.lodgevm.machine.LocalApics;

/** A board with one local APIC, which is kept as its registers. */
final class Board implements LocalApics {
    static final long BASE = 0xfee0_0900L;

    static final int ID = 0x2;
    static final int TPR = 0x8;
    static final int DFR = 0xe;
    static final int SVR = 0xf;
    static final int ISR = 0x10;
    static final int IRR = 0x20;
    static final int LVT_TIMER = 0x32;
    static final int LVT_LINT0 = 0x35;
    static final int INITIAL_COUNT = 0x38;
    static final int CURRENT_COUNT = 0x39;
    static final int DIVIDE = 0x3e;

    static final int ENABLED = 0x1ff;
    static final int MASKED = 1 << 16;
    static final int EXT_INT = 0x700;

    ApicRegisters apic = new ApicRegisters(BASE, new int[ApicRegisters.COUNT]);
    /** Null while the APIC is here. */
    Borrower borrower;

    final List<Integer> ended = Collections.synchronizedList(new ArrayList<>());

    Board() {
        register(SVR, ENABLED);
        register(DFR, -1);
        for (int lvt = LVT_TIMER; lvt < INITIAL_COUNT; lvt++) {
            register(lvt, MASKED);
        }
        register(LVT_LINT0, EXT_INT);
    }

    int register(int number) {
        return apic.registers()[number];
    }

    void register(int number, int value) {
        apic.registers()[number] = value;
    }

    @Override
    public void lend(Borrower to) {
        if (borrower == null) {
            to.take(0, apic);
            borrower = to;
        }
    }

    @Override
    public void takeBack() {
        if (borrower != null) {
            apic = borrower.giveBack(0);
            borrower = null;
        }
    }

    @Override
    public void endOfInterrupt(int vector) {
        ended.add(vector);
    }
}
