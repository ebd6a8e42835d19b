package org.lodgevm.x86.system;

import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.ESP;
import static org.lodgevm.x86.asm.Gpr.RSP;
import static org.lodgevm.x86.asm.Gpr.SP;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.state.Vector;

/**
 * A handler for every vector: it pushes the vector and, where the CPU has not, an error code of 0, rings, and returns when the guest is
 * resumed.
 */
final class Handlers {
    /** Port by which a handler stops the guest. */
    static final int CAUGHT = 0xf4;
    static final int VECTORS = 256;

    private final Label[] entries = new Label[VECTORS];
    private final byte[] code;

    /** @param at linear address, which is also the offset in the code segment */
    Handlers(Mode mode, long at) {
        Assembler a = mode.assembler(at);
        Label common = new Label("common");
        for (int vector = 0; vector < VECTORS; vector++) {
            entries[vector] = a.label("vector " + vector);
            if (mode == Mode.REAL || !Vector.hasErrorCode(vector)) {
                a.push(0);
            }
            a.push(vector);
            a.jmp(common);
        }
        a.bind(common).out(CAUGHT, AL);
        a.add(mode.is64() ? RSP : mode.bits == 32 ? ESP : SP, 2 * mode.bits / 8);
        a.iret(mode.bits);
        code = a.toBytes();
    }

    byte[] code() {
        return code;
    }

    long entry(int vector) {
        return entries[vector].address();
    }
}
