package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import java.util.List;
import java.util.stream.Stream;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.decode.Instruction;
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
    /** By the blocks' numbers: where each begins, and where the flags are there, null until somebody has decided. */
    private final Label[] starts;
    private final Emission.Flags[] flagsAtStart;
    private final Context context;
    private final boolean supervisor;
    /** What PUSH and CALL push, in bytes; in bits; and the registers of that width. */
    private final int word;
    private final int bits;
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
    private final Stack stack;

    /**
     * @param address where the region's {@link Head} will be
     */
    Lowering(Region region, Gate gate, long address, Context context) {
        this.region = region;
        starts = Stream.generate(Label::new).limit(region.blocks.size()).toArray(Label[]::new);
        flagsAtStart = new Emission.Flags[starts.length];
        this.context = context;
        supervisor = context.regime() != Tlb.USER;
        word = region.is64() ? 8 : 4;
        bits = 8 * word;
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
        stack = new Stack(e, memory, region.is64());
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
            a.bind(starts[i]);
            if (region.polls(block)) {
                a.cmp(state(StateBlock.ATTENTION, 32), 0).jcc(Cond.NE, e.leaving(Exit.ATTENTION, block.rip));
            }
            for (int j = 0; j < block.steps.size(); ) {
                j += lower(block, block.steps.subList(j, block.steps.size()));
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
        if (flagsAtStart[block.number] == null) {
            e.flagsInBlock();
            flagsAtStart[block.number] = e.flags();
        } else {
            e.flags(flagsAtStart[block.number]);
        }
    }

    /** Before going to a block: has the flags where it expects them; whoever is first to come there, and alone, leaves them where they are. */
    private void prepare(Region.Block to) {
        e.flagsWanted(to.flagsWanted);
        if (to.isMerge() || flagsAtStart[to.number] != null) {
            if (to.flagsWanted) { // or nothing is done: after a branch that is not taken they may still be wanted
                e.saveFlags();
            }
        } else {
            flagsAtStart[to.number] = e.flags();
        }
    }

    private void guard(long page, long physical) {
        a.opReg(64, 0xB8, RAX).imm(8, Tlb.fetchTag(page, physical));
        a.cmp(state(memory.fetchEntry(page) + Tlb.FETCH, 64), RAX);
        a.op(0, 0x0F80 | Cond.NE.ordinal()).rel(4, e.leaving(Exit.MOVED, region.blocks.getFirst().rip));
    }

    /** Lowers the first of the steps, or as many as are lowered together; how many. */
    private int lower(Region.Block block, List<Step> steps) {
        Step first = steps.getFirst();
        FlagSource source = e.flagSource();
        e.flagsWanted(first.flagsWanted);
        e.flagSourceLasts(source != null && source.lasts(steps));
        List<Step> together = steps.subList(0, stack.run(steps));
        if (together.isEmpty()) {
            together = List.of(first);
            lower(block, first);
        } else {
            stack.lower(together);
            if (together.getLast().kind == Kind.RETURN) {
                goBack(together.getLast());
            }
        }
        together.forEach(this::followFlags);
        return together.size();
    }

    /** What could make the flags again after a step. */
    private void followFlags(Step step) {
        FlagSource source = e.flagSource();
        if (step.changesFlags()) {
            e.flagSource(FlagSource.of(step));
        } else if (source != null && source.isChangedBy(step)) {
            e.flagSource(null);
        }
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
            case PUSH -> stack.push(step);
            case POP -> stack.pop(step);
            case LEAVE -> stack.leave(step);
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
            a.jcc(taken, starts[to.number]);
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
            a.jmp(starts[to.number]);
        }
    }

    private void jump(Region.Block block, Step step) {
        if (step.in.row().immediate() == null) {
            target(step);
            jumps.lookUp(step, context.key());
        } else if (block.branchesTo != null) {
            prepare(block.branchesTo);
            a.jmp(starts[block.branchesTo.number]);
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
        stack.pushNext(step, returns);
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
        stack.pop(step);
        goBack(step);
    }

    /** Goes to the address that RET has brought into RAX. */
    private void goBack(Step step) {
        e.freeFlags();
        returns.ret(step, accumulator, stack.moved(step), context.key());
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
