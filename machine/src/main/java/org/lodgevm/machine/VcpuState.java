package org.lodgevm.machine;

import java.util.Map;
import java.util.TreeMap;

/**
 * The architectural state of one x86-64 CPU, as accelerators exchange it. Plain data: a field a register.
 *
 * <p>{@link #xsave} is an XSAVE image in the standard (non-compacted) format. @sdm 13.4
 */
public final class VcpuState {
    /** A segment register with its hidden part. {@code attributes}: bits 55:40 of the descriptor (type in 3:0, S 4, DPL 6:5, P 7, AVL 12, L 13, D/B 14, G 15). */
    public record Segment(int selector, long base, int limit, int attributes) {
        /** In {@link #attributes}; without it the register holds a null selector. */
        public static final int PRESENT = 1 << 7;
    }

    /** GDTR or IDTR. */
    public record Table(long base, int limit) {}

    /**
     * Something that the CPU had begun to take when it was stopped, and takes before its next instruction. What an instruction causes by
     * itself (INT n, INT3, INTO) is none: that instruction is executed again.
     */
    public record Event(Kind kind, int vector, boolean hasErrorCode, int errorCode) {
        /** Where it came from. */
        public enum Kind {
            INTERRUPT,
            EXCEPTION
        }
    }

    public static final int NO_STARTUP = -1;

    /** RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8..R15. */
    public final long[] gpr = new long[16];
    public long rip;
    public long rflags = 2;
    /** ES, CS, SS, DS, FS, GS. */
    public final Segment[] segments = new Segment[6];
    public Segment ldtr;
    public Segment tr;
    public Table gdtr;
    public Table idtr;
    public long cr0;
    public long cr2;
    public long cr3;
    public long cr4;
    public int cr8;
    public long xcr0 = 1;
    /** DR0..DR3, DR6, DR7. */
    public final long[] dr = new long[6];
    /** IA32_EFER and all other MSRs that differ from their reset value, by index. */
    public final Map<Integer, Long> msrs = new TreeMap<>();
    public byte[] xsave = new byte[0];
    /** HLT was executed and nothing has woken the CPU since. */
    public boolean halted;
    /** Waiting for a start-up IPI. */
    public boolean waitingForStartup;
    public boolean nmiPending;
    /** An NMI is in service: others wait until IRET. */
    public boolean nmiBlocked;
    /** STI or MOV SS was the last instruction. */
    public boolean interruptShadow;
    /** Null, mostly. */
    public Event event;
    /** INIT has come and was not taken yet. */
    public boolean initPending;
    /** The vector of a start-up IPI that has come and was not taken yet, or {@link #NO_STARTUP}. */
    public int startupPending = NO_STARTUP;
    /** The time-stamp counter, which stands still with the CPU; null where it follows from IA32_TSC_ADJUST and the machine's clock. */
    public Long tsc;
    /** What KVM's paravirtual clock shows, in nanoseconds; null where it is the machine's clock. */
    public Long systemTime;
}
