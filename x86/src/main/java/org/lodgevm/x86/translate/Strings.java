package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDI;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RAX;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RCX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.AddressingMethod;
import org.lodgevm.x86.state.Rflags;
import org.lodgevm.x86.state.StateBlock;

/**
 * Repeated MOVS and STOS that ascend: by the host's own, up to the end of either page at a time. The registers are right after each such
 * run. All else, an element in two pages, and what is left when there is attention to pay, is the interpreter's. RSI and RDI are the
 * guest's own registers.
 */
final class Strings {
    private static final int PAGE = 0x1000;
    private static final int MOVS = 0xA4;
    private static final int STOS = 0xAA;
    private static final int REP = 0xF3;

    private final Emission e;
    private final Assembler a;
    private final Memory memory;

    Strings(Emission emission, Memory memory) {
        e = emission;
        a = emission.a;
        this.memory = memory;
    }

    static boolean lowers(Instruction in) {
        boolean stores = in.row().operation().equals("STOS");
        return (stores || in.row().operation().equals("MOVS") && in.segment() < 4) && (in.rep() || in.repne())
                && in.addrSize() == 8 && in.row().operand(0).method() == AddressingMethod.Y;
    }

    void lower(Step step) {
        Instruction in = step.in;
        int size = in.width(0);
        boolean stores = in.row().operation().equals("STOS");
        Label outside = new Label();
        Label run = new Label();
        Label done = new Label();
        e.freeFlags();
        e.atEnd(outside, () -> e.callOut(step, done));
        Gpr count = HostRegisters.host(GUEST_RCX);
        a.test(state(StateBlock.SYSTEM_FLAGS, 32), Rflags.DF).jcc(Cond.NE, outside);
        a.test(count, count).jcc(Cond.E, done);
        a.bind(run);
        elementsInPages(size, stores);
        a.jcc(Cond.E, outside).cmp(RAX, count).cmov(Cond.A, RAX, count).mov(state(StateBlock.SPILL, 64), RAX);
        if (!stores) { // which faults first
            addend(step, RSI, size, false);
            a.mov(state(StateBlock.TO_SOURCE, 64), RCX);
        }
        addend(step, RDI, size, true);
        a.mov(state(StateBlock.TO_DESTINATION, 64), RCX).add(RDI, RCX);
        if (stores) {
            a.mov(RAX, HostRegisters.host(GUEST_RAX));
        } else {
            a.add(RSI, state(StateBlock.TO_SOURCE, 64));
        }
        a.mov(RCX, state(StateBlock.SPILL, 64)).sub(count, RCX).op(0, REP);
        a.op(size == 1 ? 8 : 8 * size, (stores ? STOS : MOVS) | (size == 1 ? 0 : 1));
        a.sub(RDI, state(StateBlock.TO_DESTINATION, 64));
        if (!stores) {
            a.sub(RSI, state(StateBlock.TO_SOURCE, 64));
        }
        a.test(count, count).jcc(Cond.E, done);
        a.cmp(state(StateBlock.ATTENTION, 32), 0).jcc(Cond.E, run).jmp(outside);
        a.bind(done);
        e.unitsUnknown(); // the interpreter may have been
    }

    /** Brings into RAX how many elements fit into what is left of both pages. ZF: none. */
    private void elementsInPages(int size, boolean stores) {
        a.mov(EAX, RDI.as(32)).and(EAX, PAGE - 1);
        if (!stores) {
            a.mov(ECX, RSI.as(32)).and(ECX, PAGE - 1).cmp(EAX, ECX).cmov(Cond.B, EAX, ECX);
        }
        a.neg(EAX).add(EAX, PAGE);
        if (size > 1) {
            a.shr(EAX, Integer.numberOfTrailingZeros(size));
        }
    }

    /** Brings into RCX what to add to an address, which fills the TLB if need be. */
    private void addend(Step step, Gpr address, int size, boolean write) {
        memory.check(step, size, write, () -> a.mov(RAX, address));
        a.mov(RCX, memory.addend());
    }
}
