package org.lodgevm.x86.state;

/**
 * Offsets, in bytes, within a vCPU's off-heap block, which interpreted and translated code share. Little endian, page aligned.
 *
 * <p>First vector and x87 state, as SIMD semantics address it; then what translated code keeps, around the address that its
 * base register holds; then the TLB and the cache of jump targets.
 */
public final class StateBlock {
    /** A 16-byte operand on its way from or to memory. */
    public static final int SCRATCH = 192;
    /** A second such operand. */
    public static final int SCRATCH2 = 208;
    /** XMM0..XMM15, 16 bytes each. */
    public static final int XMM = 256;
    /** The x87 unit's area, 512 bytes in FXSAVE layout. */
    public static final int X87 = 512;
    /** A whole XSAVE or FXSAVE image on its way, aligned as these instructions want it. */
    public static final int IMAGE = 1024;
    /** Operands of up to 32 bytes of an instruction with a VEX prefix: where the result is made, the last source, and one more. */
    public static final int VEX_RESULT = 3712;
    public static final int VEX_SOURCE = 3744;
    public static final int VEX_THIRD = 3776;
    /** The upper halves of YMM0..YMM15, 16 bytes each. */
    public static final int YMM_HIGH = 3840;

    /** Where translated code's base register points: 128 bytes on both sides are addressed by one byte. */
    public static final int BASE = 4096 + 128;
    /** RAX to R15 and what follows them in {@link Gpr}, 8 bytes each, while translated code runs. */
    public static final int GPR = BASE - 128;
    /** Why the CPU must leave its inner loop: 4 bytes, changed atomically by any thread. */
    public static final int ATTENTION = GPR + 8 * Gpr.COUNT;
    /** Status flags: bit 0 is OF, bits 15:8 are those that LAHF gives. */
    public static final int FLAGS = ATTENTION + 4;
    /** The target of a jump whose translation was not found. */
    public static final int RIP = ATTENTION + 8;
    /**
     * Which of the guest's registers, beside the general ones, translated code has in the host's, and wants there when it is
     * resumed: {@link #LOWER_HALVES}, {@link #UPPER_HALVES} with them, {@link #X87_REGISTERS}.
     */
    public static final int UNITS = RIP + 8;
    /** In the same bits, whether SSE, AVX and x87 instructions may run on the host: not refused, no exception unmasked. */
    public static final int UNITS_ALLOWED = UNITS + 1;
    /** XMM, or what only SSE instructions need. */
    public static final int LOWER_HALVES = 1;
    /** Of YMM, or what AVX instructions need. */
    public static final int UPPER_HALVES = 2;
    /** The x87 unit's, which are also those of MMX. */
    public static final int X87_REGISTERS = 4;
    /** The linear address of an access that missed the TLB. */
    public static final int MISSED = UNITS + 8;
    /** Where translated code is entered; then what a return leaves with whose target is being looked up. */
    public static final int ENTRY = MISSED + 8;
    /** A value that an instruction puts aside, across exits too. */
    public static final int SPILL = ENTRY + 8;
    /** What a string instruction adds to RDI, and to RSI, to get host addresses. */
    public static final int TO_DESTINATION = SPILL + 8;
    public static final int TO_SOURCE = TO_DESTINATION + 8;
    /** RFLAGS without the status flags: 4 bytes. */
    public static final int SYSTEM_FLAGS = TO_SOURCE + 8;
    /** 1 if an interrupt waits for RFLAGS.IF. */
    public static final int INTERRUPT_HELD = SYSTEM_FLAGS + 4;
    /** The last 12 bits of the rIP after the last STI, or a larger number: 2 bytes. */
    public static final int SHADOWED = INTERRUPT_HELD + 2;
    /** What counts of that rIP. */
    public static final int OFFSET = 0xfff;
    /** MXCSR of the guest, and of the host, to be given back: 4 bytes each. */
    public static final int GUEST_MXCSR = SYSTEM_FLAGS + 8;
    public static final int HOST_MXCSR = GUEST_MXCSR + 4;
    /** The host's x87 control word, to be given back: 2 bytes. */
    public static final int HOST_FCW = HOST_MXCSR + 4;
    /**
     * The last x87 instruction that is no control instruction, and the last of these with an operand in memory: 4 bytes each, -1
     * if translated code has executed none.
     */
    public static final int X87_LAST = HOST_FCW + 4;
    public static final int X87_LAST_OPERAND = X87_LAST + 4;
    /** Where that operand was, and where that of the present instruction is. */
    public static final int X87_OPERAND = X87_LAST_OPERAND + 8;
    public static final int X87_ADDRESS = X87_OPERAND + 8;
    /** Of ES, CS, SS, DS, FS, GS, 2 bytes each, while translated code runs. */
    public static final int SELECTORS = X87_ADDRESS + 8;
    /** In the same order, a byte each: 1 if 32-bit code may read and write anywhere through that segment. */
    public static final int FLAT = SELECTORS + 16;
    /** PAUSE instructions until the host's processor is given to others: 4 bytes. */
    public static final int PAUSES = FLAT + 8;
    /** The context that translated code is in: 4 bytes. It changes with system calls and returns, and with RFLAGS.AC. */
    public static final int CONTEXT = PAUSES + 4;
    /** What SWAPGS changes the base of GS with. */
    public static final int KERNEL_GS_BASE = CONTEXT + 4;
    /** Where SYSCALL leads to. */
    public static final int SYSCALL_TARGET = KERNEL_GS_BASE + 8;
    /** The flags that it leaves alone; selectors that it loads, and those that SYSRET does, CS below SS: 4 bytes each. */
    public static final int SYSCALL_FLAGS = SYSCALL_TARGET + 8;
    public static final int SYSCALL_SELECTORS = SYSCALL_FLAGS + 4;
    public static final int SYSRET_SELECTORS = SYSCALL_SELECTORS + 4;
    /** 1 if SYSCALL and SYSRET are enabled, and their target is an address. */
    public static final int SYSCALL_ENABLED = SYSRET_SELECTORS + 4;
    /** The host's stack with no return address on it, and how low it may go. */
    public static final int HOST_STACK = SYSCALL_ENABLED + 8;
    public static final int HOST_STACK_LIMIT = HOST_STACK + 8;

    /** {@link org.lodgevm.x86.paging.Tlb}. */
    public static final int TLB = 8192;
    public static final int TLB_BYTES = 3 * 4096 * 32;

    /** Entries of the cache of jump targets, in three arrays. */
    public static final int JUMPS = 1 << 16;
    /** 8 bytes each: rIP; the address of its translation. */
    public static final int JUMP_RIP = TLB + TLB_BYTES;
    public static final int JUMP_CODE = JUMP_RIP + 8 * JUMPS;
    /** 4 bytes each: the context that it was found in. */
    public static final int JUMP_KEY = JUMP_CODE + 8 * JUMPS;

    /** {@link org.lodgevm.x86.paging.SecondTlb}. */
    public static final int SECOND_TLB = JUMP_KEY + 4 * JUMPS;
    public static final int SECOND_TLB_BYTES = 64 + 4 * 1024 + 3 * (1 << 14) * 16;

    public static final int SIZE = SECOND_TLB + SECOND_TLB_BYTES;

    private StateBlock() {}
}
