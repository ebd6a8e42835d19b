package org.lodgevm.x86.isa;

/** x87 instructions; those that AMD and Intel accept without listing them are {@code undoc}. */
final class X87Rows {
    static final String TEXT =
            """
            # pfx  opcode    mnemonic    operands      acc  feature    OSZAPC      attributes

            # Arithmetic and comparison. What has one operand has ST(0) as the other. ESC DC and DE name subtraction and division
            # the other way round than D8 does.
            -      D8/0      FADD        Md            r    FPU
            -      D8/1      FMUL        Md            r    FPU
            -      D8/2      FCOM        Md            r    FPU
            -      D8/3      FCOMP       Md            r    FPU
            -      D8/4      FSUB        Md            r    FPU
            -      D8/5      FSUBR       Md            r    FPU
            -      D8/6      FDIV        Md            r    FPU
            -      D8/7      FDIVR       Md            r    FPU
            -      DC/0      FADD        Mq            r    FPU
            -      DC/1      FMUL        Mq            r    FPU
            -      DC/2      FCOM        Mq            r    FPU
            -      DC/3      FCOMP       Mq            r    FPU
            -      DC/4      FSUB        Mq            r    FPU
            -      DC/5      FSUBR       Mq            r    FPU
            -      DC/6      FDIV        Mq            r    FPU
            -      DC/7      FDIVR       Mq            r    FPU
            -      DA/0      FIADD       Md            r    FPU
            -      DA/1      FIMUL       Md            r    FPU
            -      DA/2      FICOM       Md            r    FPU
            -      DA/3      FICOMP      Md            r    FPU
            -      DA/4      FISUB       Md            r    FPU
            -      DA/5      FISUBR      Md            r    FPU
            -      DA/6      FIDIV       Md            r    FPU
            -      DA/7      FIDIVR      Md            r    FPU
            -      DE/0      FIADD       Mw            r    FPU
            -      DE/1      FIMUL       Mw            r    FPU
            -      DE/2      FICOM       Mw            r    FPU
            -      DE/3      FICOMP      Mw            r    FPU
            -      DE/4      FISUB       Mw            r    FPU
            -      DE/5      FISUBR      Mw            r    FPU
            -      DE/6      FIDIV       Mw            r    FPU
            -      DE/7      FIDIVR      Mw            r    FPU
            -      D8/0      FADD        ST0,STi       xr   FPU
            -      D8/1      FMUL        ST0,STi       xr   FPU
            -      D8/2      FCOM        STi           r    FPU
            -      D8/3      FCOMP       STi           r    FPU
            -      D8/4      FSUB        ST0,STi       xr   FPU
            -      D8/5      FSUBR       ST0,STi       xr   FPU
            -      D8/6      FDIV        ST0,STi       xr   FPU
            -      D8/7      FDIVR       ST0,STi       xr   FPU
            -      DC/0      FADD        STi,ST0       xr   FPU
            -      DC/1      FMUL        STi,ST0       xr   FPU
            -      DC/2      FCOM        STi           r    FPU        -           undoc
            -      DC/3      FCOMP       STi           r    FPU        -           undoc
            -      DC/4      FSUBR       STi,ST0       xr   FPU
            -      DC/5      FSUB        STi,ST0       xr   FPU
            -      DC/6      FDIVR       STi,ST0       xr   FPU
            -      DC/7      FDIV        STi,ST0       xr   FPU
            -      DE/0      FADDP       STi,ST0       xr   FPU
            -      DE/1      FMULP       STi,ST0       xr   FPU
            -      DE/2      FCOMP       STi           r    FPU        -           undoc
            -      DE:D9     FCOMPP      -             -    FPU
            -      DE/4      FSUBRP      STi,ST0       xr   FPU
            -      DE/5      FSUBP       STi,ST0       xr   FPU
            -      DE/6      FDIVRP      STi,ST0       xr   FPU
            -      DE/7      FDIVP       STi,ST0       xr   FPU
            -      DA:E9     FUCOMPP     -             -    FPU
            -      DD/4      FUCOM       STi           r    FPU
            -      DD/5      FUCOMP      STi           r    FPU
            -      DB/5r     FUCOMI      ST0,STi       rr   CMOV       00M0MM
            -      DB/6r     FCOMI       ST0,STi       rr   CMOV       00M0MM
            -      DF/5r     FUCOMIP     ST0,STi       rr   CMOV       00M0MM
            -      DF/6r     FCOMIP      ST0,STi       rr   CMOV       00M0MM

            # Loads and stores.
            -      D9/0      FLD         Md            r    FPU
            -      DD/0      FLD         Mq            r    FPU
            -      DB/5      FLD         Mt            r    FPU
            -      D9/0      FLD         STi           r    FPU
            -      D9/2      FST         Md            w    FPU
            -      DD/2      FST         Mq            w    FPU
            -      DD/2      FST         STi           w    FPU
            -      D9/3      FSTP        Md            w    FPU
            -      DD/3      FSTP        Mq            w    FPU
            -      DB/7      FSTP        Mt            w    FPU
            -      DD/3      FSTP        STi           w    FPU
            -      D9/3      FSTPNCE     STi           w    FPU        -           undoc
            -      DF/2      FSTP        STi           w    FPU        -           undoc
            -      DF/3      FSTP        STi           w    FPU        -           undoc
            -      DF/0      FILD        Mw            r    FPU
            -      DB/0      FILD        Md            r    FPU
            -      DF/5      FILD        Mq            r    FPU
            -      DF/2      FIST        Mw            w    FPU
            -      DB/2      FIST        Md            w    FPU
            -      DF/3      FISTP       Mw            w    FPU
            -      DB/3      FISTP       Md            w    FPU
            -      DF/7      FISTP       Mq            w    FPU
            -      DF/1      FISTTP      Mw            w    SSE3
            -      DB/1      FISTTP      Md            w    SSE3
            -      DD/1      FISTTP      Mq            w    SSE3
            -      DF/4      FBLD        Mt            r    FPU
            -      DF/6      FBSTP       Mt            w    FPU
            -      D9/1      FXCH        STi           x    FPU
            -      DD/1      FXCH        STi           x    FPU        -           undoc
            -      DF/1      FXCH        STi           x    FPU        -           undoc
            -      DA/0      FCMOVB      ST0,STi       xr   CMOV       -----T
            -      DA/1      FCMOVE      ST0,STi       xr   CMOV       --T---
            -      DA/2      FCMOVBE     ST0,STi       xr   CMOV       --T--T
            -      DA/3      FCMOVU      ST0,STi       xr   CMOV       ----T-
            -      DB/0      FCMOVNB     ST0,STi       xr   CMOV       -----T
            -      DB/1      FCMOVNE     ST0,STi       xr   CMOV       --T---
            -      DB/2      FCMOVNBE    ST0,STi       xr   CMOV       --T--T
            -      DB/3      FCMOVNU     ST0,STi       xr   CMOV       ----T-
            -      D9:E8     FLD1        -             -    FPU
            -      D9:E9     FLDL2T      -             -    FPU
            -      D9:EA     FLDL2E      -             -    FPU
            -      D9:EB     FLDPI       -             -    FPU
            -      D9:EC     FLDLG2      -             -    FPU
            -      D9:ED     FLDLN2      -             -    FPU
            -      D9:EE     FLDZ        -             -    FPU

            # Functions of ST(0), some with ST(1).
            -      D9:E0     FCHS        -             -    FPU
            -      D9:E1     FABS        -             -    FPU
            -      D9:E4     FTST        -             -    FPU
            -      D9:E5     FXAM        -             -    FPU
            -      D9:F0     F2XM1       -             -    FPU
            -      D9:F1     FYL2X       -             -    FPU
            -      D9:F2     FPTAN       -             -    FPU
            -      D9:F3     FPATAN      -             -    FPU
            -      D9:F4     FXTRACT     -             -    FPU
            -      D9:F5     FPREM1      -             -    FPU
            -      D9:F8     FPREM       -             -    FPU
            -      D9:F9     FYL2XP1     -             -    FPU
            -      D9:FA     FSQRT       -             -    FPU
            -      D9:FB     FSINCOS     -             -    FPU
            -      D9:FC     FRNDINT     -             -    FPU
            -      D9:FD     FSCALE      -             -    FPU
            -      D9:FE     FSIN        -             -    FPU
            -      D9:FF     FCOS        -             -    FPU

            # Control. The three for the 8087 and the 80287 do nothing since.
            -      9B        FWAIT       -             -    FPU
            -      D9/5      FLDCW       Mw            r    FPU
            -      D9/7      FNSTCW      Mw            w    FPU
            -      D9/4      FLDENV      Menv          r    FPU
            -      D9/6      FNSTENV     Menv          w    FPU
            -      DD/7      FNSTSW      Mw            w    FPU
            -      DF:E0     FNSTSW      AX            w    FPU
            -      DD/4      FRSTOR      Mstate        r    FPU
            -      DD/6      FNSAVE      Mstate        w    FPU
            -      D9:D0     FNOP        -             -    FPU
            -      D9:F6     FDECSTP     -             -    FPU
            -      D9:F7     FINCSTP     -             -    FPU
            -      DD/0      FFREE       STi           -    FPU
            -      DF/0      FFREEP      STi           -    FPU        -           undoc
            -      DB:E2     FNCLEX      -             -    FPU
            -      DB:E3     FNINIT      -             -    FPU
            -      DB:E0     FNENI       -             -    FPU        -           undoc
            -      DB:E1     FNDISI      -             -    FPU        -           undoc
            -      DB:E4     FNSETPM     -             -    FPU        -           undoc
            """;

    private X87Rows() {}
}
