package org.lodgevm.x86.asm;

import java.util.ArrayList;
import java.util.List;

/** A place in the code, which may be used before it is {@linkplain Emitter#bind bound}. */
public final class Label {
    private final String name;
    private final List<Fixup> waiting = new ArrayList<>();
    private boolean bound;
    private long address;

    /** A label that no message will need to name. */
    public Label() {
        this("(unnamed)");
    }

    public Label(String name) {
        this.name = name;
    }

    /** A place outside the code, at an address known beforehand. */
    public static Label at(String name, long address) {
        Label label = new Label(name);
        label.bound = true;
        label.address = address;
        return label;
    }

    /** The address it was bound to. */
    public long address() {
        if (!bound) {
            throw new AssemblyException("label " + name + " is not bound yet");
        }
        return address;
    }

    public boolean isBound() {
        return bound;
    }

    /** Fixes the label's address and completes every use that waited for it. */
    void bind(long here, CodeBuffer code) {
        if (bound) {
            throw new AssemblyException("label " + name + " is bound twice");
        }
        bound = true;
        address = here;
        waiting.forEach(use -> code.patch(use, this));
        waiting.clear();
    }

    void await(Fixup use) {
        waiting.add(use);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * A field that holds a label's address.
     *
     * @param offset where the field lies in the code
     * @param bytes its size
     * @param base what is subtracted: the address after the instruction for a relative field, else
     *     0
     * @param relative whether the field is a signed distance
     */
    record Fixup(int offset, int bytes, long base, boolean relative) {}
}
