package org.lodgevm.x86.asm;

/** Jumps, calls, returns and software interrupts. */
public sealed interface Branches extends Emitter permits Assembler {
    default Assembler jmp(Label target) {
        return jmp(Reach.NEAR, target);
    }

    default Assembler jmp(Reach reach, Label target) {
        return reach == Reach.SHORT || reachesShort(target, 2)
                ? op(0, 0xEB).rel(1, target)
                : op(0, 0xE9).rel(nearBytes(), target);
    }

    default Assembler jcc(Cond condition, Label target) {
        return jcc(condition, Reach.NEAR, target);
    }

    default Assembler jcc(Cond condition, Reach reach, Label target) {
        return reach == Reach.SHORT || reachesShort(target, 2)
                ? op(0, 0x70 | condition.ordinal()).rel(1, target)
                : op(0, 0x0F80 | condition.ordinal()).rel(nearBytes(), target);
    }

    default Assembler call(Label target) {
        return op(0, 0xE8).rel(nearBytes(), target);
    }

    private int nearBytes() {
        return mode() == 16 ? 2 : 4;
    }

    default Assembler jmp(GprOrMem target) {
        return op(nearWidth(target), 0xFF, 4, target);
    }

    default Assembler call(GprOrMem target) {
        return op(nearWidth(target), 0xFF, 2, target);
    }

    private int nearWidth(GprOrMem target) {
        int width = Values.wordWidth(target);
        if (mode() == 64 && width != 64) {
            throw new AssemblyException("a near target has 64 bits in 64-bit mode");
        }
        return mode() == 64 ? 0 : width;
    }

    /** Jumps to {@code selector:target} with an offset of 16 or 32 bits. */
    default Assembler jmpFar(int width, int selector, Label target) {
        return farOpcode(width, 0xEA).imm(width / 8, target).imm(2, selector);
    }

    default Assembler jmpFar(int width, int selector, long target) {
        return farOpcode(width, 0xEA).imm(width / 8, target).imm(2, selector);
    }

    /** Jumps through a far pointer in memory with an offset of 16, 32 or 64 bits. */
    default Assembler jmpFar(int width, Mem pointer) {
        return op(width, 0xFF, 5, pointer);
    }

    default Assembler callFar(int width, int selector, Label target) {
        return farOpcode(width, 0x9A).imm(width / 8, target).imm(2, selector);
    }

    default Assembler callFar(int width, int selector, long target) {
        return farOpcode(width, 0x9A).imm(width / 8, target).imm(2, selector);
    }

    default Assembler callFar(int width, Mem pointer) {
        return op(width, 0xFF, 3, pointer);
    }

    private Assembler farOpcode(int width, int opcode) {
        if (width != 16 && width != 32) {
            throw new AssemblyException("a direct far branch has an offset of 16 or 32 bits");
        }
        return legacy(width, opcode);
    }

    default Assembler ret() {
        return op(0, 0xC3);
    }

    default Assembler ret(int popped) {
        return op(0, 0xC2).imm(2, popped);
    }

    /** Far return; {@code width} is the operand size. */
    default Assembler retf(int width) {
        return op(width, 0xCB);
    }

    default Assembler retf(int width, int popped) {
        return op(width, 0xCA).imm(2, popped);
    }

    /** Interrupt return; {@code width} is the operand size. */
    default Assembler iret(int width) {
        return op(width, 0xCF);
    }

    default Assembler loopne(Label target) {
        return op(0, 0xE0).rel(1, target);
    }

    default Assembler loope(Label target) {
        return op(0, 0xE1).rel(1, target);
    }

    default Assembler loop(Label target) {
        return op(0, 0xE2).rel(1, target);
    }

    /** JCXZ, JECXZ or JRCXZ, as the address size of the mode has it. */
    default Assembler jrcxz(Label target) {
        return op(0, 0xE3).rel(1, target);
    }

    default Assembler int3() {
        return op(0, 0xCC);
    }

    default Assembler interrupt(int vector) {
        return op(0, 0xCD).imm(1, vector);
    }

    default Assembler into() {
        return legacy(0, 0xCE);
    }

    default Assembler int1() {
        return op(0, 0xF1);
    }

    default Assembler ud2() {
        return op(0, 0x0F0B);
    }

    default Assembler bound(Gpr index, Mem limits) {
        return legacy(Values.wordWidth(index), 0x62, index, limits);
    }
}
