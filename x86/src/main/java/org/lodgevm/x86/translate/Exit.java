package org.lodgevm.x86.translate;

import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/**
 * Why translated code came back. Behind the call that leaves lies a description of the exit, whose address is what
 * {@link Translator#enter} returns; all of the guest's state is in the state block. Descriptions name guest code by its distance from
 * the region's page, which the region's {@link Head} has, so that they are right wherever the page is mapped. There is one for
 * each access to memory, so they are short: 8 bytes, and up to 8 more where there is more to tell.
 */
public final class Exit {
    /** Something asks for attention; go on at {@link #rip}. */
    public static final int ATTENTION = 0;
    /** The instruction at {@link #rip} is the interpreter's. */
    public static final int INTERPRET = 1;
    /** An access, of kind {@link #access} and {@link #size} bytes, missed the TLB; it may be tried again at {@link #resume}. */
    public static final int MISS = 2;
    /** A direct jump to {@link #rip} waits for its target to be translated. */
    public static final int LINK = 3;
    /**
     * The target in {@link org.lodgevm.x86.state.StateBlock#RIP} is not in the cache of jump targets. If it is no possible one,
     * the branch at {@link #rip} has to be undone, which moved the stack pointer by {@link #moved}.
     */
    public static final int LOOKUP = 4;
    /** A unit is not allowed on the host as things are; the block at {@link #rip} is the interpreter's. */
    public static final int UNIT = 5;

    /** The instruction at {@link #rip} is to be executed outside; then it goes on at {@link #resume}. */
    public static final int CALL_OUT = 6;

    /** The page of code at {@link #rip} is not, or no longer known to be, the one that was translated. */
    public static final int MOVED = 7;

    /** A call or a jump with its distance. */
    static final int JUMP_BYTES = 5;
    private static final int KIND_MASK = 0xf;
    private static final int ACCESS_SHIFT = 4;
    private static final int ACCESS_MASK = 7;
    private static final int ALIGNED = 0x80;

    /** Offsets. The access's size in bytes; distances from the region, of 2 bytes each, to here, and to what makes the flags again or 0. */
    static final int SIZE = 1;
    static final int REGION = 2;
    static final int FLAGS = 4;
    /** Distance from the page, of 2 bytes; for {@link #LINK} that of the jump's displacement from the region. */
    private static final int RIP = 6;
    private static final int PATCH = 6;
    /** Where it has one: {@link #moved}, {@link #callOut}, or the target's distance from the page, of 4 bytes. */
    private static final int DETAIL = 8;
    private static final int NEXT = 12;

    private final int kind;
    private final long rip;
    private int access;
    private int size;
    private int detail;
    private Label patch;

    Exit(int kind, long rip) {
        this.kind = kind;
        this.rip = rip;
    }

    /** @param aligned whether the address has to be a multiple of the size */
    Exit access(int kindOfAccess, int bytes, boolean aligned) {
        access = kindOfAccess << ACCESS_SHIFT | (aligned ? ALIGNED : 0);
        size = bytes;
        return this;
    }

    Exit patch(Label displacement) {
        patch = displacement;
        return this;
    }

    /** {@link #moved} or {@link #callOut}. */
    Exit detail(int value) {
        detail = value;
        return this;
    }

    /** Appends a call that leaves, and this description. */
    void append(Emission e) {
        e.callExit();
        describe(e);
    }

    /** Appends this description only. */
    void describe(Emission e) {
        Assembler a = e.a;
        describe(a, kind | access, size, e.region(), e.flagMaker(), kind == LINK ? patch.address() - e.region() : e.fromPage(rip));
        switch (kind) {
            case LINK -> a.imm(4, e.fromPage(rip)).imm(4, 0);
            case LOOKUP -> a.imm(4, detail);
            case CALL_OUT -> {
                a.imm(4, detail);
                e.numbered();
            }
            default -> {
                // nothing to add
            }
        }
    }

    /** Appends the description of an exit at the start of the page of a region that is no {@link Emission}'s. */
    static void describe(Assembler a, int kind, long region) {
        describe(a, kind, 0, region, 0, 0);
    }

    private static void describe(Assembler a, int kindAndAccess, int size, long region, int flags, long place) {
        long here = a.here();
        a.imm(1, kindAndAccess).imm(1, size).imm(2, lower(here - region)).imm(2, lower(flags)).imm(2, lower(place));
    }

    /** The 16 bits of a distance; one that has more is of a region that is too long to be kept. */
    private static long lower(long distance) {
        return distance & 0xffff;
    }

    public static int kind(long exit) {
        return HostMemory.get8(exit) & KIND_MASK;
    }

    /** Of {@link org.lodgevm.x86.paging.PageWalker}. */
    public static int access(long exit) {
        return HostMemory.get8(exit) >> ACCESS_SHIFT & ACCESS_MASK;
    }

    /** Of the access, in bytes. */
    public static int size(long exit) {
        return HostMemory.get8(exit + SIZE);
    }

    /** Bits of an address that must be 0 for an access that missed. */
    public static int misalignment(long exit) {
        return (HostMemory.get8(exit) & ALIGNED) == 0 ? 0 : size(exit) - 1;
    }

    public static long rip(long exit) {
        return Head.page(region(exit)) + (kind(exit) == LINK ? HostMemory.get32(exit + DETAIL) : HostMemory.get16(exit + RIP));
    }

    /** The translation that was left. */
    public static long region(long exit) {
        return exit - HostMemory.get16(exit + REGION);
    }

    /** Behind what was executed outside; for an access that missed, the jump back to it, which lies before the description. */
    public static long resume(long exit) {
        return kind(exit) == MISS ? exit - JUMP_BYTES : exit + DETAIL + Integer.BYTES;
    }

    /** By how much the branch has moved the stack pointer. */
    public static int moved(long exit) {
        return HostMemory.get32(exit + DETAIL);
    }

    /** What {@link Source#callOut} gave. */
    public static int callOut(long exit) {
        return HostMemory.get32(exit + DETAIL);
    }

    /** The displacement of the jump to be linked. */
    static long patch(long exit) {
        return region(exit) + HostMemory.get16(exit + PATCH);
    }

    /** Where a jump to be linked leads as long as it is not: to what leaves with this exit. */
    static long wayOut(long exit) {
        return exit - JUMP_BYTES;
    }

    /** Of the exit of a linked jump, what is kept for {@link Head}. */
    static int next(long exit) {
        return HostMemory.get32(exit + NEXT);
    }

    static long nextField(long exit) {
        return exit + NEXT;
    }
}
