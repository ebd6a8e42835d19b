package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RBP;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RSP;
import static org.lodgevm.x86.translate.HostRegisters.state;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.GprOrMem;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.paging.Tlb;
import org.lodgevm.x86.state.StateBlock;

/** Turns a region into host code: its blocks one after the other, and the jumps between them and out of them. */
final class Lowering {
    private static final int PAUSE = 0xF390;

    /** A 64-bit constant, a comparison with a 32-bit displacement, a jump. */
    static final int GUARD = 10 + 7 + 6;
    /** Where the constant is, and the displacement. */
    static final int FETCH_TAG = 2;
    static final int FETCH_ENTRY = 10 + 3;

    private final Region region;
    private final Context context;
    private final boolean supervisor;
    /** What PUSH and CALL push, in bytes; in bits; and the registers of that width. */
    private final int word;
    private final int bits;
    private final Gpr sp;
    private final Gpr accumulator;
    private final Emission e;
    private final Assembler a;
    private final Memory memory;
    private final Plain plain;
    private final Special special;
    private final Vectors vectors;
    private final X87Stack x87;
    private final Strings strings;
    private final BitStrings bitStrings;
    private final SystemFlags flags;
    private final SystemEntry entry;
    private final ReturnAddresses returns;
    private final Jumps jumps;

    /**
     * @param address where the region's {@link Head} will be
     */
    Lowering(Region region, Gate gate, long address, Context context) {
        this.region = region;
        this.context = context;
        supervisor = context.regime() != Tlb.USER;
        word = region.is64() ? 8 : 4;
        bits = 8 * word;
        sp = HostRegisters.host(GUEST_RSP, bits);
        accumulator = RAX.as(bits);
        e = new Emission(gate, address, region.pageAddress());
        a = e.a;
        memory = new Memory(e, context.regime(), region.is64());
        plain = new Plain(e, memory);
        special = new Special(e, memory, plain);
        vectors = new Vectors(e, memory, plain);
        x87 = new X87Stack(e, memory);
        strings = new Strings(e, memory);
        bitStrings = new BitStrings(e, memory, plain);
        flags = new SystemFlags(e, memory);
        returns = new ReturnAddresses(e);
        jumps = new Jumps(e, context);
        entry = new SystemEntry(e, flags, returns);
    }

    /** Of the code, once that is {@linkplain #lower there}. */
    Relocations relocations() {
        return e.relocations();
    }

    /**
     * The code. Behind its {@link Head} it begins with the guard, of {@link #GUARD} bytes: whoever comes from another page enters there, and
     * finds out whether the page of code is mapped as it was. There is a second guard for a second page.
     *
     * @param physical address of the page of code
     */
    byte[] lower(long physical) {
        long page = region.pageAddress();
        a.imm(8, page).imm(4, 0).imm(4, region.second() < 0 ? 0 : Head.ALWAYS_GUARDED);
        guard(page, physical);
        if (region.second() >= 0) {
            guard(page + Source.PAGE, region.second());
            e.notToBeKept();
        }
        for (int i = 0; i < region.blocks.size(); i++) {
            Region.Block block = region.blocks.get(i);
            if (block.isMerge() || i == 0 || region.blocks.get(i - 1).fallsTo != block) {
                e.unitsUnknown();
            }
            enter(block);
            a.bind(block.label);
            if (region.polls(block)) {
                a.cmp(state(StateBlock.ATTENTION, 32), 0).jcc(Cond.NE, e.leaving(Exit.ATTENTION, block.rip));
            }
            for (int j = 0; j < block.steps.size(); j++) {
                Step step = block.steps.get(j);
                e.flagsWanted(step.flagsWanted);
                FlagSource source = e.flagSource();
                e.flagSourceLasts(source != null && source.lasts(block.steps.subList(j, block.steps.size())));
                lower(block, step);
                if (step.changesFlags()) {
                    e.flagSource(FlagSource.of(step));
                } else if (source != null && source.isChangedBy(step)) {
                    e.flagSource(null);
                }
            }
            e.flagSourceLasts(false);
            if (Region.fallsThrough(block)) {
                fallThrough(block, i + 1 < region.blocks.size() ? region.blocks.get(i + 1) : null);
            }
        }
        return e.finish();
    }

    /** Where the flags are at the start of a block, which whoever jumps there has seen to. */
    private void enter(Region.Block block) {
        if (block.flags == null) {
            e.flagsInBlock();
            block.flags = e.flags();
        } else {
            e.flags(block.flags);
        }
    }

    /** Before going to a block: has the flags where it expects them; whoever is first to come there, and alone, leaves them where they are. */
    private void prepare(Region.Block to) {
        e.flagsWanted(to.flagsWanted);
        if (to.isMerge() || to.flags != null) {
            e.saveFlags();
        } else {
            to.flags = e.flags();
        }
    }

