package org.lodgevm.x86.isa;

/** Vectors of integers, with a VEX prefix. */
final class AvxIntegerRows {
    static final String TEXT =
            """
            # pfx         opcode    mnemonic      operands          acc  feature    OSZAPC      attributes

            # Arithmetic, logic, comparison and shuffling.
            VEX.L*.66.WIG 0F60      VPUNPCKLBW    Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F61      VPUNPCKLWD    Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F62      VPUNPCKLDQ    Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F63      VPACKSSWB     Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F64      VPCMPGTB      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F65      VPCMPGTW      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F66      VPCMPGTD      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F67      VPACKUSWB     Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F68      VPUNPCKHBW    Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F69      VPUNPCKHWD    Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F6A      VPUNPCKHDQ    Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F6B      VPACKSSDW     Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F6C      VPUNPCKLQDQ   Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F6D      VPUNPCKHQDQ   Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F74      VPCMPEQB      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F75      VPCMPEQW      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F76      VPCMPEQD      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FD1      VPSRLW        Vx,Hx,Wdq         wrr  AVX/AVX2
            VEX.L*.66.WIG 0FD2      VPSRLD        Vx,Hx,Wdq         wrr  AVX/AVX2
            VEX.L*.66.WIG 0FD3      VPSRLQ        Vx,Hx,Wdq         wrr  AVX/AVX2
            VEX.L*.66.WIG 0FD4      VPADDQ        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FD5      VPMULLW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FD8      VPSUBUSB      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FD9      VPSUBUSW      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FDA      VPMINUB       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FDB      VPAND         Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FDC      VPADDUSB      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FDD      VPADDUSW      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FDE      VPMAXUB       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FDF      VPANDN        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FE0      VPAVGB        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FE1      VPSRAW        Vx,Hx,Wdq         wrr  AVX/AVX2
            VEX.L*.66.WIG 0FE2      VPSRAD        Vx,Hx,Wdq         wrr  AVX/AVX2
            VEX.L*.66.WIG 0FE3      VPAVGW        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FE4      VPMULHUW      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FE5      VPMULHW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FE8      VPSUBSB       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FE9      VPSUBSW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FEA      VPMINSW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FEB      VPOR          Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FEC      VPADDSB       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FED      VPADDSW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FEE      VPMAXSW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FEF      VPXOR         Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FF1      VPSLLW        Vx,Hx,Wdq         wrr  AVX/AVX2
            VEX.L*.66.WIG 0FF2      VPSLLD        Vx,Hx,Wdq         wrr  AVX/AVX2
            VEX.L*.66.WIG 0FF3      VPSLLQ        Vx,Hx,Wdq         wrr  AVX/AVX2
            VEX.L*.66.WIG 0FF4      VPMULUDQ      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FF5      VPMADDWD      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FF6      VPSADBW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FF8      VPSUBB        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FF9      VPSUBW        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FFA      VPSUBD        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FFB      VPSUBQ        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FFC      VPADDB        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FFD      VPADDW        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0FFE      VPADDD        Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F71/2    VPSRLW        Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F71/4    VPSRAW        Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F71/6    VPSLLW        Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F72/2    VPSRLD        Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F72/4    VPSRAD        Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F72/6    VPSLLD        Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F73/2    VPSRLQ        Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F73/6    VPSLLQ        Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F73/3    VPSRLDQ       Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F73/7    VPSLLDQ       Hx,Ux,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F70      VPSHUFD       Vx,Wx,Ib          wrr  AVX/AVX2
            VEX.L*.F3.WIG 0F70      VPSHUFHW      Vx,Wx,Ib          wrr  AVX/AVX2
            VEX.L*.F2.WIG 0F70      VPSHUFLW      Vx,Wx,Ib          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3800    VPSHUFB       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3801    VPHADDW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3802    VPHADDD       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3803    VPHADDSW      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3804    VPMADDUBSW    Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3805    VPHSUBW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3806    VPHSUBD       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3807    VPHSUBSW      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3808    VPSIGNB       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3809    VPSIGNW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F380A    VPSIGND       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F380B    VPMULHRSW     Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F381C    VPABSB        Vx,Wx             wr   AVX/AVX2
            VEX.L*.66.WIG 0F381D    VPABSW        Vx,Wx             wr   AVX/AVX2
            VEX.L*.66.WIG 0F381E    VPABSD        Vx,Wx             wr   AVX/AVX2
            VEX.L*.66.WIG 0F3A0F    VPALIGNR      Vx,Hx,Wx,Ib       wrrr AVX/AVX2
            VEX.L*.66.WIG 0F3828    VPMULDQ       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3829    VPCMPEQQ      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F382B    VPACKUSDW     Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3838    VPMINSB       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3839    VPMINSD       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F383A    VPMINUW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F383B    VPMINUD       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F383C    VPMAXSB       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F383D    VPMAXSD       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F383E    VPMAXUW       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F383F    VPMAXUD       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3840    VPMULLD       Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L*.66.WIG 0F3837    VPCMPGTQ      Vx,Hx,Wx          wrr  AVX/AVX2
            VEX.L0.66.WIG 0F3841    VPHMINPOSUW   Vdq,Wdq           wr   AVX
            VEX.L*.66.WIG 0F3817    VPTEST        Vx,Wx             rr   AVX        00M00M
            VEX.L*.66.W0  0F3A4C    VPBLENDVB     Vx,Hx,Wx,Lx       wrrr AVX/AVX2
            VEX.L*.66.WIG 0F3A0E    VPBLENDW      Vx,Hx,Wx,Ib       wrrr AVX/AVX2
            VEX.L*.66.WIG 0F3A42    VMPSADBW      Vx,Hx,Wx,Ib       wrrr AVX/AVX2

            # What AVX2 brought.
            VEX.L*.66.W0  0F3A02    VPBLENDD      Vx,Hx,Wx,Ib       wrrr AVX2
            VEX.L*.66.W0  0F3878    VPBROADCASTB  Vx,Udq/Mb         wr   AVX2
            VEX.L*.66.W0  0F3879    VPBROADCASTW  Vx,Udq/Mw         wr   AVX2
            VEX.L*.66.W0  0F3858    VPBROADCASTD  Vx,Udq/Md         wr   AVX2
            VEX.L*.66.W0  0F3859    VPBROADCASTQ  Vx,Udq/Mq         wr   AVX2
            VEX.L1.66.W0  0F385A    VBROADCASTI128 Vx,Mdq            wr   AVX2
            VEX.L1.66.W0  0F3A38    VINSERTI128   Vx,Hx,Wdq,Ib      wrrr AVX2
            VEX.L1.66.W0  0F3A39    VEXTRACTI128  Wdq,Vx,Ib         wrr  AVX2
            VEX.L1.66.W0  0F3A46    VPERM2I128    Vx,Hx,Wx,Ib       wrrr AVX2
            VEX.L1.66.W0  0F3836    VPERMD        Vx,Hx,Wx          wrr  AVX2
            VEX.L1.66.W1  0F3A00    VPERMQ        Vx,Wx,Ib          wrr  AVX2
            VEX.L*.66.W0  0F3845    VPSRLVD       Vx,Hx,Wx          wrr  AVX2
            VEX.L*.66.W1  0F3845    VPSRLVQ       Vx,Hx,Wx          wrr  AVX2
            VEX.L*.66.W0  0F3847    VPSLLVD       Vx,Hx,Wx          wrr  AVX2
            VEX.L*.66.W1  0F3847    VPSLLVQ       Vx,Hx,Wx          wrr  AVX2
            VEX.L*.66.W0  0F3846    VPSRAVD       Vx,Hx,Wx          wrr  AVX2
            VEX.L*.66.W0  0F388C    VPMASKMOVD    Vx,Hx,Mx          wrr  AVX2
            VEX.L*.66.W0  0F388E    VPMASKMOVD    Mx,Hx,Vx          wrr  AVX2
            VEX.L*.66.W1  0F388C    VPMASKMOVQ    Vx,Hx,Mx          wrr  AVX2
            VEX.L*.66.W1  0F388E    VPMASKMOVQ    Mx,Hx,Vx          wrr  AVX2

            # Gathers. The index of the address is a vector; the mask, which vvvv names, is cleared element by element.
            VEX.L*.66.W0  0F3890    VPGATHERDD    Vx,Md,Hx          xrx  AVX2       -           vsib
            VEX.L*.66.W1  0F3890    VPGATHERDQ    Vx,Mq,Hx          xrx  AVX2       -           vsibx
            VEX.L*.66.W0  0F3891    VPGATHERQD    Vdq,Md,Hdq        xrx  AVX2       -           vsib
            VEX.L*.66.W1  0F3891    VPGATHERQQ    Vx,Mq,Hx          xrx  AVX2       -           vsib
            VEX.L*.66.W0  0F3892    VGATHERDPS    Vx,Md,Hx          xrx  AVX2       -           vsib
            VEX.L*.66.W1  0F3892    VGATHERDPD    Vx,Mq,Hx          xrx  AVX2       -           vsibx
            VEX.L*.66.W0  0F3893    VGATHERQPS    Vdq,Md,Hdq        xrx  AVX2       -           vsib
            VEX.L*.66.W1  0F3893    VGATHERQPD    Vx,Mq,Hx          xrx  AVX2       -           vsib

            # Widening of the lowest elements.
            VEX.L0.66.WIG 0F3820    VPMOVSXBW     Vdq,Udq/Mq        wr   AVX
            VEX.L1.66.WIG 0F3820    VPMOVSXBW     Vx,Wdq            wr   AVX2
            VEX.L0.66.WIG 0F3830    VPMOVZXBW     Vdq,Udq/Mq        wr   AVX
            VEX.L1.66.WIG 0F3830    VPMOVZXBW     Vx,Wdq            wr   AVX2
            VEX.L0.66.WIG 0F3821    VPMOVSXBD     Vdq,Udq/Md        wr   AVX
            VEX.L1.66.WIG 0F3821    VPMOVSXBD     Vx,Udq/Mq         wr   AVX2
            VEX.L0.66.WIG 0F3831    VPMOVZXBD     Vdq,Udq/Md        wr   AVX
            VEX.L1.66.WIG 0F3831    VPMOVZXBD     Vx,Udq/Mq         wr   AVX2
            VEX.L0.66.WIG 0F3822    VPMOVSXBQ     Vdq,Udq/Mw        wr   AVX
            VEX.L1.66.WIG 0F3822    VPMOVSXBQ     Vx,Udq/Md         wr   AVX2
            VEX.L0.66.WIG 0F3832    VPMOVZXBQ     Vdq,Udq/Mw        wr   AVX
            VEX.L1.66.WIG 0F3832    VPMOVZXBQ     Vx,Udq/Md         wr   AVX2
            VEX.L0.66.WIG 0F3823    VPMOVSXWD     Vdq,Udq/Mq        wr   AVX
            VEX.L1.66.WIG 0F3823    VPMOVSXWD     Vx,Wdq            wr   AVX2
            VEX.L0.66.WIG 0F3833    VPMOVZXWD     Vdq,Udq/Mq        wr   AVX
            VEX.L1.66.WIG 0F3833    VPMOVZXWD     Vx,Wdq            wr   AVX2
            VEX.L0.66.WIG 0F3824    VPMOVSXWQ     Vdq,Udq/Md        wr   AVX
            VEX.L1.66.WIG 0F3824    VPMOVSXWQ     Vx,Udq/Mq         wr   AVX2
            VEX.L0.66.WIG 0F3834    VPMOVZXWQ     Vdq,Udq/Md        wr   AVX
            VEX.L1.66.WIG 0F3834    VPMOVZXWQ     Vx,Udq/Mq         wr   AVX2
            VEX.L0.66.WIG 0F3825    VPMOVSXDQ     Vdq,Udq/Mq        wr   AVX
            VEX.L1.66.WIG 0F3825    VPMOVSXDQ     Vx,Wdq            wr   AVX2
            VEX.L0.66.WIG 0F3835    VPMOVZXDQ     Vdq,Udq/Mq        wr   AVX
            VEX.L1.66.WIG 0F3835    VPMOVZXDQ     Vx,Wdq            wr   AVX2

            # Text, and cryptography.
            VEX.L0.66.WIG 0F3A60    VPCMPESTRM    Vdq,Wdq,Ib        rrr  AVX        MMM00M      r:ax+dx
            VEX.L0.66.WIG 0F3A61    VPCMPESTRI    Vdq,Wdq,Ib        rrr  AVX        MMM00M      r:ax+dx,w:cx
            VEX.L0.66.WIG 0F3A62    VPCMPISTRM    Vdq,Wdq,Ib        rrr  AVX        MMM00M
            VEX.L0.66.WIG 0F3A63    VPCMPISTRI    Vdq,Wdq,Ib        rrr  AVX        MMM00M      w:cx
            VEX.L0.66.WIG 0F38DC    VAESENC       Vdq,Hdq,Wdq       wrr  AES
            VEX.L0.66.WIG 0F38DD    VAESENCLAST   Vdq,Hdq,Wdq       wrr  AES
            VEX.L0.66.WIG 0F38DE    VAESDEC       Vdq,Hdq,Wdq       wrr  AES
            VEX.L0.66.WIG 0F38DF    VAESDECLAST   Vdq,Hdq,Wdq       wrr  AES
            VEX.L0.66.WIG 0F38DB    VAESIMC       Vdq,Wdq           wr   AES
            VEX.L0.66.WIG 0F3ADF    VAESKEYGENASSIST Vdq,Wdq,Ib        wrr  AES
            VEX.L0.66.WIG 0F3A44    VPCLMULQDQ    Vdq,Hdq,Wdq,Ib    wrrr PCLMULQDQ
            """;

    private AvxIntegerRows() {}
}
