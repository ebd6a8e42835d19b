package org.lodgevm.x86.oracle;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.isa.CodeSize;

/** The kinds of code that a process can run, and how each gets back to {@link Layout#EXIT}. */
enum Mode {
    BITS_64(CodeSize.BITS_64, Linux.CODE64, Linux.DATA, 0),
    BITS_32(CodeSize.BITS_32, Linux.CODE32, Linux.DATA, 0),
    BITS_16(CodeSize.BITS_16, Descriptors.CODE16, Descriptors.DATA16, Layout.CODE);

    private final CodeSize size;
    private final int codeSelector;
    private final int dataSelector;
    private final long codeBase;

    Mode(CodeSize size, int codeSelector, int dataSelector, long codeBase) {
        this.size = size;
        this.codeSelector = codeSelector;
        this.dataSelector = dataSelector;
        this.codeBase = codeBase;
    }

    CodeSize size() {
        return size;
    }

    int codeSelector() {
        return codeSelector;
    }

    /** The selector that SS, DS and ES have unless a case wants another. */
    int dataSelector() {
        return dataSelector;
    }

    /** Base of the code segment, which RIP does not include. */
    long codeBase() {
        return codeBase;
    }

    static Mode of(int codeSelector) {
        for (Mode mode : values()) {
            if (mode.codeSelector == codeSelector) {
                return mode;
            }
        }
        throw new IllegalArgumentException("no mode has CS = " + Integer.toHexString(codeSelector));
    }

    /**
     * Instructions that leave the case, changing nothing but RIP and CS, to be run at {@code CODE +
     * at}.
     */
    byte[] exit(int at) {
        Assembler a = new Assembler(Layout.CODE + at);
        if (this == BITS_64) {
            Label pointer = Label.at("pointer", Layout.CODE + Layout.EXIT_POINTER);
            return a.jmp(Mem.mem(pointer).bits(64)).toBytes();
        }
        return (this == BITS_32 ? a.bits32() : a.bits16())
                .jmpFar(32, Linux.CODE64, Layout.EXIT)
                .toBytes();
    }
}
