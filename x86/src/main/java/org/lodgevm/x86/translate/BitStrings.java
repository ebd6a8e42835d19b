package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.state.StateBlock;

/**
 * BT and its like with a bit offset from a register, which may lie anywhere from the operand in memory: the operand is moved
 * to where the bit is, and the offset reduced.
 */
final class BitStrings {
    private final Emission e;
    private final Assembler a;
    private final Memory memory;
    private final Plain plain;

    BitStrings(Emission emission, Memory memory, Plain plain) {
        e = emission;
        a = emission.a;
        this.memory = memory;
        this.plain = plain;
    }

    void lower(Step step) {
        Instruction in = step.in;
        int size = in.opSize();
        boolean writes = in.row().accesses().get(0).writes();
        e.freeFlags();
        memory.check(step, size, writes, () -> address(step));
        a.mov(RCX, memory.addend()).mov(state(StateBlock.TO_DESTINATION, 64), RCX);
        a.mov(RCX, HostRegisters.place(in.reg(), 64)).and(RCX.as(32), 8 * size - 1).mov(state(StateBlock.SPILL, 64), RCX);
        address(step);
        a.mov(RCX, state(StateBlock.TO_DESTINATION, 64)).add(RCX, RAX);
        Mem at = plain.alignedIfLocked(step, Mem.mem(RCX), size);
        if (step.takesFlags()) {
            e.loadFlags();
        }
        Gpr offset = RAX.as(8 * size);
        a.mov(RAX, state(StateBlock.SPILL, 64));
        plain.lockPrefix(in);
        a.op(8 * size, Plain.opcode(in.row().encoding()), offset, at);
        e.flagsRenewed();
    }

    /** The address, in RAX, of the operand-sized piece that holds the bit. Uses RCX. */
    private void address(Step step) {
        Instruction in = step.in;
        memory.address(step);
        int size = in.opSize();
        if (size == 8) {
            a.mov(RCX, HostRegisters.place(in.reg(), 64));
        } else if (size == 4) {
            a.op(64, 0x63, RCX, HostRegisters.place(in.reg(), 32));
        } else {
            a.movsx(RCX, HostRegisters.place(in.reg(), 16));
        }
        int bits = Integer.numberOfTrailingZeros(8 * size);
        a.sar(RCX, bits).shl(RCX, bits - 3).lea(RAX, Mem.mem(RAX, RCX, 1, 0));
    }
}
