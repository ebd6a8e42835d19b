package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RBP;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RSP;
import static org.lodgevm.x86.translate.HostRegisters.state;

import java.util.List;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.GprOrMem;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.state.StateBlock;

/** PUSH, POP, LEAVE, and what CALL and RET do to the guest's stack. */
final class Stack {
    private static final Gpr RSP = HostRegisters.host(GUEST_RSP);
    private static final int SHORTEST_RUN = 2;

    private final Emission e;
    private final Assembler a;
    private final Memory memory;
    /** What is pushed, in bytes; in bits; and the registers of that width. */
    private final int word;
    private final int bits;
    private final Gpr sp;
    private final Gpr accumulator;

    Stack(Emission emission, Memory memory, boolean is64) {
        e = emission;
        a = emission.a;
        this.memory = memory;
        word = is64 ? 8 : 4;
        bits = 8 * word;
        sp = RSP.as(bits);
        accumulator = RAX.as(bits);
    }

    void push(Step step) {
        if (step.in.isMemory()) {
            a.mov(accumulator, memory.operand(step, word, false)).mov(state(StateBlock.SPILL, 64), RAX);
            store(top(step, -word, true), state(StateBlock.SPILL, bits));
        } else {
            store(step, top(step, -word, true));
        }
        move(-word);
    }

    private void store(Step step, Mem place) {
        if (isConstant(step)) {
            a.mov(place, (int) step.in.imm());
        } else {
            store(place, HostRegisters.place(step.in.register(0), bits));
        }
    }

    private void store(Mem place, GprOrMem value) {
        if (value instanceof Gpr register) {
            a.mov(place, register);
        } else {
            a.mov(accumulator, value).mov(place, accumulator);
        }
    }

    private static boolean isConstant(Step step) {
        return step.in.row().operand(0).method() == AddressingMethod.I;
    }

    /** Pushes the address of the next instruction, there and for the host. */
    void pushNext(Step step, ReturnAddresses returns) {
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
        move(-word);
    }

    /** POP; or RET but for the jump, whose target is in RAX then. */
    void pop(Step step) {
        Mem top = top(step, 0, false);
        Gpr register = register(step);
        if (register == sp) {
            a.mov(sp, top);
        } else {
            load(step, top);
            move(moved(step));
        }
    }

    private void load(Step step, Mem place) {
        Gpr register = register(step);
        if (register != null) {
            a.mov(register, place);
        } else {
            a.mov(accumulator, place).mov(HostRegisters.slot(step.in.register(0), 64), RAX);
        }
    }

    /** Where it is popped to; null if that is in the state block. */
    private Gpr register(Step step) {
        return step.kind == Kind.RETURN ? accumulator : HostRegisters.host(step.in.register(0), bits);
    }

    /** By how much POP or RET moves the stack pointer up. */
    int moved(Step step) {
        return step.kind != Kind.RETURN || step.in.row().operands().isEmpty() ? word : word + (int) (step.in.imm() & 0xffff);
    }

    void leave(Step step) {
        Gpr frame = HostRegisters.host(GUEST_RBP);
        Mem top = memory.at(step, frame, 0, word, false).bits(bits);
        a.lea(sp, Mem.mem(frame, word)).mov(frame.as(bits), top);
    }

    /** A word on the stack. */
    private Mem top(Step step, int offset, boolean write) {
        return memory.at(step, RSP, offset, word, write).bits(bits);
    }

    private void move(int by) {
        a.lea(sp, Mem.mem(RSP, by));
    }

    // --- runs ----------------------------------------------------------------------------------------------------------

    /** How many of the first steps push, or how many pop, one after the other; 0 if they are better lowered alone. */
    int run(List<Step> steps) {
        Kind kind = steps.getFirst().kind;
        if (kind != Kind.PUSH && kind != Kind.POP) {
            return 0;
        }
        int count = 0;
        while (count < steps.size() && steps.get(count).kind == kind && isOfOtherRegister(steps.get(count))) {
            count++;
        }
        boolean returns = kind == Kind.POP && count > 0 && count < steps.size() && steps.get(count).kind == Kind.RETURN;
        int all = returns ? count + 1 : count;
        return all < SHORTEST_RUN ? 0 : all;
    }

    private static boolean isOfOtherRegister(Step step) {
        return !step.in.isMemory() && (step.kind == Kind.PUSH && isConstant(step) || step.in.register(0) != GUEST_RSP);
    }

    /** Lowers a {@link #run}: with one look at the TLB if all of it lies in one page, else one by one. */
    void lower(List<Step> run) {
        boolean pushes = run.getFirst().kind == Kind.PUSH;
        int bytes = word * run.size();
        Label apart = new Label();
        Label done = new Label();
        int lowest = pushes ? -bytes : 0;
        Mem first = memory.at(RSP, lowest, bytes, pushes, apart);
        for (int i = 0; i < run.size(); i++) {
            Mem place = first.plus(pushes ? bytes - word * (i + 1) : word * i).bits(bits);
            if (pushes) {
                store(run.get(i), place);
            } else {
                load(run.get(i), place);
            }
        }
        move(pushes ? -bytes : run.stream().mapToInt(this::moved).sum());
        a.bind(done);
        e.atEnd(apart, () -> {
            for (Step step : run) {
                if (pushes) {
                    push(step);
                } else {
                    pop(step);
                }
            }
            a.jmp(done);
        });
    }
}
