package org.lodgevm.x86.interpret;

import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Vector;

/**
 * The debug registers: breakpoints on instructions, on data, on single steps and task switches. @sdm 18.2
 *
 * <p>Pages with a data breakpoint are kept out of the TLB, so that every access to them comes by here; with instruction
 * breakpoints the CPU goes one instruction at a time.
 */
final class Breakpoints {
    private static final long DR6_FIXED = 0xffff_0ff0L;
    private static final long DR6_WRITABLE = 0xe00f;
    private static final long DR7_FIXED = 0x400;
    private static final long DR7_WRITABLE = 0xffff_2bffL;
    private static final int BD = 1 << 13;
    private static final int BS = 1 << 14;
    private static final int BT = 1 << 15;
    private static final int GD = 1 << 13;
    private static final int LOCAL_ENABLES = 0x155;
    private static final int EXECUTE = 0;
    private static final int WRITE = 1;
    private static final int READ_WRITE = 3;

    private final Cpu c;
    private final long[] address = new long[4];
    private long dr6 = DR6_FIXED;
    private long dr7 = DR7_FIXED;
    private boolean data;
    private boolean execution;
    /** DR6 bits of data breakpoints that the running instruction has hit. */
    private int hit;

    Breakpoints(Cpu cpu) {
        c = cpu;
    }

    void reset() {
        java.util.Arrays.fill(address, 0);
        dr6 = DR6_FIXED;
        dr7 = DR7_FIXED;
        hit = 0;
        changed();
    }

    // --- the registers ---------------------------------------------------------------------------------------------------

    /** DR4 and DR5 are DR6 and DR7 unless CR4.DE forbids it; with GD set any access is a #DB before it. */
    void checkAccess(int number) {
        if (number > 7 || (number == 4 || number == 5) && (c.cr4 & Cr.CR4_DE) != 0) {
            throw c.undefined();
        }
        if ((dr7 & GD) != 0) {
            dr6 |= BD;
            dr7 &= ~(long) GD;
            throw c.fault(Vector.DB, 0);
        }
    }

    long read(int number) {
        return number < 4 ? address[number] : (number & 1) == 0 ? dr6 : dr7;
    }

    void write(int number, long value) {
        if (number < 4) {
            address[number] = value;
        } else if (value >>> 32 != 0) {
            throw c.protection();
        } else if ((number & 1) == 0) {
            dr6 = value & DR6_WRITABLE | DR6_FIXED;
        } else {
            dr7 = value & DR7_WRITABLE | DR7_FIXED;
        }
        changed();
    }

    private void changed() {
        boolean hadData = data;
        data = false;
        execution = false;
        for (int i = 0; i < 4; i++) {
            if (enabled(i)) {
                execution |= kind(i) == EXECUTE;
                data |= kind(i) != EXECUTE;
            }
        }
        if (execution) {
            c.ask(Attention.STEP);
        }
        if (data || hadData) {
            c.mmu.tlb.flush();
        }
    }

    private boolean enabled(int i) {
        return (dr7 >>> 2 * i & 3) != 0;
    }

    private int kind(int i) {
        return (int) (dr7 >>> 16 + 4 * i) & 3;
    }

    private int length(int i) {
        return switch ((int) (dr7 >>> 18 + 4 * i) & 3) {
            case 0 -> 1;
            case 1 -> 2;
            case 2 -> 8;
            default -> 4;
        };
    }

    boolean enabledForExecution() {
        return execution;
    }

    // --- data ------------------------------------------------------------------------------------------------------------

    boolean watches(long linearPage) {
        if (data) {
            for (int i = 0; i < 4; i++) {
                if (enabled(i) && kind(i) != EXECUTE && (address[i] & ~0xfffL) == linearPage) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Notes an access; the trap comes after the instruction. */
    void access(Cpu cpu, long linear, int size, boolean write) {
        if (!data) {
            return;
        }
        int matched = 0;
        for (int i = 0; i < 4; i++) {
            long start = address[i] & -length(i);
            boolean applies = kind(i) == READ_WRITE || kind(i) == WRITE && write;
            if (applies && linear < start + length(i) && start < linear + size) {
                matched |= 1 << i;
                if (enabled(i)) {
                    hit |= 1 << i | 1 << 8;
                }
            }
        }
        if ((hit & 1 << 8) != 0) {
            hit |= matched;
            cpu.ask(Attention.DATA_BREAKPOINT);
        }
    }

    /** After the instruction that hit. */
    void trap() {
        dr6 |= hit & 0xf;
        hit = 0;
        Exceptions.trap(c, Vector.DB);
    }

    // --- instructions ------------------------------------------------------------------------------------------------------

    /** Raises #DB, as a fault, if the instruction about to run has a breakpoint. */
    boolean execution() {
        if (!execution) {
            return false;
        }
        long linear = c.code64 ? c.rip : c.csBase + c.rip & 0xffff_ffffL;
        int matched = 0;
        boolean any = false;
        for (int i = 0; i < 4; i++) {
            if (kind(i) == EXECUTE && address[i] == linear) {
                matched |= 1 << i;
                any |= enabled(i);
            }
        }
        if (any) {
            dr6 |= matched;
            Exceptions.faultBefore(c, Vector.DB);
        }
        return any;
    }

    void singleStep() {
        dr6 |= BS | hit & 0xf;
        hit = 0;
        c.answer(Attention.DATA_BREAKPOINT);
        Exceptions.trap(c, Vector.DB);
    }

    /** A task switch clears the local enables. */
    void taskSwitched(boolean trapBit) {
        dr7 &= ~(long) LOCAL_ENABLES;
        changed();
        if (trapBit) {
            dr6 |= BT;
            c.ask(Attention.DATA_BREAKPOINT);
        }
    }
}
