package org.lodgevm.x86.interpret;

import java.util.Arrays;
import org.lodgevm.x86.state.Cr;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.Vector;

/**
 * The debug registers, and the debug exceptions: breakpoints on instructions, data and ports, single steps, task switches.
 *
 * <p>Pages with a data breakpoint are kept out of the TLB, so that every access to them comes by here; an instruction that hits
 * one is run apart from its block. With instruction breakpoints the CPU goes one instruction at a time.
 *
 * <p>Traps gather in {@link #hits} until the run loop is between two instructions. @sdm 3B:18.2, 3B:18.3
 */
final class Breakpoints {
    private static final long DR6_FIXED = 0xffff_0ff0L;
    private static final long DR6_WRITABLE = 0xe00f;
    private static final long DR7_FIXED = 0x400;
    private static final long DR7_WRITABLE = 0xffff_23ffL;
    /** DR6: which of the four breakpoints matched, access to a debug register, single step, task switch. */
    private static final int MATCHED = 15;
    private static final int BD = 1 << 13;
    private static final int BS = 1 << 14;
    private static final int BT = 1 << 15;
    /** DR7: any access to a debug register is a #DB. */
    private static final int GD = 1 << 13;
    private static final int LOCAL_ENABLES = 0x155;

    /** Kinds of breakpoint, as sets of DR7's R/W values. */
    private static final int EXECUTION = 1;
    private static final int WRITE = 1 << 1;
    private static final int PORT = 1 << 2;
    private static final int READ_OR_WRITE = 1 << 3;

    private final Cpu c;
    private final long[] address = new long[4];
    private long dr6;
    private long dr7;
    /** The kinds of which some are enabled. */
    private int kinds;
    /** DR6 bits of the traps that wait. */
    private int hits;
    /** RFLAGS.TF was set when the running instruction began, and nothing about it prevents the trap. */
    private boolean stepping;

    Breakpoints(Cpu cpu) {
        c = cpu;
    }

    void reset() {
        Arrays.fill(address, 0);
        dr6 = DR6_FIXED;
        dr7 = DR7_FIXED;
        hits = 0;
        changed();
    }

    // --- the registers ---------------------------------------------------------------------------------------------------

