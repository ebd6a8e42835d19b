package org.lodgevm.x86.oracle;

/**
 * The address space that a case sees, the same natively and in the CPU under test, and the two
 * records in which a case travels.
 *
 * <p>All pages not named here are unmapped. Everything a case needs lies below 2 GiB, so that
 * 32-bit code reaches it.
 */
final class Layout {
    static final int PAGE = 4096;

    // --- the address space of a case
    // -------------------------------------------------------------------------------

    /**
     * Code, not writable; filled with INT3 but for the pointer to the exit and the case's own
     * bytes.
     */
    static final long CODE = 0x3000_0000L;

    static final int CODE_BYTES = 2 * PAGE;

    /** Offset in the code pages of a pointer to {@link #EXIT}, through which 64-bit code leaves. */
    static final int EXIT_POINTER = 0;

    static final int FILLER = 0xCC;

    /** Data, writable; zero but for the window. */
    static final long DATA = 0x4000_0000L;

    static final int DATA_BYTES = 2 * PAGE;

    /** The same pages once more at an address that needs all of 47 bits. */
    static final long HIGH_DATA = 0x7654_4000_0000L;

    /** Data that cannot be written: {@link #constant}. */
    static final long CONSTANTS = 0x5000_0000L;

    static final int CONSTANTS_BYTES = PAGE;

    /** Where code arrives that has run to its end. */
    static final long EXIT = 0x1700_0000L;

    /** The byte at that offset in the constant page. */
    static byte constant(int offset) {
        return (byte) (offset * 167 ^ offset >> 3);
    }

    // --- a case
    // -----------------------------------------------------------------------------------------------------

    static final int RECORD = 4096;
    static final int WINDOW_BYTES = 1024;

    /** RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15. */
    static final int GPR = 0x000;

    /** The frame for IRETQ: RIP, CS, RFLAGS, RSP, SS. */
    static final int RIP = 0x080;

    static final int CS = 0x088;
    static final int RFLAGS = 0x090;
    static final int RSP = 0x098;
    static final int SS = 0x0A0;

    /** Selectors of DS, ES, FS and GS, two bytes each. */
    static final int DS = 0x0A8;

    static final int ES = 0x0AA;
    static final int FS = 0x0AC;
    static final int GS = 0x0AE;
    static final int FS_BASE = 0x0B0;
    static final int GS_BASE = 0x0B8;

    /**
     * Offset of the window in the data pages, of the code in the code pages, and the code's length;
     * four bytes each.
     */
    static final int WINDOW_AT = 0x0C0;

    static final int CODE_AT = 0x0C4;
    static final int CODE_LENGTH = 0x0C8;

    /**
     * Where in the code the instruction under test begins: some need one before them. For messages
     * and comparison.
     */
    static final int INSTRUCTION_AT = 0x0CC;

    /** In place of that: the case is a sequence. */
    static final int NO_INSTRUCTION = -1;

    static final int FXSAVE = 0x180;
    static final int FXSAVE_BYTES = 512;
    static final int WINDOW = 0x380;

    /** The upper halves of YMM0 to YMM15, 16 bytes each; where the host has none they come out as they went in. */
    static final int YMM_HIGH = 0x780;

    static final int YMM_HIGH_BYTES = 256;

    static final int CODE_COPY = 0x880;
    static final int MAX_CODE = RECORD - CODE_COPY;

    // --- a result: registers, FXSAVE image, YMM registers and window lie where they do in a case, and beside them
    // ---------------------

    /**
     * How it ended: {@link #EXITED}, {@link #FAULTED} or {@link #STUCK}; four bytes each, as are
     * vector and signal.
     */
    static final int OUTCOME = 0x0C0;

    static final int VECTOR = 0x0C4;
    static final int SIGNAL = 0x0C8;
    static final int ERROR_CODE = 0x0D0;

    /** CR2, valid after a page fault. */
    static final int CR2 = 0x0D8;

    static final int EXITED = 1;
    static final int FAULTED = 2;

    /** It ran until the watchdog came by twice. */
    static final int STUCK = 3;

    private Layout() {}
}