    private void guard(long page, long physical) {
        a.opReg(64, 0xB8, RAX).imm(8, Tlb.fetchTag(page, physical));
        a.cmp(state(memory.fetchEntry(page) + Tlb.FETCH, 64), RAX);
        a.op(0, 0x0F80 | Cond.NE.ordinal()).rel(4, e.leaving(Exit.MOVED, region.blocks.getFirst().rip));
    }

    private void lower(Region.Block block, Step step) {
        switch (step.kind) {
            case PLAIN, SHIFT_BY_CL -> plain.lower(step);
            case VEX_GENERAL -> plain.lowerVex(step);
            case VECTOR -> vectors.lower(step);
            case X87 -> x87.lower(step);
            case LEA -> special.lea(step);
            case LOAD_CONSTANT -> special.loadConstant(step);
            case BSWAP -> special.bswap(step);
            case EXCHANGE -> special.exchange(step);
            case UPDATE -> special.update(step);
            case MULTIPLY -> special.multiply(step);
            case DIVIDE -> special.divide(step);
            case EXTEND_ACCUMULATOR -> special.extendAccumulator(step);
            case FLAG -> special.flag(step);
            case PUSH -> push(step);
            case POP -> pop(step);
            case LEAVE -> leave(step);
            case COUNT -> special.count(step);
            case MOVE_ABSOLUTE -> special.moveAbsolute(step);
            case STORE_SELECTOR -> storeSelector(step);
            case PAUSE -> pause(step);
            case FENCE -> special.fence(step);
            case NOTHING -> {
                // nothing, whatever the operand
            }
            case BRANCH -> branch(block, step);
            case JUMP -> jump(block, step);
            case CALL -> call(step);
            case RETURN -> ret(step);
            case STRING -> strings.lower(step);
            case BIT_STRING -> bitStrings.lower(step);
            case PAIR -> special.compareAndExchangePair(step);
            case SYSTEM_FLAG -> {
                if (supervisor && (!step.bindsNext() || region.goesOn(block, step)) || !SystemFlags.isPrivileged(step)) {
                    flags.lower(step);
                } else {
                    callOut(step);
                }
            }
            case SWAP_BASE, SYSTEM_CALL, SYSTEM_RETURN, ACCESS_CONTROL -> {
                if (supervisor == (step.kind == Kind.SYSTEM_CALL)) {
                    interpret(step); // the other side's
                } else {
                    lowerEntry(step);
                }
            }
            case CALL_OUT, TRANSFER -> callOut(step);
            case INTERPRET -> interpret(step);
        }
    }

    private void lowerEntry(Step step) {
        switch (step.kind) {
            case SWAP_BASE -> entry.swapBase();
            case SYSTEM_CALL -> {
                entry.call(step, context.system());
                jumps.lookUp(step, context.system());
            }
            case SYSTEM_RETURN -> {
                entry.ret(step, context.user());
                jumps.lookUp(step, context.user());
            }
            default -> {
                entry.access(step, context);
                jumps.leaveTo(step.next, step);
            }
        }
    }

    private void interpret(Step step) {
        e.freeFlags();
        e.leave(Exit.INTERPRET, step.rip);
    }

    /** Leaves for one instruction. */
    private void callOut(Step step) {
        e.freeFlags();
        e.callOut(step, new Label());
        e.flagsInBlock();
        e.unitsUnknown();
    }

    /** As itself, and now and then outside, where the host's processor is given to others. */
    private void pause(Step step) {
        Label outside = new Label();
        Label done = new Label();
        e.freeFlags();
        a.op(0, PAUSE).sub(state(StateBlock.PAUSES, 32), 1).jcc(Cond.LE, outside).bind(done);
        e.atEnd(outside, () -> e.callOut(step, done));
        e.unitsUnknown();
    }

    // --- the stack -----------------------------------------------------------------------------------------------------

    private void push(Step step) {
        Instruction in = step.in;
        if (in.isMemory()) {
            a.mov(accumulator, memory.operand(step, word, false)).mov(state(StateBlock.SPILL, 64), RAX);
            push(step, state(StateBlock.SPILL, bits));
        } else if (in.row().operand(0).method() == AddressingMethod.I) {
            push(step, in.imm());
        } else {
            push(step, HostRegisters.place(in.register(0), bits));
        }
    }

    private void push(Step step, GprOrMem value) {
        Mem top = top(step, -word, true);
        if (value instanceof Gpr register) {
            a.mov(top, register);
        } else {
            a.mov(accumulator, value).mov(top, accumulator);
        }
        moveStack(-word);
    }

    private void push(Step step, long value) {
        a.mov(top(step, -word, true), (int) value);
        moveStack(-word);
    }

