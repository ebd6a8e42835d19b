package org.lodgevm.x86.asm;

/** Saving and loading the x87, SSE and extended state. */
public sealed interface StateOps extends Emitter permits Assembler {
    default Assembler fxsave(Mem area) {
        return op(0, 0x0FAE, 0, area);
    }

    /** With the 64-bit format of the x87 pointers. */
    default Assembler fxsave64(Mem area) {
        return op(64, 0x0FAE, 0, area);
    }

    default Assembler fxrstor(Mem area) {
        return op(0, 0x0FAE, 1, area);
    }

    /** With the 64-bit format of the x87 pointers. */
    default Assembler fxrstor64(Mem area) {
        return op(64, 0x0FAE, 1, area);
    }

    default Assembler ldmxcsr(Mem area) {
        return op(0, 0x0FAE, 2, area);
    }

    default Assembler stmxcsr(Mem area) {
        return op(0, 0x0FAE, 3, area);
    }

    default Assembler xsave(Mem area) {
        return op(0, 0x0FAE, 4, area);
    }

    /** With the 64-bit format of the x87 pointers. */
    default Assembler xsave64(Mem area) {
        return op(64, 0x0FAE, 4, area);
    }

    default Assembler xrstor(Mem area) {
        return op(0, 0x0FAE, 5, area);
    }

    /** With the 64-bit format of the x87 pointers. */
    default Assembler xrstor64(Mem area) {
        return op(64, 0x0FAE, 5, area);
    }

    default Assembler xsaveopt(Mem area) {
        return op(0, 0x0FAE, 6, area);
    }

    /** With the 64-bit format of the x87 pointers. */
    default Assembler xsaveopt64(Mem area) {
        return op(64, 0x0FAE, 6, area);
    }

    default Assembler xsavec(Mem area) {
        return op(0, 0x0FC7, 4, area);
    }

    /** With the 64-bit format of the x87 pointers. */
    default Assembler xsavec64(Mem area) {
        return op(64, 0x0FC7, 4, area);
    }

    default Assembler xsaves(Mem area) {
        return op(0, 0x0FC7, 5, area);
    }

    /** With the 64-bit format of the x87 pointers. */
    default Assembler xsaves64(Mem area) {
        return op(64, 0x0FC7, 5, area);
    }

    default Assembler xrstors(Mem area) {
        return op(0, 0x0FC7, 3, area);
    }

    /** With the 64-bit format of the x87 pointers. */
    default Assembler xrstors64(Mem area) {
        return op(64, 0x0FC7, 3, area);
    }

    default Assembler xgetbv() {
        return op(0, 0xF01D0);
    }

    default Assembler xsetbv() {
        return op(0, 0xF01D1);
    }
}