    /** DR4 and DR5 are DR6 and DR7 unless CR4.DE forbids it; with GD set any access is a #DB before it. */
    void checkAccess(int number) {
        if (number > 7 || (number == 4 || number == 5) && (c.cr4 & Cr.CR4_DE) != 0) {
            throw c.undefined();
        }
        if ((dr7 & GD) != 0) {
            report(BD);
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
        boolean watched = watchesData();
        kinds = 0;
        for (int i = 0; i < 4; i++) {
            kinds |= enabled(i) ? kind(i) : 0;
        }
        if (enabledForExecution()) {
            c.ask(Attention.STEP);
        }
        if (watched || watchesData()) {
            c.mmu.tlb.flush();
        }
    }

    private boolean enabled(int i) {
        return (dr7 >>> 2 * i & 3) != 0;
    }

    private int kind(int i) {
        return 1 << (dr7 >>> 16 + 4 * i & 3);
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
        return (kinds & EXECUTION) != 0;
    }

    /** RFLAGS as a return or a task switch loads them: RF matters only, and is only kept, while instruction breakpoints are on. */
    int loaded(int rflags) {
        return enabledForExecution() ? rflags : rflags & ~Rflags.RF;
    }

    private boolean watchesData() {
        return (kinds & (WRITE | READ_OR_WRITE)) != 0;
    }

    /** The breakpoints of some kinds that lie on these bytes, enabled or not; none at all if none of them is enabled. */
    private int matches(int wanted, long from, int size) {
        int matched = 0;
        boolean any = false;
        for (int i = 0; i < 4; i++) {
            long start = address[i] & -length(i);
            if ((kind(i) & wanted) != 0 && from < start + length(i) && start < from + size) {
                matched |= 1 << i;
                any |= enabled(i);
            }
        }
        return any ? matched : 0;
    }

    // --- data and ports --------------------------------------------------------------------------------------------------

    /** Whether accesses to this linear page must come by {@link #access}. */
    boolean watches(long linearPage) {
        if (watchesData()) {
            for (int i = 0; i < 4; i++) {
                if (enabled(i) && (kind(i) & (WRITE | READ_OR_WRITE)) != 0 && (address[i] & ~0xfffL) == linearPage) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Before an access to memory that an instruction makes.
     *
     * @throws RunAlone if it has hit in the middle of a block
     */
    void access(long linear, int size, boolean write) {
        c.debugger.access(linear, size, write);
        if (!watchesData() || c.implicit) {
            return;
        }
        int matched = matches(write ? WRITE | READ_OR_WRITE : READ_OR_WRITE, linear, size);
        if (matched != 0 && c.current != null && !c.solo) {
            throw RunAlone.INSTANCE;
        }
        hit(matched);
    }

    /** Before an access to ports, by an instruction that ends its block. */
    void port(int port, int size) {
        if ((kinds & PORT) != 0 && (c.cr4 & Cr.CR4_DE) != 0) {
            hit(matches(PORT, port, size));
        }
    }

    private void hit(int bits) {
        if (bits != 0) {
            hits |= bits;
            c.ask(Attention.DEBUG_TRAP);
        }
    }

    int hits() {
        return hits;
    }

    /** Forgets what an instruction has hit before it faulted: it will hit again. */
    void hits(int before) {
        c.debugger.forgetHit();
        hits = before;
        if (before == 0) {
            c.answer(Attention.DEBUG_TRAP);
        }
    }

    // --- single steps ------------------------------------------------------------------------------------------------------

    void beginStep() {
        stepping = c.flag(Rflags.TF);
    }

    /** @param branched the instruction has not gone on to the next one */
    void endStep(boolean branched) {
        hit(stepping && (branched || !c.msrs.stepsByBranch()) ? BS : 0);
        stepping = false;
    }

    /** INT n and its like save TF and clear it: the step ends when the handler has returned. */
    void suppressStep() {
        stepping = false;
    }

    /** SYSCALL and SYSRET look at TF as they leave it, so that a system can keep its entry from being stepped into. */
    void stepIntoSystem() {
        suppressStep();
        hit(c.flag(Rflags.TF) ? BS : 0);
    }

    /** MOV or POP to SS: nothing shall come between it and the load of rSP. @sdm 3A:6.8.3 */
    void stackLoaded() {
        suppressStep();
        c.ask(Attention.STACK_LOADED);
    }

    // --- #DB ---------------------------------------------------------------------------------------------------------------

    /** Bits 3:0 of DR6 tell what matched this time; the others stay until software clears them. */
    private void report(int bits) {
        dr6 = dr6 & ~MATCHED | bits;
        dr7 &= ~GD;
        c.msrs.stepByInstruction();
    }

    /** Raises #DB, as a fault, if the instruction about to run has a breakpoint. */
    boolean execution() {
        if (!enabledForExecution()) {
            return false;
        }
        int matched = matches(EXECUTION, c.code64 ? c.rip : c.csBase + c.rip & 0xffff_ffffL, 1);
        if (matched == 0) {
            return false;
        }
        report(matched);
        Exceptions.debug(c);
        return true;
    }

    /** Raises #DB for the traps that wait. */
    void trap() {
        report(hits);
        hits = 0;
        Exceptions.debug(c);
    }

    /** INT1: a #DB that takes along the traps that wait. */
    void int1() {
        suppressStep();
        c.answer(Attention.DEBUG_TRAP);
        trap();
    }

    /** A task switch clears the local enables. */
    void taskSwitched(boolean trapBit) {
        suppressStep();
        dr7 &= ~(long) LOCAL_ENABLES;
        changed();
        hit(trapBit ? BT : 0);
    }
}
