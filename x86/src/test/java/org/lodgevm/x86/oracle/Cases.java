package org.lodgevm.x86.oracle;

import java.util.Arrays;

/** Fills in cases. */
final class Cases {
    private static final int FIXED_AND_IF = 0x202;
    private static final int FCW_DEFAULT = 0x37F;
    private static final int MXCSR_DEFAULT = 0x1F80;
    private static final int FXSAVE_FCW = 0;
    private static final int FXSAVE_MXCSR = 24;

    /** Where code goes unless a case wants another place, and the window. */
    static final int CODE_AT = 0x100;

    static final int WINDOW_AT = Layout.PAGE - Layout.WINDOW_BYTES / 2;

    private Cases() {}

    /**
     * Everything zero but for what a process starts with, the stack pointer in the middle of the
     * window.
     */
    static void reset(Case target, Mode mode) {
        target.record().fill((byte) 0);
        target.put64(Layout.CS, mode.codeSelector());
        target.put64(Layout.SS, mode.dataSelector());
        target.put64(Layout.RFLAGS, FIXED_AND_IF);
        target.put16(Layout.DS, mode.dataSelector());
        target.put16(Layout.ES, mode.dataSelector());
        target.put16(Layout.FS, mode.dataSelector());
        target.put16(Layout.GS, mode.dataSelector());
        target.put64(Layout.FS_BASE, Descriptors.base(mode.dataSelector()));
        target.put64(Layout.GS_BASE, Descriptors.base(mode.dataSelector()));
        target.put16(Layout.FXSAVE + FXSAVE_FCW, FCW_DEFAULT);
        target.put32(Layout.FXSAVE + FXSAVE_MXCSR, MXCSR_DEFAULT);
        target.put32(Layout.WINDOW_AT, WINDOW_AT);
        stackPointer(target, Layout.DATA + Layout.PAGE - Descriptors.base(mode.dataSelector()));
    }

    static void stackPointer(Case target, long value) {
        target.put64(Layout.RSP, value);
        target.gpr(4, value);
    }

    static Mode mode(Case from) {
        return Mode.of((int) from.get64(Layout.CS));
    }

    /** Places the code, followed by the way out. */
    static void code(Case target, byte[] code, int at) {
        Mode mode = mode(target);
        byte[] exit = mode.exit(at + code.length);
        byte[] whole = Arrays.copyOf(code, code.length + exit.length);
        System.arraycopy(exit, 0, whole, code.length, exit.length);
        place(target, whole, at);
    }

    /** Places the code so that it ends where the mapped pages do. */
    static void codeAtEnd(Case target, byte[] code) {
        place(target, code, Layout.CODE_BYTES - code.length);
    }

    private static void place(Case target, byte[] code, int at) {
        target.put(Layout.CODE_COPY, code);
        target.put32(Layout.CODE_AT, at);
        target.put32(Layout.CODE_LENGTH, code.length);
        target.put64(Layout.RIP, Layout.CODE + at - mode(target).codeBase());
    }
}
