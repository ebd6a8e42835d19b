package org.lodgevm.x86.translate;

import org.lodgevm.machine.HostMemory;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;

/**
 * Why translated code came back. Behind the jump that leaves lies a description of the exit, whose address is what
 * {@link Translator#enter} returns; all of the guest's state is in the state block. Descriptions name guest code by its distance from
 * the region's page, which the region's {@link Head} has, so that they are right wherever the page is mapped.
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

    /** Before the description: what loads its address and leaves with it. */
    private static final int WAY_OUT = 7 + 5;

    private static final int ACCESS = 1;
    static final int SIZE = 2;
    /** Distances, in bytes. */
    private static final int PLACE = 4;
    private static final int RIP = 8;
    private static final int REGION = 12;
    private static final int DETAIL = 16;

    private final int kind;
    private final long rip;
    private int access;
    private int size;
    private int detail;
    private Label place;

    Exit(int kind, long rip) {
        this.kind = kind;
        this.rip = rip;
    }

    Exit access(int kindOfAccess, int bytes) {
        access = kindOfAccess;
        size = bytes;
        return this;
    }

    Exit resume(Label at) {
        place = at;
        return this;
    }

    Exit patch(Label displacement) {
        place = displacement;
        return this;
    }

    /** {@link #moved}, {@link #callOut} or {@link #misalignment}. */
    Exit detail(int value) {
        detail = value;
        return this;
    }

    /** Appends a jump that leaves, and this description. */
    void append(Emission e) {
        Label description = new Label();
        e.a.lea(Gpr.RAX, Mem.mem(description));
        e.jumpToGate();
        e.a.bind(description);
        describe(e);
    }

    /** Appends this description only. */
    void describe(Emission e) {
        Assembler a = e.a;
        long here = a.here();
        describe(a, kind, access, size, place == null ? 0 : place.isBound() ? place.address() - here : DETAIL + 4, e.fromPage(rip), e.region(), detail);
        if (kind == CALL_OUT) {
            e.numbered();
        }
        if (place != null && !place.isBound()) {
            a.bind(place);
        }
    }

    /** Appends the description of an exit at the start of the page of a region that is no {@link Emission}'s. */
    static void describe(Assembler a, int kind, long region) {
        describe(a, kind, 0, 0, 0, 0, region, 0);
    }

    private static void describe(Assembler a, int kind, int access, int size, long place, int fromPage, long region, int detail) {
        long here = a.here();
        a.imm(1, kind).imm(1, access).imm(2, size).imm(4, place).imm(4, fromPage).imm(4, region - here).imm(4, detail);
    }

    public static int kind(long exit) {
        return HostMemory.get8(exit);
    }

    /** Of {@link org.lodgevm.x86.paging.PageWalker}. */
    public static int access(long exit) {
        return HostMemory.get8(exit + ACCESS);
    }

    /** Of the access, in bytes. */
    public static int size(long exit) {
        return HostMemory.get16(exit + SIZE);
    }

    public static long rip(long exit) {
        return Head.page(region(exit)) + HostMemory.get32(exit + RIP);
    }

    /** The translation that was left. */
    public static long region(long exit) {
        return exit + HostMemory.get32(exit + REGION);
    }

    public static long resume(long exit) {
        return exit + HostMemory.get32(exit + PLACE);
    }

    /** By how much the branch has moved the stack pointer. */
    public static int moved(long exit) {
        return HostMemory.get32(exit + DETAIL);
    }

    /** Bits of an address that must be 0 for an access that missed. */
    public static int misalignment(long exit) {
        return HostMemory.get32(exit + DETAIL);
    }

    /** What {@link Source#callOut} gave. */
    public static int callOut(long exit) {
        return HostMemory.get32(exit + DETAIL);
    }

    /** The displacement of the jump to be linked. */
    static long patch(long exit) {
        return exit + HostMemory.get32(exit + PLACE);
    }

    /** Where a jump to be linked leads as long as it is not: to what leaves with this exit. */
    static long wayOut(long exit) {
        return exit - WAY_OUT;
    }

    /** Of the exit of a linked jump, what is kept for {@link Head}. */
    static int next(long exit) {
        return HostMemory.get32(exit + DETAIL);
    }

    static long nextField(long exit) {
        return exit + DETAIL;
    }
}
