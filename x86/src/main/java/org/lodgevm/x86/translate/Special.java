package org.lodgevm.x86.translate;

import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.RAX;
import static org.lodgevm.x86.asm.Gpr.RCX;
import static org.lodgevm.x86.asm.Gpr.RDX;
import static org.lodgevm.x86.asm.Gpr.RSI;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RAX;
import static org.lodgevm.x86.translate.HostRegisters.GUEST_RCX;
import static org.lodgevm.x86.translate.HostRegisters.state;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.GprOrMem;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.decode.Instruction;
import org.lodgevm.x86.isa.Access;
import org.lodgevm.x86.state.StateBlock;

/** Instructions with registers of their own, which on the host are others. */
final class Special {

    private final Emission e;
    private final Assembler a;
    private final Memory memory;
    private final Plain plain;

    Special(Emission emission, Memory memory, Plain plain) {
        e = emission;
        a = emission.a;
        this.memory = memory;
        this.plain = plain;
    }

    void lea(Step step) {
        Instruction in = step.in;
        int bits = 8 * in.opSize();
        Gpr host = HostRegisters.host(in.reg());
        boolean direct = host != null && bits == 64 && in.addrSize() == 8;
        if (in.addrSize() == 4) {
            memory.effective(step, EAX);
        } else {
            memory.effective(step, direct ? host : RAX);
        }
        if (!direct) {
            result(in.reg(), in.opSize(), RAX);
        }
    }

    /** Writes a register as an instruction with that operand size does, from a scratch register. */
    private void result(int guest, int size, Gpr scratch) {
        int bits = 8 * size;
        if (size == 4) {
            Gpr host = HostRegisters.host(guest, 32);
            if (host != null) {
                a.mov(host, scratch.as(32));
            } else {
                a.mov(scratch.as(32), scratch.as(32)).mov(HostRegisters.slot(guest, 64), scratch.as(64));
            }
        } else {
            a.mov(HostRegisters.place(guest, bits), scratch.as(bits));
        }
    }

    /** INC and DEC whose opcode names the register, in the form that ModRM does. */
    void count(Step step) {
        Instruction in = step.in;
        if (step.takesFlags()) {
            e.loadFlags();
        }
        int bits = 8 * in.opSize();
        int digit = in.row().operation().equals("INC") ? 0 : 1;
        Gpr host = HostRegisters.host(in.register(0), bits);
        if (host != null) {
            a.op(bits, 0xFF, digit, host);
        } else {
            a.mov(RCX, HostRegisters.slot(in.register(0), 64)).op(bits, 0xFF, digit, RCX.as(bits));
            a.mov(HostRegisters.slot(in.register(0), 64), RCX);
        }
        e.flagsRenewed();
    }

    void moveAbsolute(Step step) {
        Instruction in = step.in;
        int size = in.width(0);
        boolean store = in.isMemory(0);
        Mem place = memory.operand(step, size, store).bits(8 * size);
        Gpr accumulator = HostRegisters.host(GUEST_RAX, 8 * size);
        if (store) {
            a.mov(place, accumulator);
        } else {
            a.mov(accumulator, place);
        }
    }

    void loadConstant(Step step) {
        Instruction in = step.in;
        int size = in.width(0);
        int guest = in.rm();
        if (size == 1 && in.isHighByte(guest)) {
            a.mov(EAX, in.imm() & 0xff);
            plain.writeBack(in, guest, 1, AL);
            return;
        }
        Gpr host = HostRegisters.host(guest, 8 * size);
        long value = size == 8 ? in.imm() : in.imm() & (1L << 8 * size) - 1;
        if (host != null) {
            a.mov(host, value);
        } else if (size < 4) {
            a.mov(HostRegisters.slot(guest, 8 * size), value);
        } else {
            a.mov(RAX, value).mov(HostRegisters.slot(guest, 64), RAX);
        }
    }

    /** SERIALIZE is what MFENCE is: what changes code looks after that itself. */
    void fence(Step step) {
        switch (step.in.row().operation()) {
            case "LFENCE" -> a.lfence();
            case "SFENCE" -> a.sfence();
            default -> a.mfence();
        }
    }

    void bswap(Step step) {
        Instruction in = step.in;
        int size = in.opSize();
        a.mov(RAX, HostRegisters.place(in.rm(), 64));
        if (size == 2) {
            a.mov(EAX, 0);
        } else {
            a.bswap(RAX.as(8 * size));
        }
        result(in.rm(), size, RAX);
    }