    /** Pushes the address of the next instruction. */
    private void pushNext(Step step) {
        Mem top = top(step, -word, true);
        if (word == 8 && (int) step.next != step.next) {
            e.address(RAX, step.next);
            a.mov(top, RAX);
            returns.push(RAX);
        } else {
            int kind = word == 8 ? Relocations.SIGNED : Relocations.UNSIGNED;
            a.mov(top, (int) step.next);
            e.addressAbove(kind, step.next);
            returns.push(step.next, kind);
        }
        moveStack(-word);
    }

    /** A word on the stack. */
    private Mem top(Step step, int offset, boolean write) {
        return memory.at(step, HostRegisters.host(GUEST_RSP), offset, word, write).bits(bits);
    }

    private void moveStack(int by) {
        a.lea(sp, Mem.mem(HostRegisters.host(GUEST_RSP), by));
    }

    private void pop(Step step) {
        Mem top = top(step, 0, false);
        Gpr register = HostRegisters.host(step.in.register(0), bits);
        if (register == null || register == sp) {
            a.mov(accumulator, top);
            moveStack(word);
            a.mov(HostRegisters.place(step.in.register(0), 64), RAX);
        } else {
            a.mov(register, top);
            moveStack(word);
        }
    }

    private void leave(Step step) {
        Gpr frame = HostRegisters.host(GUEST_RBP);
        Mem top = memory.at(step, frame, 0, word, false).bits(bits);
        a.lea(sp, Mem.mem(frame, word)).mov(frame.as(bits), top);
    }

    private void storeSelector(Step step) {
        Instruction in = step.in;
        Mem selector = state(StateBlock.SELECTORS + 2 * (in.reg() & 7), 16);
        if (in.isMemory()) {
            Mem place = memory.operand(step, 2, true).bits(16);
            a.movzx(EAX, selector).mov(place, AX);
        } else {
            a.movzx(EAX, selector);
            int width = in.opSize() == 2 ? 16 : 64;
            a.mov(HostRegisters.place(in.rm(), width), RAX.as(width));
        }
    }

    // --- branches ------------------------------------------------------------------------------------------------------

    private void branch(Region.Block block, Step step) {
        Cond taken = Cond.values()[step.in.row().condition()];
        e.loadFlags();
        Region.Block to = block.branchesTo;
        if (to != null) {
            prepare(to);
            a.jcc(taken, to.label);
            return;
        }
        e.flagsWanted(true);
        Label outside = new Label();
        a.jcc(taken, outside);
        Emission.Flags here = e.flags();
        e.atEnd(outside, () -> {
            e.flags(here);
            e.flagsWanted(true);
            jumps.leaveTo(step.target(), step);
        });
    }

    /** Goes on with the block after this one. */
    private void fallThrough(Region.Block block, Region.Block laidOutNext) {
        Region.Block to = block.fallsTo;
        if (to == null) {
            e.flagsWanted(true);
            jumps.leaveTo(block.end, block.last());
            return;
        }
        prepare(to);
        if (to != laidOutNext) {
            a.jmp(to.label);
        }
    }

    private void jump(Region.Block block, Step step) {
        if (step.in.row().immediate() == null) {
            target(step);
            jumps.lookUp(step, context.key());
        } else if (block.branchesTo != null) {
            prepare(block.branchesTo);
            a.jmp(block.branchesTo.label);
        } else {
            jumps.leaveTo(step.target(), step);
        }
    }

    private void call(Step step) {
        boolean direct = step.in.row().immediate() != null;
        if (!direct) {
            target(step);
            a.mov(state(StateBlock.RIP, 64), RAX);
            if (region.is64()) {
                // nothing is pushed if the target is none
                a.mov(RCX, RAX).shl(RCX, Step.UNUSED_BITS).sar(RCX, Step.UNUSED_BITS).cmp(RCX, RAX);
                a.jcc(Cond.NE, e.leaving(Exit.INTERPRET, step.rip));
            }
        }
        pushNext(step);
        if (direct && e.isNear(step.target())) {
            jumps.link(Jumps.CALL, step.target());
        } else {
            if (direct) {
                a.mov(RAX, step.target());
                e.notToBeMoved();
            } else {
                a.mov(RAX, state(StateBlock.RIP, 64));
            }
            jumps.lookUp(step, context.key(), a::call);
        }
        returns.drop();
        jumps.link(Jumps.JMP, step.next);
    }

    private void ret(Step step) {
        a.mov(accumulator, top(step, 0, false));
        int popped = step.in.row().operands().isEmpty() ? word : word + (int) (step.in.imm() & 0xffff);
        moveStack(popped);
        e.freeFlags();
        returns.ret(step, accumulator, popped, context.key());
    }

    /** Brings the target of an indirect branch into RAX, with the flags in the state block. */
    private void target(Step step) {
        if (step.in.isMemory()) {
            a.mov(accumulator, memory.operand(step, word, false));
        } else {
            e.freeFlags();
            a.mov(accumulator, HostRegisters.place(step.in.rm(), bits));
        }
    }
}
