package org.lodgevm.x86.asm;

import java.nio.charset.StandardCharsets;

/** Data among the code. */
public sealed interface Data extends Emitter permits Assembler {
    default Assembler db(int... values) {
        for (int value : values) {
            imm(1, value);
        }
        return self();
    }

    default Assembler dw(int... values) {
        for (int value : values) {
            imm(2, value);
        }
        return self();
    }

    default Assembler dd(long... values) {
        for (long value : values) {
            imm(4, value);
        }
        return self();
    }

    default Assembler dq(long... values) {
        for (long value : values) {
            imm(8, value);
        }
        return self();
    }

    /** A label's absolute address. */
    default Assembler dw(Label label) {
        return imm(2, label);
    }

    /** A label's absolute address. */
    default Assembler dd(Label label) {
        return imm(4, label);
    }

    /** A label's absolute address. */
    default Assembler dq(Label label) {
        return imm(8, label);
    }

    default Assembler bytes(byte[] values) {
        for (byte value : values) {
            imm(1, value);
        }
        return self();
    }

    /** The characters as ISO 8859-1, without a terminator. */
    default Assembler ascii(String text) {
        return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Zeros up to the next multiple of a power of two. */
    default Assembler align(int alignment) {
        return align(alignment, 0);
    }

    default Assembler align(int alignment, int value) {
        if (Integer.bitCount(alignment) != 1) {
            throw new AssemblyException("cannot align to " + alignment);
        }
        return fill(-here() & alignment - 1, value);
    }

    /** Zeros up to an address, which must not lie behind. */
    default Assembler org(long address) {
        return fill(address - here(), 0);
    }
}
