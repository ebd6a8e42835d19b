package org.lodgevm.x86.fp;

import static org.lodgevm.machine.HostMemory.get16;
import static org.lodgevm.machine.HostMemory.get32;
import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.get8;
import static org.lodgevm.machine.HostMemory.put16;
import static org.lodgevm.machine.HostMemory.put32;
import static org.lodgevm.machine.HostMemory.put64;

/**
 * The 512-byte legacy area that FXSAVE writes and with which every XSAVE image begins. @sdm 1:10.5 @sdm 1:13.4.1
 *
 * <p>These methods move the x87 part, from offset 0 to {@link #MXCSR} and from {@link #REGISTERS} to {@link #XMM}; XSAVE treats
 * it as one component, and the rest as another.
 */
public final class FxArea {
    public static final int BYTES = 512;
    public static final int FCW = 0;
    public static final int FSW = 2;
    /** Abridged: a bit a physical register, set if it is not empty. */
    public static final int FTW = 4;
    public static final int FOP = 6;
    public static final int FIP = 8;
    public static final int FDP = 16;
    public static final int MXCSR = 24;
    public static final int MXCSR_MASK = 28;
    public static final int REGISTERS = 32;
    public static final int XMM = 160;
    /** Offset of the selectors in the 32-bit form, and in {@link X87}'s own block, where they follow the area's last register. */
    static final int FCS = 12;
    static final int FDS = 20;
    static final int INSTRUCTION_SELECTOR = 464;
    static final int OPERAND_SELECTOR = 466;

    private FxArea() {}

    /**
     * Writes the x87 part.
     *
     * @param wide the form with 64-bit pointers (REX.W); without it they are 32 bits and a selector
     */
    public static void save(X87 x, long area, boolean wide) {
        long block = x.block();
        put16(area + FCW, x.control());
        put16(area + FSW, x.status());
        put16(area + FTW, x.valid);
        put16(area + FOP, get16(block + FOP));
        put64(area + FIP, get64(block + FIP));
        put64(area + FDP, get64(block + FDP));
        if (!wide) {
            put32(area + FCS, get16(block + INSTRUCTION_SELECTOR));
            put32(area + FDS, get16(block + OPERAND_SELECTOR));
        }
        for (int i = 0; i < 8; i++) {
            long slot = area + REGISTERS + 16L * i;
            put64(slot, x.significand(i));
            put64(slot + 8, x.signExponent(i));
        }
    }

    /** Reads the x87 part, as {@link #save} wrote it. */
    public static void restore(X87 x, long area, boolean wide) {
        long block = x.block();
        x.setControl(get16(area + FCW));
        x.setStatus(get16(area + FSW));
        for (int i = 0; i < 8; i++) {
            long slot = area + REGISTERS + 16L * i;
            x.put(i, get16(slot + 8), get64(slot));
        }
        x.valid = get8(area + FTW);
        put16(block + FOP, get16(area + FOP) & 0x7ff);
        put64(block + FIP, wide ? get64(area + FIP) : Integer.toUnsignedLong(get32(area + FIP)));
        put64(block + FDP, wide ? get64(area + FDP) : Integer.toUnsignedLong(get32(area + FDP)));
        put16(block + INSTRUCTION_SELECTOR, wide ? 0 : get16(area + FCS));
        put16(block + OPERAND_SELECTOR, wide ? 0 : get16(area + FDS));
    }

    /** Puts the x87 part into its initial state, as XRSTOR does for a component without one. @sdm 1:13.6 */
    public static void initialize(X87 x) {
        x.initialize();
        x.clearRegisters();
    }

    /** Whether the x87 state is the initial one, as XSAVEOPT and XINUSE have it. */
    public static boolean isInitial(X87 x) {
        for (int i = 0; i < 8; i++) {
            if (x.signExponent(i) != 0 || x.significand(i) != 0) {
                return false;
            }
        }
        long block = x.block();
        boolean pointers = (get16(block + FOP) | get64(block + FIP) | get64(block + FDP)) != 0;
        return !pointers && x.control() == X87.INITIAL_CONTROL && x.status() == 0 && x.valid == 0;
    }
}