    void exchange(Step step) {
        Instruction in = step.in;
        int size = in.width(0);
        int bits = 8 * size;
        if (in.isMemory()) {
            Mem at = plain.alignedIfLocked(step, memory.operand(step, size, true), size).bits(bits);
            Gpr register = (Gpr) plain.registerPlace(in, in.reg(), size, Access.READ_WRITE, RAX, false);
            a.xchg(at, register);
            if (register.number() <= 1) {
                plain.writeBack(in, in.reg(), size, register);
            }
            return;
        }
        int one = in.register(0);
        int other = in.register(1);
        Gpr first = (Gpr) plain.registerPlace(in, one, size, Access.READ, RAX, false);
        Gpr second = (Gpr) plain.registerPlace(in, other, size, Access.READ, RCX, false);
        if (first.number() > 1 && second.number() > 1) {
            a.mov(RAX, first.as(64));
            a.mov(first, second);
            put(in, other, size, RAX);
            return;
        }
        if (first.number() > 1) {
            a.mov(RAX, first.as(64));
        }
        if (second.number() > 1) {
            a.mov(RCX, second.as(64));
        }
        a.mov(state(StateBlock.SPILL, 64), RCX);
        put(in, other, size, RAX);
        a.mov(RAX, state(StateBlock.SPILL, 64));
        put(in, one, size, RAX);
    }

    /** Writes any register operand from RAX. May use RCX. */
    private void put(Instruction in, int guest, int size, Gpr scratch) {
        if (size == 1 && in.isHighByte(guest)) {
            plain.writeBack(in, guest, 1, scratch.as(8));
        } else {
            result(guest, size, scratch);
        }
    }

    /** XADD and CMPXCHG. Their second operand, and of CMPXCHG the accumulator, change only once memory has been written. */
    void update(Step step) {
        Instruction in = step.in;
        int size = in.width(0);
        int bits = 8 * size;
        boolean compares = in.row().operation().equals("CMPXCHG");
        if (size == 1 && (in.isHighByte(in.reg()) || !in.isMemory() && in.isHighByte(in.rm()))) {
            a.jmp(interpret(step));
            return;
        }
        GprOrMem place;
        if (in.isMemory()) {
            a.lea(RCX, plain.alignedIfLocked(step, memory.operand(step, size, true), size));
            place = Mem.mem(RCX).bits(bits);
        } else {
            a.mov(RCX, HostRegisters.place(in.rm(), 64));
            place = RCX.as(bits);
        }
        // a second register, as RAX is CMPXCHG's and RCX the place
        Gpr register = HostRegisters.host(in.reg(), bits);
        boolean borrowed = register == null;
        if (borrowed) {
            a.mov(state(StateBlock.SPILL, 64), RDX).mov(RDX, HostRegisters.slot(in.reg(), 64));
            register = RDX.as(bits);
        }
        if (compares) {
            a.mov(RAX, HostRegisters.place(GUEST_RAX, 64));
        }
        plain.lockPrefix(in);
        if (compares) {
            a.cmpxchg(place, register);
        } else {
            a.xadd(place, register);
        }
        if (borrowed) {
            if (!compares) {
                a.mov(HostRegisters.slot(in.reg(), size >= 4 ? 64 : bits), size >= 4 ? RDX : register);
            }
            a.mov(RDX, state(StateBlock.SPILL, 64));
        }
        e.flagsRenewed();
        if (compares) {
            compared(in, size, place);
        } else if (!in.isMemory()) {
            result(in.rm(), size, RCX);
        }
    }

    /** A destination of 32 bits is zero-extended only if it is written: the accumulator, or the operand. */
    private void compared(Instruction in, int size, GprOrMem place) {
        Label equal = new Label();
        Label done = new Label();
        a.jcc(Cond.E, equal);
        put(in, GUEST_RAX, size, RAX);
        if (!in.isMemory()) {
            a.jmp(done);
        }
        a.bind(equal);
        if (!in.isMemory()) {
            put(in, in.rm(), size, ((Gpr) place).as(64));
        }
        a.bind(done);
    }

