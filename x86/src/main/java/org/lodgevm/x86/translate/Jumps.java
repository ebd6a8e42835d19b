package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import java.util.function.Consumer;
import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.state.StateBlock;

/** Jumps and calls to what is not of the region: linked to it where it is known now, or by way of the cache of jump targets. */
final class Jumps {
    static final int CALL = 0xE8;
    static final int JMP = 0xE9;

    private final Emission e;
    private final Assembler a;
    private final Context context;

    Jumps(Emission emission, Context context) {
        e = emission;
        a = emission.a;
        this.context = context;
    }

    /** Goes to a place known now. */
    void leaveTo(long rip, Step step) {
        e.freeFlags();
        if (e.isNear(rip)) {
            link(JMP, rip);
        } else {
            a.mov(RAX, rip);
            e.notToBeMoved();
            lookUp(step, context.key());
        }
    }

    /** A jump or call to a place known now: first outside, which then makes it lead to its translation. */
    void link(int opcode, long rip) {
        Label out = new Label();
        Label displacement = new Label();
        a.op(0, opcode).bind(displacement).rel(4, out);
        e.atEnd(out, () -> new Exit(Exit.LINK, rip).patch(displacement).append(e));
    }

    /**
     * Goes to the address in RAX.
     *
     * @param key of the context that it is in there
     */
    void lookUp(Step step, int key) {
        lookUp(step, key, a::jmp);
    }

    /** @param go what appends the jump or call to the target's code */
    void lookUp(Step step, int key, Consumer<Mem> go) {
        Label missed = new Label();
        Label back = new Label();
        a.movzx(ECX, AX);
        goIfThere(key, go, missed);
        a.bind(back);
        e.atEnd(missed, () -> {
            Label absent = new Label();
            a.xor(ECX, Translator.SECOND);
            goIfThere(key, go, absent);
            a.jmp(back).bind(absent).mov(state(StateBlock.RIP, 64), RAX);
            new Exit(Exit.LOOKUP, step.rip).append(e);
        });
    }

    /** With RCX = the place in the cache. */
    private void goIfThere(int key, Consumer<Mem> go, Label otherwise) {
        a.cmp(RAX, state(StateBlock.JUMP_RIP, RCX, 8, 64)).jcc(Cond.NE, otherwise);
        a.cmp(state(StateBlock.JUMP_KEY, RCX, 4, 32), key).jcc(Cond.NE, otherwise);
        go.accept(state(StateBlock.JUMP_CODE, RCX, 8, 64));
    }

    /** Part of the gate: goes to the address in RAX, or leaves with the exit at {@link StateBlock#ENTRY}. RCX is the context's key. */
    static void appendFind(Assembler a, Label exit) {
        a.push(RDX).movzx(EDX, AX);
        for (int place : new int[] {0, Translator.SECOND}) {
            Label other = new Label();
            a.xor(EDX, place).cmp(RAX, state(StateBlock.JUMP_RIP, RDX, 8, 64)).jcc(Cond.NE, other);
            a.cmp(ECX, state(StateBlock.JUMP_KEY, RDX, 4, 32)).jcc(Cond.NE, other);
            a.mov(RAX, state(StateBlock.JUMP_CODE, RDX, 8, 64)).pop(RDX).jmp(RAX).bind(other);
        }
        a.mov(state(StateBlock.RIP, 64), RAX).pop(RDX).push(state(StateBlock.ENTRY, 64)).jmp(exit);
    }
}
