package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.EAX;
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
 * Repeated MOVS and STOS that stay within a page on each side and ascend: by the host's own. All else, and misses of the TLB,
 * are left to the interpreter. RSI and RDI are the guest's own registers.
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
        Label done = new Label();
        e.freeFlags();
        e.atEnd(outside, () -> e.callOut(step, done));
        Gpr count = HostRegisters.host(GUEST_RCX);
        a.test(state(StateBlock.SYSTEM_FLAGS, 32), Rflags.DF).jcc(Cond.NE, outside);
        a.cmp(count, PAGE / size).jcc(Cond.A, outside);
        a.mov(EAX, count.as(32)).shl(EAX, Integer.numberOfTrailingZeros(size)).mov(state(StateBlock.SPILL, 64), RAX);
        addend(RDI, true, outside);
        a.mov(state(StateBlock.TO_DESTINATION, 64), RCX);
        if (stores) {
            a.add(RDI, RCX).mov(RAX, HostRegisters.host(GUEST_RAX));
        } else {
            addend(RSI, false, outside);
            a.mov(state(StateBlock.TO_SOURCE, 64), RCX).add(RSI, RCX).add(RDI, state(StateBlock.TO_DESTINATION, 64));
        }
        a.mov(RCX, count).op(0, REP);
        a.op(size == 1 ? 8 : 8 * size, (stores ? STOS : MOVS) | (size == 1 ? 0 : 1));
        a.sub(RDI, state(StateBlock.TO_DESTINATION, 64));
        if (!stores) {
            a.sub(RSI, state(StateBlock.TO_SOURCE, 64));
        }
        a.xor(count.as(32), count.as(32));
        a.bind(done);
        e.unitsUnknown(); // the interpreter may have been
    }

    /** What to add to an address, in RCX, if as many bytes as {@link StateBlock#SPILL} says are in one page there. */
    private void addend(Gpr address, boolean write, Label outside) {
        a.mov(RAX, address);
        memory.entry();
        a.xor(RAX, memory.tag(write)).cmp(RAX, PAGE - 1).jcc(Cond.A, outside);
        a.add(RAX, state(StateBlock.SPILL, 64)).cmp(RAX, PAGE).jcc(Cond.A, outside);
        a.mov(RCX, memory.addend());
    }
}
