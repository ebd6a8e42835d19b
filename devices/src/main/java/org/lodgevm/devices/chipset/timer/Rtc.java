package org.lodgevm.devices.chipset.timer;

/** MC146818 real-time clock. */
public final class Rtc {
    /** A byte of CMOS RAM, 0x0e to 0xff. */
    public int cmos(int index) {
        throw new UnsupportedOperationException();
    }

    public void cmos(int index, int value) {
        throw new UnsupportedOperationException();
    }
}
