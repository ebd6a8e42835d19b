package org.lodgevm.x86.oracle;

/**
 * Numbers of the Linux kernel's interface on x86-64: system calls, and the layout of what a signal
 * handler is given.
 */
final class Linux {
    static final int SYS_READ = 0;
    static final int SYS_WRITE = 1;
    static final int SYS_OPEN = 2;
    static final int SYS_MMAP = 9;
    static final int SYS_RT_SIGACTION = 13;
    static final int SYS_RT_SIGRETURN = 15;
    static final int SYS_SETITIMER = 38;
    static final int SYS_EXIT_GROUP = 231;
    static final int SYS_FTRUNCATE = 77;
    static final int SYS_SIGALTSTACK = 131;
    static final int SYS_MODIFY_LDT = 154;
    static final int SYS_PRCTL = 157;
    static final int SYS_ARCH_PRCTL = 158;
    static final int SYS_MEMFD_CREATE = 319;

    static final int O_RDWR = 2;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int PROT_EXEC = 4;
    static final int MAP_SHARED = 1;
    static final int MAP_FIXED = 0x10;
    static final int MAP_POPULATE = 0x8000;
    static final int ITIMER_VIRTUAL = 1;
    static final int MODIFY_LDT_WRITE = 0x11;
    static final int ARCH_SET_GS = 0x1001;
    static final int ARCH_SET_FS = 0x1002;
    static final int PR_SET_SECCOMP = 22;
    static final int PR_SET_NO_NEW_PRIVS = 38;
    static final int SECCOMP_MODE_FILTER = 2;

    static final int SIGILL = 4;
    static final int SIGTRAP = 5;
    static final int SIGBUS = 7;
    static final int SIGFPE = 8;
    static final int SIGSEGV = 11;
    static final int SIGVTALRM = 26;
    static final int SIGSYS = 31;
    static final int SIGSET_BYTES = 8;
    static final long SA_SIGINFO = 0x4L;
    static final long SA_RESTORER = 0x0400_0000L;
    static final long SA_ONSTACK = 0x0800_0000L;
    static final long SA_NODEFER = 0x4000_0000L;

    /** Offsets in struct ucontext of the registers, in the order of {@link #UC_REGISTERS}. */
    static final int UC_GREGS = 40;

    /** Numbers of the general registers in the order in which a ucontext holds them. */
    static final int[] UC_REGISTERS = {8, 9, 10, 11, 12, 13, 14, 15, 7, 6, 5, 3, 2, 0, 1, 4};

    static final int UC_RIP = UC_GREGS + 16 * 8;
    static final int UC_RFLAGS = UC_GREGS + 17 * 8;

    /** CS, GS, FS and SS, two bytes each. */
    static final int UC_SELECTORS = UC_GREGS + 18 * 8;

    static final int UC_CS = UC_SELECTORS;
    static final int UC_SS = UC_SELECTORS + 6;
    static final int UC_ERROR = UC_GREGS + 19 * 8;
    static final int UC_TRAP = UC_GREGS + 20 * 8;
    static final int UC_CR2 = UC_GREGS + 22 * 8;
    /** In a signal's frame, as in any XSAVE image, they lie between the legacy area and the AVX component. */
    static final int XSAVE_HEADER_BYTES = 64;

    static final int UC_FPSTATE = UC_GREGS + 23 * 8;

    /** Selectors of the flat segments that every process has. */
    static final int CODE32 = 0x23;

    static final int DATA = 0x2B;
    static final int CODE64 = 0x33;

    private Linux() {}
}