    /** CMPXCHG8B and CMPXCHG16B, whose RDX and RBX are the guest's own; RSI is borrowed for the address. */
    void compareAndExchangePair(Step step) {
        Instruction in = step.in;
        int size = in.width(0);
        Mem at = memory.operand(step, size, true);
        a.lea(RCX, size == 16 ? plain.aligned(step, at, size) : plain.alignedIfLocked(step, at, size));
        if (step.takesFlags()) {
            e.loadFlags();
        }
        a.mov(state(StateBlock.SPILL, 64), RSI).mov(RSI, RCX);
        a.mov(RCX, HostRegisters.place(GUEST_RCX, 64)).mov(RAX, HostRegisters.place(GUEST_RAX, 64));
        plain.lockPrefix(in);
        if (size == 16) {
            a.cmpxchg16b(Mem.mem(RSI));
        } else {
            a.cmpxchg8b(Mem.mem(RSI));
        }
        a.mov(RSI, state(StateBlock.SPILL, 64)).mov(HostRegisters.place(GUEST_RAX, 64), RAX);
        e.flagsRenewed();
    }

    private Label interpret(Step step) {
        e.freeFlags();
        return e.leaving(Exit.INTERPRET, step.rip);
    }

    /** Brings an operand of a multiplication or division into RCX, zero-extended as far as its width needs. */
    private void loadOperand(Step step, int size) {
        Instruction in = step.in;
        int bits = 8 * size;
        if (in.isMemory()) {
            Mem at = memory.operand(step, size, false);
            if (size < 4) {
                a.movzx(RCX.as(32), at.bits(bits));
            } else {
                a.mov(RCX.as(bits), at.bits(bits));
            }
        } else if (size == 1 && in.isHighByte(in.rm())) {
            a.mov(RCX, HostRegisters.place(in.rm() - 4, 64)).movzx(RCX.as(32), Gpr.CH);
        } else {
            a.mov(RCX, HostRegisters.place(in.rm(), 64));
        }
    }

    /** MUL and IMUL with one operand. RDX is the guest's own. */
    void multiply(Step step) {
        Instruction in = step.in;
        int size = in.width(0);
        loadOperand(step, size);
        a.mov(RAX, HostRegisters.place(GUEST_RAX, 64));
        a.op(size == 1 ? 8 : 8 * size, size == 1 ? 0xF6 : 0xF7, in.row().encoding().reg(), RCX.as(8 * size));
        result(GUEST_RAX, Math.max(size, 2), RAX);
        e.flagsRenewed();
    }

    /**
     * DIV and IDIV where the host's cannot fault: an unsigned quotient fits if the upper half of the dividend is below the
     * divisor; a signed dividend no wider than the divisor is divided by anything but 0 and -1.
     */
    void divide(Step step) {
        Instruction in = step.in;
        int size = in.width(0);
        boolean signed = in.row().operation().equals("IDIV");
        Label interpret = interpret(step);
        if (size < 4) {
            a.jmp(interpret);
            return;
        }
        int bits = 8 * size;
        loadOperand(step, size);
        e.freeFlags();
        Gpr divisor = RCX.as(bits);
        if (signed) {
            a.mov(RAX, HostRegisters.place(GUEST_RAX, 64)).sar(RAX.as(bits), bits - 1).cmp(RAX.as(bits), RDX.as(bits));
            a.jcc(Cond.NE, interpret);
            a.lea(RAX, Mem.mem(RCX, 1)).cmp(RAX.as(bits), 1).jcc(Cond.BE, interpret);
        } else {
            a.cmp(RDX.as(bits), divisor).jcc(Cond.AE, interpret);
        }
        a.mov(RAX, HostRegisters.place(GUEST_RAX, 64));
        if (signed) {
            a.idiv(divisor);
        } else {
            a.div(divisor);
        }
        result(GUEST_RAX, size, RAX);
        e.flagsRenewed();
    }

    /** CBW, CWDE, CDQE; CWD, CDQ, CQO. */
    void extendAccumulator(Step step) {
        Instruction in = step.in;
        int size = in.opSize();
        a.mov(RAX, HostRegisters.place(GUEST_RAX, 64));
        if (in.row().operation().equals("CBW")) {
            a.op(8 * size, 0x98);
            result(GUEST_RAX, size, RAX);
            return;
        }
        if (size == 2) {
            a.movsx(EAX, AX).op(16, 0x99);
        } else {
            a.op(8 * size, 0x99);
        }
    }

    /** CMC, CLC, STC. */
    void flag(Step step) {
        e.loadFlags();
        a.op(0, step.in.opcode());
        e.flagsRenewed();
    }
}
