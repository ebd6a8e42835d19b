package org.lodgevm.x86.isa;

/** Instructions for operating systems, privileged or not. */
final class SystemRows {
    static final String TEXT =
            """
            # pfx  opcode    mnemonic    operands      acc  feature    OSZAPC      attributes

            # Descriptor tables and what is in them.
            -      0F00/0    SLDT        Rv/Mw         w    -          -           noreal
            -      0F00/1    STR         Rv/Mw         w    -          -           noreal
            -      0F00/2    LLDT        Ew            r    -          -           cpl0,noreal,serial
            -      0F00/3    LTR         Ew            r    -          -           cpl0,noreal,serial
            -      0F00/4    VERR        Ew            r    -          --M---      noreal
            -      0F00/5    VERW        Ew            r    -          --M---      noreal
            -      0F01/0    SGDT        Ms            w    -          -           f64
            -      0F01/1    SIDT        Ms            w    -          -           f64
            -      0F01/2    LGDT        Ms            r    -          -           f64,cpl0,serial
            -      0F01/3    LIDT        Ms            r    -          -           f64,cpl0,serial
            -      0F02      LAR         Gv,Rv/Mw      xr   -          --M---      noreal
            -      0F03      LSL         Gv,Rv/Mw      xr   -          --M---      noreal
            -      63        ARPL        Ew,Gw         xr   -          --M---      i64,noreal

            # Control and debug registers. Moves between them and general registers leave all six flags undefined.
            -      0F01/4    SMSW        Rv/Mw         w
            -      0F01/6    LMSW        Ew            r    -          -           cpl0,serial
            -      0F06      CLTS        -             -    -          -           cpl0,serial
            -      0F20      MOV         Ry,Cy         wr   -          UUUUUU      f64,cpl0
            -      0F21      MOV         Ry,Dy         wr   -          UUUUUU      f64,cpl0
            -      0F22      MOV         Cy,Ry         wr   -          UUUUUU      f64,cpl0,serial
            -      0F23      MOV         Dy,Ry         wr   -          UUUUUU      f64,cpl0,serial
            NP     0F01:D0   XGETBV      -             -    XSAVE      -           r:cx,w:ax+dx
            NP     0F01:D1   XSETBV      -             -    XSAVE      -           cpl0,serial,r:ax+cx+dx

            # Caches and translations.
            -      0F01/7    INVLPG      Mb            -    -          -           cpl0,serial
            66     0F3882    INVPCID     Gy,Mdq        rr   INVPCID    -           f64,cpl0,serial
            -      0F08      INVD        -             -    -          -           cpl0,serial
            -      0F09      WBINVD      -             -    -          -           cpl0,serial
            F3     0F09      WBNOINVD    -             -    WBNOINVD   -           cpl0
            NP     0FAE/7    CLFLUSH     Mb            -    CLFSH
            66     0FAE/7    CLFLUSHOPT  Mb            -    CLFLUSHOPT
            66     0FAE/6    CLWB        Mb            -    CLWB
            NP     0FAE/5r   LFENCE      -             -    SSE2
            NP     0FAE/6r   MFENCE      -             -    SSE2
            NP     0FAE/7r   SFENCE      -             -    SSE
            NP     0F01:E8   SERIALIZE   -             -    SERIALIZE  -           serial

            # Time, identification and model-specific registers. CR4.TSD and CR4.PCE may demand CPL 0 for the counters.
            -      0FA2      CPUID       -             -    -          -           serial,r:ax+cx,w:ax+cx+dx+bx
            -      0F31      RDTSC       -             -    TSC        -           w:ax+dx
            NP     0F01:F9   RDTSCP      -             -    RDTSCP     -           w:ax+cx+dx
            -      0F33      RDPMC       -             -    -          -           r:cx,w:ax+dx
            -      0F30      WRMSR       -             -    MSR        -           cpl0,serial,r:ax+cx+dx
            -      0F32      RDMSR       -             -    MSR        -           cpl0,r:cx,w:ax+dx
            F3     0FC7/7    RDPID       Ry            w    RDPID      -           f64

            # System calls. Intel's processors know SYSCALL and SYSRET in 64-bit mode only, AMD's in every protected mode.
            -      0F05      SYSCALL     -             -    SYSCALL    MMMMMM:DMIMTMNMKM jump,serial,r:r11,w:cx+r11
            -      0F07      SYSRET      -             -    SYSCALL    MMMMMM:DMIMTMNMKM cpl0,jump,serial,r:cx+r11
            -      0F34      SYSENTER    -             -    SEP        ------:I0   jump,serial,w:sp
            -      0F35      SYSEXIT     -             -    SEP        -           cpl0,jump,serial,r:cx+dx,w:sp
            -      0F01:F8   SWAPGS      -             -    -          -           o64,cpl0
            F3     0FAE/0    RDFSBASE    Ry            w    FSGSBASE   -           o64
            F3     0FAE/1    RDGSBASE    Ry            w    FSGSBASE   -           o64
            F3     0FAE/2    WRFSBASE    Ry            r    FSGSBASE   -           o64
            F3     0FAE/3    WRGSBASE    Ry            r    FSGSBASE   -           o64
            NP     0F01:CA   CLAC        -             -    SMAP       ------:K0   cpl0ud
            NP     0F01:CB   STAC        -             -    SMAP       ------:K1   cpl0ud

            # Waiting, and calling the hypervisor.
            -      F4        HLT         -             -    -          -           cpl0,jump
            NP     0F01:C8   MONITOR     -             -    MONITOR    -           cpl0ud,r:ax+cx+dx
            NP     0F01:C9   MWAIT       -             -    MONITOR    -           cpl0ud,jump,r:ax+cx
            NP     0F01:C1   VMCALL      -             -    HYPERVISOR -           jump,r:ax+cx+dx+bx+bp+si+di,w:ax
            NP     0F01:D9   VMMCALL     -             -    HYPERVISOR -           jump,r:ax+cx+dx+bx+bp+si+di,w:ax

            # Saving and restoring the processor's extended state.
            NP     0FAE/0    FXSAVE      Mfx           w    FXSR
            NP     0FAE/1    FXRSTOR     Mfx           r    FXSR
            NP     0FAE/4    XSAVE       M             x    XSAVE      -           r:ax+dx
            NP     0FAE/5    XRSTOR      M             r    XSAVE      -           r:ax+dx
            NP     0FAE/6    XSAVEOPT    M             x    XSAVEOPT   -           r:ax+dx
            NP     0FC7/4    XSAVEC      M             x    XSAVEC     -           r:ax+dx
            NP     0FC7/5    XSAVES      M             x    XSAVES     -           cpl0,r:ax+dx
            NP     0FC7/3    XRSTORS     M             r    XSAVES     -           cpl0,r:ax+dx
            """;

    private SystemRows() {}
}
