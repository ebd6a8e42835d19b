package org.lodgevm.x86.translate;

import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.FlagEffects;
import org.lodgevm.x86.state.Rflags;

/** An instruction of a region. */
final class Step {
    /** Of an address. */
    static final int UNUSED_BITS = 16;

    final Instruction in;
    final Kind kind;
    final long rip;
    final long next;
    /** Whether a later instruction, or whoever sees the state at an exit, may need the flags as this one finds them. */
    boolean flagsWanted;
    private boolean flagsWantedAfter;
    /** What {@link Source#callOut} gave, for {@link Kind#CALL_OUT}. */
    int callOut;

    Step(Instruction in, Kind kind, long rip) {
        this.in = in;
        this.kind = kind;
        this.rip = rip;
        next = cut(rip + in.length());
    }

    /** Target of a direct branch. */
    long target() {
        return cut(next + in.imm());
    }

    /** Of four levels of paging; where there are five, jumps to those that need them are the interpreter's. */
    static boolean isCanonical(long address) {
        return address << UNUSED_BITS >> UNUSED_BITS == address;
    }

    private long cut(long address) {
        return in.codeSize().is64() ? address : address & 0xffff_ffffL;
    }

    /** Of the memory operand; the whole address where it counts from the next instruction. */
    long displacement() {
        return in.ripRelative() ? next + in.disp() : in.disp();
    }

    /** Whether the address of the memory operand must be a multiple of its size, else it faults even if the page is not there. */
    boolean isAligned() {
        return kind == Kind.PAIR ? in.opSize() == 8 : kind == Kind.VECTOR && in.row().alignsMemory();
    }

    /** Whether no interrupt may come between it and the next instruction. */
    boolean bindsNext() {
        return in.row().operation().equals("STI");
    }

    /** Whether the state may be seen as it is before this instruction. */
    private boolean mayLeave() {
        return switch (kind) {
            case LEA, LOAD_CONSTANT, BSWAP, FLAG, EXTEND_ACCUMULATOR, FENCE, NOTHING, BRANCH -> false;
            case PLAIN, SHIFT_BY_CL, VEX_GENERAL, MULTIPLY, EXCHANGE, UPDATE, STORE_SELECTOR -> in.isMemory();
            case JUMP -> in.row().immediate() == null;
            default -> true;
        };
    }

    /** Whether all six flags are new after this instruction. */
    boolean renewsFlags() {
        FlagEffects effects = in.row().flags();
        boolean ofImmediate = effects.conditional() && in.row().immediate() != null && (in.imm() & 31) != 0;
        return ((effects.written() | effects.undefined()) & Rflags.STATUS) == Rflags.STATUS
                && (!effects.conditional() || ofImmediate);
    }

    boolean changesFlags() {
        return ((in.row().flags().written() | in.row().flags().undefined()) & Rflags.STATUS) != 0;
    }

    /** Whether some flag it finds counts for what it does, or survives it among others that it changes. */
    boolean takesFlags() {
        return readsFlags() || changesFlags() && !renewsFlags() && flagsWantedAfter;
    }

    private boolean readsFlags() {
        return (in.row().flags().read() & Rflags.STATUS) != 0;
    }

    /** Sets {@link #flagsWanted}, given whether the flags are wanted after this instruction, and returns it. */
    boolean want(boolean after) {
        flagsWantedAfter = after;
        flagsWanted = mayLeave() || readsFlags() || after && !renewsFlags();
        return flagsWanted;
    }
}
