package org.lodgevm.x86.isa;

/** Instructions on XMM registers in their legacy encoding. */
final class SseRows {
    static final String TEXT =
            """
            # pfx  opcode    mnemonic    operands      acc  feature    OSZAPC      attributes

            # Moves.
            NP     0F10      MOVUPS      Vps,Wps       wr   SSE        -           unaligned
            66     0F10      MOVUPD      Vpd,Wpd       wr   SSE2       -           unaligned
            F3     0F10      MOVSS       Vss,Wss       wr   SSE
            F2     0F10      MOVSD       Vsd,Wsd       wr   SSE2
            NP     0F11      MOVUPS      Wps,Vps       wr   SSE        -           unaligned
            66     0F11      MOVUPD      Wpd,Vpd       wr   SSE2       -           unaligned
            F3     0F11      MOVSS       Wss,Vss       wr   SSE
            F2     0F11      MOVSD       Wsd,Vsd       wr   SSE2
            NP     0F12      MOVLPS      Vq,Mq         wr   SSE
            NP     0F12      MOVHLPS     Vq,Udq        wr   SSE
            66     0F12      MOVLPD      Vq,Mq         wr   SSE2
            F3     0F12      MOVSLDUP    Vps,Wps       wr   SSE3
            F2     0F12      MOVDDUP     Vpd,Wq        wr   SSE3
            NP     0F13      MOVLPS      Mq,Vq         wr   SSE
            66     0F13      MOVLPD      Mq,Vq         wr   SSE2
            NP     0F16      MOVHPS      Vdq,Mq        wr   SSE
            NP     0F16      MOVLHPS     Vdq,Uq        wr   SSE
            66     0F16      MOVHPD      Vdq,Mq        wr   SSE2
            F3     0F16      MOVSHDUP    Vps,Wps       wr   SSE3
            NP     0F17      MOVHPS      Mq,Vdq        wr   SSE
            66     0F17      MOVHPD      Mq,Vdq        wr   SSE2
            NP     0F28      MOVAPS      Vps,Wps       wr   SSE
            66     0F28      MOVAPD      Vpd,Wpd       wr   SSE2
            NP     0F29      MOVAPS      Wps,Vps       wr   SSE
            66     0F29      MOVAPD      Wpd,Vpd       wr   SSE2
            NP     0F2B      MOVNTPS     Mps,Vps       wr   SSE
            66     0F2B      MOVNTPD     Mpd,Vpd       wr   SSE2
            NP     0F50      MOVMSKPS    Gy,Ups        wr   SSE
            66     0F50      MOVMSKPD    Gy,Upd        wr   SSE2
            66     0F6E      MOVD        Vy,Ey         wr   SSE2
            66     0F7E      MOVD        Ey,Vy         wr   SSE2
            F3     0F7E      MOVQ        Vq,Wq         wr   SSE2
            66     0FD6      MOVQ        Wq,Vq         wr   SSE2
            66     0F6F      MOVDQA      Vdq,Wdq       wr   SSE2
            F3     0F6F      MOVDQU      Vdq,Wdq       wr   SSE2       -           unaligned
            66     0F7F      MOVDQA      Wdq,Vdq       wr   SSE2
            F3     0F7F      MOVDQU      Wdq,Vdq       wr   SSE2       -           unaligned
            66     0FD7      PMOVMSKB    Gy,Udq        wr   SSE2
            66     0FE7      MOVNTDQ     Mdq,Vdq       wr   SSE2
            F2     0FF0      LDDQU       Vdq,Mdq       wr   SSE3       -           unaligned
            66     0F382A    MOVNTDQA    Vdq,Mdq       wr   SSE4_1
            66     0FF7      MASKMOVDQU  Vdq,Udq       rr   SSE2       -           r:di
            66     0F3820    PMOVSXBW    Vdq,Udq/Mq    wr   SSE4_1
            66     0F3821    PMOVSXBD    Vdq,Udq/Md    wr   SSE4_1
            66     0F3822    PMOVSXBQ    Vdq,Udq/Mw    wr   SSE4_1
            66     0F3823    PMOVSXWD    Vdq,Udq/Mq    wr   SSE4_1
            66     0F3824    PMOVSXWQ    Vdq,Udq/Md    wr   SSE4_1
            66     0F3825    PMOVSXDQ    Vdq,Udq/Mq    wr   SSE4_1
            66     0F3830    PMOVZXBW    Vdq,Udq/Mq    wr   SSE4_1
            66     0F3831    PMOVZXBD    Vdq,Udq/Md    wr   SSE4_1
            66     0F3832    PMOVZXBQ    Vdq,Udq/Mw    wr   SSE4_1
            66     0F3833    PMOVZXWD    Vdq,Udq/Mq    wr   SSE4_1
            66     0F3834    PMOVZXWQ    Vdq,Udq/Md    wr   SSE4_1
            66     0F3835    PMOVZXDQ    Vdq,Udq/Mq    wr   SSE4_1
            NP     0FAE/2    LDMXCSR     Md            r    SSE        -           sse
            NP     0FAE/3    STMXCSR     Md            w    SSE        -           sse

            # Insertion and extraction. The operand size of the forms with y chooses between D and Q in their names.
            66     0FC4      PINSRW      Vdq,Rd/Mw,Ib  xrr  SSE2
            66     0FC5      PEXTRW      Gd,Udq,Ib     wrr  SSE2
            66     0F3A14    PEXTRB      Ry/Mb,Vdq,Ib  wrr  SSE4_1
            66     0F3A15    PEXTRW      Ry/Mw,Vdq,Ib  wrr  SSE4_1
            66     0F3A16    PEXTRD      Ey,Vdq,Ib     wrr  SSE4_1
            66     0F3A17    EXTRACTPS   Ry/Md,Vdq,Ib  wrr  SSE4_1
            66     0F3A20    PINSRB      Vdq,Rd/Mb,Ib  xrr  SSE4_1
            66     0F3A21    INSERTPS    Vdq,Udq/Md,Ib xrr  SSE4_1
            66     0F3A22    PINSRD      Vdq,Ey,Ib     xrr  SSE4_1

            # Floating-point arithmetic and logic.
            NP     0F51      SQRTPS      Vps,Wps       wr   SSE
            66     0F51      SQRTPD      Vpd,Wpd       wr   SSE2
            F3     0F51      SQRTSS      Vss,Wss       wr   SSE
            F2     0F51      SQRTSD      Vsd,Wsd       wr   SSE2
            NP     0F52      RSQRTPS     Vps,Wps       wr   SSE
            F3     0F52      RSQRTSS     Vss,Wss       wr   SSE
            NP     0F53      RCPPS       Vps,Wps       wr   SSE
            F3     0F53      RCPSS       Vss,Wss       wr   SSE
            NP     0F54      ANDPS       Vps,Wps       xr   SSE
            66     0F54      ANDPD       Vpd,Wpd       xr   SSE2
            NP     0F55      ANDNPS      Vps,Wps       xr   SSE
            66     0F55      ANDNPD      Vpd,Wpd       xr   SSE2
            NP     0F56      ORPS        Vps,Wps       xr   SSE
            66     0F56      ORPD        Vpd,Wpd       xr   SSE2
            NP     0F57      XORPS       Vps,Wps       xr   SSE
            66     0F57      XORPD       Vpd,Wpd       xr   SSE2
            NP     0F58      ADDPS       Vps,Wps       xr   SSE
            66     0F58      ADDPD       Vpd,Wpd       xr   SSE2
            F3     0F58      ADDSS       Vss,Wss       xr   SSE
            F2     0F58      ADDSD       Vsd,Wsd       xr   SSE2
            NP     0F59      MULPS       Vps,Wps       xr   SSE
            66     0F59      MULPD       Vpd,Wpd       xr   SSE2
            F3     0F59      MULSS       Vss,Wss       xr   SSE
            F2     0F59      MULSD       Vsd,Wsd       xr   SSE2
            NP     0F5C      SUBPS       Vps,Wps       xr   SSE
            66     0F5C      SUBPD       Vpd,Wpd       xr   SSE2
            F3     0F5C      SUBSS       Vss,Wss       xr   SSE
            F2     0F5C      SUBSD       Vsd,Wsd       xr   SSE2
            NP     0F5D      MINPS       Vps,Wps       xr   SSE
            66     0F5D      MINPD       Vpd,Wpd       xr   SSE2
            F3     0F5D      MINSS       Vss,Wss       xr   SSE
            F2     0F5D      MINSD       Vsd,Wsd       xr   SSE2
            NP     0F5E      DIVPS       Vps,Wps       xr   SSE
            66     0F5E      DIVPD       Vpd,Wpd       xr   SSE2
            F3     0F5E      DIVSS       Vss,Wss       xr   SSE
            F2     0F5E      DIVSD       Vsd,Wsd       xr   SSE2
            NP     0F5F      MAXPS       Vps,Wps       xr   SSE
            66     0F5F      MAXPD       Vpd,Wpd       xr   SSE2
            F3     0F5F      MAXSS       Vss,Wss       xr   SSE
            F2     0F5F      MAXSD       Vsd,Wsd       xr   SSE2
            66     0F7C      HADDPD      Vpd,Wpd       xr   SSE3
            F2     0F7C      HADDPS      Vps,Wps       xr   SSE3
            66     0F7D      HSUBPD      Vpd,Wpd       xr   SSE3
            F2     0F7D      HSUBPS      Vps,Wps       xr   SSE3
            66     0FD0      ADDSUBPD    Vpd,Wpd       xr   SSE3
            F2     0FD0      ADDSUBPS    Vps,Wps       xr   SSE3
            66     0F3A08    ROUNDPS     Vps,Wps,Ib    wrr  SSE4_1
            66     0F3A09    ROUNDPD     Vpd,Wpd,Ib    wrr  SSE4_1
            66     0F3A0A    ROUNDSS     Vss,Wss,Ib    wrr  SSE4_1
            66     0F3A0B    ROUNDSD     Vsd,Wsd,Ib    wrr  SSE4_1
            66     0F3A40    DPPS        Vps,Wps,Ib    xrr  SSE4_1
            66     0F3A41    DPPD        Vpd,Wpd,Ib    xrr  SSE4_1

            # Floating-point comparison, blending and shuffling.
            NP     0F2E      UCOMISS     Vss,Wss       rr   SSE        00M0MM
            66     0F2E      UCOMISD     Vsd,Wsd       rr   SSE2       00M0MM
            NP     0F2F      COMISS      Vss,Wss       rr   SSE        00M0MM
            66     0F2F      COMISD      Vsd,Wsd       rr   SSE2       00M0MM
            NP     0FC2      CMPPS       Vps,Wps,Ib    xrr  SSE
            66     0FC2      CMPPD       Vpd,Wpd,Ib    xrr  SSE2
            F3     0FC2      CMPSS       Vss,Wss,Ib    xrr  SSE
            F2     0FC2      CMPSD       Vsd,Wsd,Ib    xrr  SSE2
            NP     0F14      UNPCKLPS    Vps,Wps       xr   SSE
            66     0F14      UNPCKLPD    Vpd,Wpd       xr   SSE2
            NP     0F15      UNPCKHPS    Vps,Wps       xr   SSE
            66     0F15      UNPCKHPD    Vpd,Wpd       xr   SSE2
            NP     0FC6      SHUFPS      Vps,Wps,Ib    xrr  SSE
            66     0FC6      SHUFPD      Vpd,Wpd,Ib    xrr  SSE2
            66     0F3A0C    BLENDPS     Vps,Wps,Ib    xrr  SSE4_1
            66     0F3A0D    BLENDPD     Vpd,Wpd,Ib    xrr  SSE4_1
            66     0F3814    BLENDVPS    Vps,Wps,XMM0  xrr  SSE4_1
            66     0F3815    BLENDVPD    Vpd,Wpd,XMM0  xrr  SSE4_1

            # Conversions.
            F3     0F2A      CVTSI2SS    Vss,Ey        wr   SSE
            F2     0F2A      CVTSI2SD    Vsd,Ey        wr   SSE2
            F3     0F2C      CVTTSS2SI   Gy,Wss        wr   SSE
            F2     0F2C      CVTTSD2SI   Gy,Wsd        wr   SSE2
            F3     0F2D      CVTSS2SI    Gy,Wss        wr   SSE
            F2     0F2D      CVTSD2SI    Gy,Wsd        wr   SSE2
            NP     0F5A      CVTPS2PD    Vpd,Wq        wr   SSE2
            66     0F5A      CVTPD2PS    Vps,Wpd       wr   SSE2
            F3     0F5A      CVTSS2SD    Vsd,Wss       wr   SSE2
            F2     0F5A      CVTSD2SS    Vss,Wsd       wr   SSE2
            NP     0F5B      CVTDQ2PS    Vps,Wdq       wr   SSE2
            66     0F5B      CVTPS2DQ    Vdq,Wps       wr   SSE2
            F3     0F5B      CVTTPS2DQ   Vdq,Wps       wr   SSE2
            66     0FE6      CVTTPD2DQ   Vdq,Wpd       wr   SSE2
            F3     0FE6      CVTDQ2PD    Vpd,Wq        wr   SSE2
            F2     0FE6      CVTPD2DQ    Vdq,Wpd       wr   SSE2

            # Integer arithmetic, logic, comparison and shuffling.
            66     0F60      PUNPCKLBW   Vdq,Wdq       xr   SSE2
            66     0F61      PUNPCKLWD   Vdq,Wdq       xr   SSE2
            66     0F62      PUNPCKLDQ   Vdq,Wdq       xr   SSE2
            66     0F63      PACKSSWB    Vdq,Wdq       xr   SSE2
            66     0F64      PCMPGTB     Vdq,Wdq       xr   SSE2
            66     0F65      PCMPGTW     Vdq,Wdq       xr   SSE2
            66     0F66      PCMPGTD     Vdq,Wdq       xr   SSE2
            66     0F67      PACKUSWB    Vdq,Wdq       xr   SSE2
            66     0F68      PUNPCKHBW   Vdq,Wdq       xr   SSE2
            66     0F69      PUNPCKHWD   Vdq,Wdq       xr   SSE2
            66     0F6A      PUNPCKHDQ   Vdq,Wdq       xr   SSE2
            66     0F6B      PACKSSDW    Vdq,Wdq       xr   SSE2
            66     0F6C      PUNPCKLQDQ  Vdq,Wdq       xr   SSE2
            66     0F6D      PUNPCKHQDQ  Vdq,Wdq       xr   SSE2
            66     0F74      PCMPEQB     Vdq,Wdq       xr   SSE2
            66     0F75      PCMPEQW     Vdq,Wdq       xr   SSE2
            66     0F76      PCMPEQD     Vdq,Wdq       xr   SSE2
            66     0FD1      PSRLW       Vdq,Wdq       xr   SSE2
            66     0FD2      PSRLD       Vdq,Wdq       xr   SSE2
            66     0FD3      PSRLQ       Vdq,Wdq       xr   SSE2
            66     0FD4      PADDQ       Vdq,Wdq       xr   SSE2
            66     0FD5      PMULLW      Vdq,Wdq       xr   SSE2
            66     0FD8      PSUBUSB     Vdq,Wdq       xr   SSE2
            66     0FD9      PSUBUSW     Vdq,Wdq       xr   SSE2
            66     0FDA      PMINUB      Vdq,Wdq       xr   SSE2
            66     0FDB      PAND        Vdq,Wdq       xr   SSE2
            66     0FDC      PADDUSB     Vdq,Wdq       xr   SSE2
            66     0FDD      PADDUSW     Vdq,Wdq       xr   SSE2
            66     0FDE      PMAXUB      Vdq,Wdq       xr   SSE2
            66     0FDF      PANDN       Vdq,Wdq       xr   SSE2
            66     0FE0      PAVGB       Vdq,Wdq       xr   SSE2
            66     0FE1      PSRAW       Vdq,Wdq       xr   SSE2
            66     0FE2      PSRAD       Vdq,Wdq       xr   SSE2
            66     0FE3      PAVGW       Vdq,Wdq       xr   SSE2
            66     0FE4      PMULHUW     Vdq,Wdq       xr   SSE2
            66     0FE5      PMULHW      Vdq,Wdq       xr   SSE2
            66     0FE8      PSUBSB      Vdq,Wdq       xr   SSE2
            66     0FE9      PSUBSW      Vdq,Wdq       xr   SSE2
            66     0FEA      PMINSW      Vdq,Wdq       xr   SSE2
            66     0FEB      POR         Vdq,Wdq       xr   SSE2
            66     0FEC      PADDSB      Vdq,Wdq       xr   SSE2
            66     0FED      PADDSW      Vdq,Wdq       xr   SSE2
            66     0FEE      PMAXSW      Vdq,Wdq       xr   SSE2
            66     0FEF      PXOR        Vdq,Wdq       xr   SSE2
            66     0FF1      PSLLW       Vdq,Wdq       xr   SSE2
            66     0FF2      PSLLD       Vdq,Wdq       xr   SSE2
            66     0FF3      PSLLQ       Vdq,Wdq       xr   SSE2
            66     0FF4      PMULUDQ     Vdq,Wdq       xr   SSE2
            66     0FF5      PMADDWD     Vdq,Wdq       xr   SSE2
            66     0FF6      PSADBW      Vdq,Wdq       xr   SSE2
            66     0FF8      PSUBB       Vdq,Wdq       xr   SSE2
            66     0FF9      PSUBW       Vdq,Wdq       xr   SSE2
            66     0FFA      PSUBD       Vdq,Wdq       xr   SSE2
            66     0FFB      PSUBQ       Vdq,Wdq       xr   SSE2
            66     0FFC      PADDB       Vdq,Wdq       xr   SSE2
            66     0FFD      PADDW       Vdq,Wdq       xr   SSE2
            66     0FFE      PADDD       Vdq,Wdq       xr   SSE2
            66     0F71/2    PSRLW       Udq,Ib        xr   SSE2
            66     0F71/4    PSRAW       Udq,Ib        xr   SSE2
            66     0F71/6    PSLLW       Udq,Ib        xr   SSE2
            66     0F72/2    PSRLD       Udq,Ib        xr   SSE2
            66     0F72/4    PSRAD       Udq,Ib        xr   SSE2
            66     0F72/6    PSLLD       Udq,Ib        xr   SSE2
            66     0F73/2    PSRLQ       Udq,Ib        xr   SSE2
            66     0F73/6    PSLLQ       Udq,Ib        xr   SSE2
            66     0F73/3    PSRLDQ      Udq,Ib        xr   SSE2
            66     0F73/7    PSLLDQ      Udq,Ib        xr   SSE2
            66     0F70      PSHUFD      Vdq,Wdq,Ib    wrr  SSE2
            F3     0F70      PSHUFHW     Vdq,Wdq,Ib    wrr  SSE2
            F2     0F70      PSHUFLW     Vdq,Wdq,Ib    wrr  SSE2
            66     0F3800    PSHUFB      Vdq,Wdq       xr   SSSE3
            66     0F3801    PHADDW      Vdq,Wdq       xr   SSSE3
            66     0F3802    PHADDD      Vdq,Wdq       xr   SSSE3
            66     0F3803    PHADDSW     Vdq,Wdq       xr   SSSE3
            66     0F3804    PMADDUBSW   Vdq,Wdq       xr   SSSE3
            66     0F3805    PHSUBW      Vdq,Wdq       xr   SSSE3
            66     0F3806    PHSUBD      Vdq,Wdq       xr   SSSE3
            66     0F3807    PHSUBSW     Vdq,Wdq       xr   SSSE3
            66     0F3808    PSIGNB      Vdq,Wdq       xr   SSSE3
            66     0F3809    PSIGNW      Vdq,Wdq       xr   SSSE3
            66     0F380A    PSIGND      Vdq,Wdq       xr   SSSE3
            66     0F380B    PMULHRSW    Vdq,Wdq       xr   SSSE3
            66     0F381C    PABSB       Vdq,Wdq       wr   SSSE3
            66     0F381D    PABSW       Vdq,Wdq       wr   SSSE3
            66     0F381E    PABSD       Vdq,Wdq       wr   SSSE3
            66     0F3A0F    PALIGNR     Vdq,Wdq,Ib    xrr  SSSE3
            66     0F3828    PMULDQ      Vdq,Wdq       xr   SSE4_1
            66     0F3829    PCMPEQQ     Vdq,Wdq       xr   SSE4_1
            66     0F382B    PACKUSDW    Vdq,Wdq       xr   SSE4_1
            66     0F3838    PMINSB      Vdq,Wdq       xr   SSE4_1
            66     0F3839    PMINSD      Vdq,Wdq       xr   SSE4_1
            66     0F383A    PMINUW      Vdq,Wdq       xr   SSE4_1
            66     0F383B    PMINUD      Vdq,Wdq       xr   SSE4_1
            66     0F383C    PMAXSB      Vdq,Wdq       xr   SSE4_1
            66     0F383D    PMAXSD      Vdq,Wdq       xr   SSE4_1
            66     0F383E    PMAXUW      Vdq,Wdq       xr   SSE4_1
            66     0F383F    PMAXUD      Vdq,Wdq       xr   SSE4_1
            66     0F3840    PMULLD      Vdq,Wdq       xr   SSE4_1
            66     0F3837    PCMPGTQ     Vdq,Wdq       xr   SSE4_2
            66     0F3841    PHMINPOSUW  Vdq,Wdq       wr   SSE4_1
            66     0F3817    PTEST       Vdq,Wdq       rr   SSE4_1     00M00M
            66     0F3810    PBLENDVB    Vdq,Wdq,XMM0  xrr  SSE4_1
            66     0F3A0E    PBLENDW     Vdq,Wdq,Ib    xrr  SSE4_1
            66     0F3A42    MPSADBW     Vdq,Wdq,Ib    xrr  SSE4_1

            # Text. REX.W makes the explicit lengths 64 bits wide. The results go to XMM0 or rCX.
            66     0F3A60    PCMPESTRM   Vdq,Wdq,Ib    rrr  SSE4_2     MMM00M      unaligned,r:ax+dx
            66     0F3A61    PCMPESTRI   Vdq,Wdq,Ib    rrr  SSE4_2     MMM00M      unaligned,r:ax+dx,w:cx
            66     0F3A62    PCMPISTRM   Vdq,Wdq,Ib    rrr  SSE4_2     MMM00M      unaligned
            66     0F3A63    PCMPISTRI   Vdq,Wdq,Ib    rrr  SSE4_2     MMM00M      unaligned,w:cx

            # Cryptography.
            66     0F38DB    AESIMC      Vdq,Wdq       wr   AES
            66     0F38DC    AESENC      Vdq,Wdq       xr   AES
            66     0F38DD    AESENCLAST  Vdq,Wdq       xr   AES
            66     0F38DE    AESDEC      Vdq,Wdq       xr   AES
            66     0F38DF    AESDECLAST  Vdq,Wdq       xr   AES
            66     0F3ADF    AESKEYGENASSIST Vdq,Wdq,Ib    wrr  AES
            66     0F3A44    PCLMULQDQ   Vdq,Wdq,Ib    xrr  PCLMULQDQ
            NP     0F38C8    SHA1NEXTE   Vdq,Wdq       xr   SHA
            NP     0F38C9    SHA1MSG1    Vdq,Wdq       xr   SHA
            NP     0F38CA    SHA1MSG2    Vdq,Wdq       xr   SHA
            NP     0F38CB    SHA256RNDS2 Vdq,Wdq,XMM0  xrr  SHA
            NP     0F38CC    SHA256MSG1  Vdq,Wdq       xr   SHA
            NP     0F38CD    SHA256MSG2  Vdq,Wdq       xr   SHA
            NP     0F3ACC    SHA1RNDS4   Vdq,Wdq,Ib    xrr  SHA
            """;

    private SseRows() {}
}
