package org.lodgevm.x86.oracle;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;

/**
 * A classic BPF program for seccomp(2) that lets system calls pass from one range of addresses
 * only.
 *
 * <p>An instruction is a struct sock_filter: code, jt, jf, k.
 */
final class SystemCallFilter {
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_AT_LEAST = 0x35;
    private static final int RETURN = 0x06;
    private static final int ALLOW = 0x7FFF_0000;
    private static final int TRAP = 0x0003_0000;

    /** Offset of instruction_pointer in struct seccomp_data. */
    private static final int INSTRUCTION_POINTER = 8;

    private static final int INSTRUCTIONS = 7;

    private SystemCallFilter() {}

    /** Emits the program and returns its length in instructions. */
    static int emit(Assembler a, long first, Label end) {
        a.dw(LOAD_WORD).db(0, 0).dd(INSTRUCTION_POINTER + 4);
        a.dw(JUMP_IF_EQUAL).db(0, 4).dd(0);
        a.dw(LOAD_WORD).db(0, 0).dd(INSTRUCTION_POINTER);
        a.dw(JUMP_IF_AT_LEAST).db(0, 2).dd(first);
        a.dw(JUMP_IF_AT_LEAST).db(1, 0).dd(end);
        a.dw(RETURN).db(0, 0).dd(ALLOW);
        a.dw(RETURN).db(0, 0).dd(TRAP);
        return INSTRUCTIONS;
    }
}
