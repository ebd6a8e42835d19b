package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.translate.HostRegisters.state;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.state.StateBlock;

/**
 * The return-address cache: a guest's CALL is a call of the host's, too, and its RET returns with the host's, which the host foresees.
 *
 * <p>For each call the host's stack has the guest's return address and, below it, the host's. RET compares the guest's with the one on its
 * own stack; if it is another, the target is looked up like that of any other indirect jump. Whatever leaves translated code, and whatever
 * changes the context, drops all of them, so that what is there is of this context, and of the present mapping.
 */
final class ReturnAddresses {
    /** Bytes of the host's stack that they may take. HotSpot keeps 80 KiB for native code. */
    private static final int MOST_BYTES = 16 << 10;
    private static final int ENTRY_BYTES = 16;
    /** The guest's address in an entry that no call has made. */
    private static final int BOTTOM = 0;
    /** The guest's address in the entry at the stack's top. */
    private static final Mem TOP = Mem.mem(RSP, 8);

    private final Emission e;
    private final Assembler a;

    ReturnAddresses(Emission emission) {
        e = emission;
        a = emission.a;
    }

    /**
     * Part of the gate: begins with none, the host's stack being as it has to be at the exit. Uses RAX.
     *
     * @param bottom see {@link #appendBottom}
     */
    static void begin(Assembler a, Label bottom) {
        a.lea(RAX, Mem.mem(RSP, -MOST_BYTES)).mov(state(StateBlock.HOST_STACK_LIMIT, 64), RAX);
        a.push(BOTTOM).lea(RAX, Mem.mem(bottom)).push(RAX).mov(state(StateBlock.HOST_STACK, 64), RSP);
    }

    /** Part of the gate: where a return leads to that has the bottom's address, and for which there is nothing on the stack. */
    static void appendBottom(Assembler a, Label bottom, Label exit) {
        a.imm(8, BOTTOM).imm(Head.BYTES - 8, 0);
        long region = a.here();
        a.bind(bottom).call(exit);
        Exit.describe(a, Exit.ATTENTION, region);
    }

    /** Part of the gate, followed by {@link Jumps#appendFind}: see {@link Emission#returnElsewhere}. */
    static void appendElsewhere(Assembler a) {
        Label empty = new Label();
        a.pop(state(StateBlock.ENTRY, 64)).cmp(RSP, state(StateBlock.HOST_STACK, 64)).jcc(Cond.E, empty).lea(RSP, Mem.mem(RSP, ENTRY_BYTES)).bind(empty);
    }

    /** Part of the gate: gives the host's stack back. */
    static void end(Assembler a) {
        a.mov(RSP, state(StateBlock.HOST_STACK, 64)).lea(RSP, Mem.mem(RSP, ENTRY_BYTES));
    }

    /** Has the next instruction, a call, return to where this address of the guest's is. */
    void push(Gpr address) {
        makeRoom();
        a.push(address);
    }

    /** @param kind of {@link Relocations} */
    void push(long address, int kind) {
        makeRoom();
        a.op(0, 0x68).imm(4, address);
        e.addressAbove(kind, address);
    }

    private void makeRoom() {
        Label full = new Label();
        Label done = new Label();
        a.cmp(RSP, state(StateBlock.HOST_STACK_LIMIT, 64)).jcc(Cond.B, full).bind(done);
        e.atEnd(full, () -> {
            dropAll();
            a.jmp(done);
        });
    }

    /** Behind the call: the guest's address goes after the host's. */
    void drop() {
        a.pop(RCX);
    }

    /** Leaves the flags alone. */
    void dropAll() {
        a.mov(RSP, state(StateBlock.HOST_STACK, 64));
    }

    /**
     * Returns to the address in RAX, whose flags are in the state block.
     *
     * @param address RAX, or EAX
     * @param moved by how much the instruction has moved the stack pointer
     */
    void ret(Step step, Gpr address, int moved, int key) {
        Label other = new Label();
        a.cmp(address, TOP.bits(address.bits())).jcc(Cond.NE, other).ret();
        e.atEnd(other, () -> {
            a.mov(ECX, key);
            e.returnElsewhere(new Exit(Exit.LOOKUP, step.rip).detail(moved));
        });
    }
}
