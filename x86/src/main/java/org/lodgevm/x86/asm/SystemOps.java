package org.lodgevm.x86.asm;

/** Instructions of the operating system, and those with which programs reach it. */
public sealed interface SystemOps extends Emitter permits Assembler {
    default Assembler sgdt(Mem table) {
        return op(0, 0x0F01, 0, table);
    }

    default Assembler sidt(Mem table) {
        return op(0, 0x0F01, 1, table);
    }

    default Assembler lgdt(Mem table) {
        return op(0, 0x0F01, 2, table);
    }

    default Assembler lidt(Mem table) {
        return op(0, 0x0F01, 3, table);
    }

    default Assembler sldt(GprOrMem to) {
        return op(registerWidth(to), 0x0F00, 0, to);
    }

    default Assembler str(GprOrMem to) {
        return op(registerWidth(to), 0x0F00, 1, to);
    }

    default Assembler lldt(GprOrMem selector) {
        return op(0, 0x0F00, 2, Values.exactly(16, selector));
    }

    default Assembler ltr(GprOrMem selector) {
        return op(0, 0x0F00, 3, Values.exactly(16, selector));
    }

    default Assembler verr(GprOrMem selector) {
        return op(0, 0x0F00, 4, Values.exactly(16, selector));
    }

    default Assembler verw(GprOrMem selector) {
        return op(0, 0x0F00, 5, Values.exactly(16, selector));
    }

    default Assembler smsw(GprOrMem to) {
        return op(registerWidth(to), 0x0F01, 4, to);
    }

    default Assembler lmsw(GprOrMem from) {
        return op(0, 0x0F01, 6, Values.exactly(16, from));
    }

    /** Control registers and the like are as wide as the mode has it, without a prefix. */
    private int controlWidth() {
        return mode() == 64 ? 64 : 32;
    }

    /** The width of an instruction that only 64-bit mode has: REX.W or nothing. */
    private int fullWidth(Gpr operand) {
        if (mode() != 64) {
            throw new AssemblyException("the segment bases can be moved in 64-bit mode only");
        }
        return Values.quadWidth(operand.bits());
    }

    private static int registerWidth(GprOrMem to) {
        return to instanceof Gpr ? Values.wordWidth(to) : 0;
    }

    default Assembler lar(Gpr to, GprOrMem selector) {
        return op(Values.wordWidth(to), 0x0F02, to, Values.exactly(16, selector));
    }

    default Assembler lsl(Gpr to, GprOrMem selector) {
        return op(Values.wordWidth(to), 0x0F03, to, Values.exactly(16, selector));
    }

    default Assembler arpl(GprOrMem selector, Gpr with) {
        return legacy(0, 0x63, Values.exactly(16, with), Values.exactly(16, selector));
    }

    default Assembler mov(Gpr to, Creg from) {
        return op(0, 0x0F20, from, Values.exactly(controlWidth(), to));
    }

    default Assembler mov(Creg to, Gpr from) {
        return op(0, 0x0F22, to, Values.exactly(controlWidth(), from));
    }

    default Assembler mov(Gpr to, Dreg from) {
        return op(0, 0x0F21, from, Values.exactly(controlWidth(), to));
    }

    default Assembler mov(Dreg to, Gpr from) {
        return op(0, 0x0F23, to, Values.exactly(controlWidth(), from));
    }

    default Assembler invlpg(Mem page) {
        return op(0, 0x0F01, 7, page);
    }

    default Assembler invpcid(Gpr type, Mem descriptor) {
        return op(0, 0x660F3882, Values.exactly(controlWidth(), type), descriptor);
    }

    default Assembler clts() {
        return op(0, 0xF06);
    }

    default Assembler invd() {
        return op(0, 0xF08);
    }

    default Assembler wbinvd() {
        return op(0, 0xF09);
    }

    default Assembler wrmsr() {
        return op(0, 0xF30);
    }

    default Assembler rdtsc() {
        return op(0, 0xF31);
    }

    default Assembler rdmsr() {
        return op(0, 0xF32);
    }

    default Assembler rdpmc() {
        return op(0, 0xF33);
    }

    default Assembler cpuid() {
        return op(0, 0xFA2);
    }

    default Assembler rsm() {
        return op(0, 0xFAA);
    }

    default Assembler swapgs() {
        return op(0, 0xF01F8);
    }

    default Assembler rdtscp() {
        return op(0, 0xF01F9);
    }

    default Assembler monitor() {
        return op(0, 0xF01C8);
    }

    default Assembler mwait() {
        return op(0, 0xF01C9);
    }

    default Assembler clac() {
        return op(0, 0xF01CA);
    }

    default Assembler stac() {
        return op(0, 0xF01CB);
    }

    default Assembler vmcall() {
        return op(0, 0xF01C1);
    }

    default Assembler vmmcall() {
        return op(0, 0xF01D9);
    }

    default Assembler hlt() {
        return op(0, 0xF4);
    }

    default Assembler cli() {
        return op(0, 0xFA);
    }

    default Assembler sti() {
        return op(0, 0xFB);
    }

    default Assembler syscall() {
        return op(0, 0xF05);
    }

    default Assembler sysenter() {
        return op(0, 0xF34);
    }

    default Assembler lfence() {
        return op(0, 0xFAEE8);
    }

    default Assembler mfence() {
        return op(0, 0xFAEF0);
    }

    default Assembler sfence() {
        return op(0, 0xFAEF8);
    }

    /** Returns to 64-bit code with a {@code width} of 64, to 32-bit code with 32. */
    default Assembler sysret(int width) {
        return op(width == 64 ? 64 : 0, 0x0F07);
    }

    /** Returns to 64-bit code with a {@code width} of 64, to 32-bit code with 32. */
    default Assembler sysexit(int width) {
        return op(width == 64 ? 64 : 0, 0x0F35);
    }

    default Assembler rdfsbase(Gpr operand) {
        return op(fullWidth(operand), 0xF30FAE, 0, operand);
    }

    default Assembler rdgsbase(Gpr operand) {
        return op(fullWidth(operand), 0xF30FAE, 1, operand);
    }

    default Assembler wrfsbase(Gpr operand) {
        return op(fullWidth(operand), 0xF30FAE, 2, operand);
    }

    default Assembler wrgsbase(Gpr operand) {
        return op(fullWidth(operand), 0xF30FAE, 3, operand);
    }

    default Assembler rdrand(Gpr to) {
        return op(Values.wordWidth(to), 0x0FC7, 6, to);
    }

    default Assembler rdseed(Gpr to) {
        return op(Values.wordWidth(to), 0x0FC7, 7, to);
    }

    private Assembler port(Gpr accumulator, int opcode) {
        if (accumulator.number() != 0 || accumulator.bits() == 64) {
            throw new AssemblyException(accumulator + " cannot be read from or written to a port");
        }
        return op(accumulator.bits(), opcode | Values.wide(accumulator.bits()));
    }

    default Assembler in(Gpr to, int port) {
        return port(to, 0xE4).imm(1, port);
    }

    default Assembler out(int port, Gpr from) {
        return port(from, 0xE6).imm(1, port);
    }

    /** Reads the port in DX. */
    default Assembler in(Gpr to) {
        return port(to, 0xEC);
    }

    /** Writes to the port in DX. */
    default Assembler out(Gpr from) {
        return port(from, 0xEE);
    }

    default Assembler clflush(Mem area) {
        return op(0, 0x0FAE, 7, area);
    }
}
