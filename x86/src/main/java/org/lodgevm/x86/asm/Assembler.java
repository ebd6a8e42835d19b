package org.lodgevm.x86.asm;

/**
 * Assembles 16, 32 and 64-bit code at a given address, in one pass.
 *
 * <p>Every instruction is a method that returns the assembler itself, so that calls can be chained.
 * Not safe for use by several threads at once.
 */
public final class Assembler extends Encoder
        implements Alu, Bits, Moves, Stack, Branches, Strings, SystemOps, StateOps, X87, Sse, Data {

    /** Starts 64-bit code whose first byte will lie at that address. */
    public Assembler(long origin) {
        super(origin);
    }

    @Override
    public Assembler self() {
        return this;
    }

    /** What follows runs in a 16-bit code segment (or in real mode). */
    public Assembler bits16() {
        setMode(16);
        return this;
    }

    /** What follows runs in a 32-bit code segment. */
    public Assembler bits32() {
        setMode(32);
        return this;
    }

    /** What follows runs in a 64-bit code segment. */
    public Assembler bits64() {
        setMode(64);
        return this;
    }

    /** A new label, bound here. */
    public Label label(String name) {
        Label label = new Label(name);
        bind(label);
        return label;
    }

    /** How many bytes there are so far. */
    public int size() {
        return code.size();
    }

    /** The code; every label used must be bound by now. */
    public byte[] toBytes() {
        return code.toBytes();
    }
}
