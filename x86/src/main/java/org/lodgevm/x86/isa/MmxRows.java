package org.lodgevm.x86.isa;

/** Instructions on MMX registers, those of SSE and its successors among them. */
final class MmxRows {
    static final String TEXT =
            """
            # pfx  opcode    mnemonic    operands      acc  feature    OSZAPC      attributes

            # Arithmetic, logic, comparison and shuffling.
            NP     0F60      PUNPCKLBW   Pq,Qd         xr   MMX
            NP     0F61      PUNPCKLWD   Pq,Qd         xr   MMX
            NP     0F62      PUNPCKLDQ   Pq,Qd         xr   MMX
            NP     0F63      PACKSSWB    Pq,Qq         xr   MMX
            NP     0F64      PCMPGTB     Pq,Qq         xr   MMX
            NP     0F65      PCMPGTW     Pq,Qq         xr   MMX
            NP     0F66      PCMPGTD     Pq,Qq         xr   MMX
            NP     0F67      PACKUSWB    Pq,Qq         xr   MMX
            NP     0F68      PUNPCKHBW   Pq,Qq         xr   MMX
            NP     0F69      PUNPCKHWD   Pq,Qq         xr   MMX
            NP     0F6A      PUNPCKHDQ   Pq,Qq         xr   MMX
            NP     0F6B      PACKSSDW    Pq,Qq         xr   MMX
            NP     0F74      PCMPEQB     Pq,Qq         xr   MMX
            NP     0F75      PCMPEQW     Pq,Qq         xr   MMX
            NP     0F76      PCMPEQD     Pq,Qq         xr   MMX
            NP     0FD1      PSRLW       Pq,Qq         xr   MMX
            NP     0FD2      PSRLD       Pq,Qq         xr   MMX
            NP     0FD3      PSRLQ       Pq,Qq         xr   MMX
            NP     0FD4      PADDQ       Pq,Qq         xr   SSE2
            NP     0FD5      PMULLW      Pq,Qq         xr   MMX
            NP     0FD8      PSUBUSB     Pq,Qq         xr   MMX
            NP     0FD9      PSUBUSW     Pq,Qq         xr   MMX
            NP     0FDA      PMINUB      Pq,Qq         xr   SSE
            NP     0FDB      PAND        Pq,Qq         xr   MMX
            NP     0FDC      PADDUSB     Pq,Qq         xr   MMX
            NP     0FDD      PADDUSW     Pq,Qq         xr   MMX
            NP     0FDE      PMAXUB      Pq,Qq         xr   SSE
            NP     0FDF      PANDN       Pq,Qq         xr   MMX
            NP     0FE0      PAVGB       Pq,Qq         xr   SSE
            NP     0FE1      PSRAW       Pq,Qq         xr   MMX
            NP     0FE2      PSRAD       Pq,Qq         xr   MMX
            NP     0FE3      PAVGW       Pq,Qq         xr   SSE
            NP     0FE4      PMULHUW     Pq,Qq         xr   SSE
            NP     0FE5      PMULHW      Pq,Qq         xr   MMX
            NP     0FE8      PSUBSB      Pq,Qq         xr   MMX
            NP     0FE9      PSUBSW      Pq,Qq         xr   MMX
            NP     0FEA      PMINSW      Pq,Qq         xr   SSE
            NP     0FEB      POR         Pq,Qq         xr   MMX
            NP     0FEC      PADDSB      Pq,Qq         xr   MMX
            NP     0FED      PADDSW      Pq,Qq         xr   MMX
            NP     0FEE      PMAXSW      Pq,Qq         xr   SSE
            NP     0FEF      PXOR        Pq,Qq         xr   MMX
            NP     0FF1      PSLLW       Pq,Qq         xr   MMX
            NP     0FF2      PSLLD       Pq,Qq         xr   MMX
            NP     0FF3      PSLLQ       Pq,Qq         xr   MMX
            NP     0FF4      PMULUDQ     Pq,Qq         xr   SSE2
            NP     0FF5      PMADDWD     Pq,Qq         xr   MMX
            NP     0FF6      PSADBW      Pq,Qq         xr   SSE
            NP     0FF8      PSUBB       Pq,Qq         xr   MMX
            NP     0FF9      PSUBW       Pq,Qq         xr   MMX
            NP     0FFA      PSUBD       Pq,Qq         xr   MMX
            NP     0FFB      PSUBQ       Pq,Qq         xr   SSE2
            NP     0FFC      PADDB       Pq,Qq         xr   MMX
            NP     0FFD      PADDW       Pq,Qq         xr   MMX
            NP     0FFE      PADDD       Pq,Qq         xr   MMX
            NP     0F71/2    PSRLW       Nq,Ib         xr   MMX
            NP     0F71/4    PSRAW       Nq,Ib         xr   MMX
            NP     0F71/6    PSLLW       Nq,Ib         xr   MMX
            NP     0F72/2    PSRLD       Nq,Ib         xr   MMX
            NP     0F72/4    PSRAD       Nq,Ib         xr   MMX
            NP     0F72/6    PSLLD       Nq,Ib         xr   MMX
            NP     0F73/2    PSRLQ       Nq,Ib         xr   MMX
            NP     0F73/6    PSLLQ       Nq,Ib         xr   MMX
            NP     0F3800    PSHUFB      Pq,Qq         xr   SSSE3
            NP     0F3801    PHADDW      Pq,Qq         xr   SSSE3
            NP     0F3802    PHADDD      Pq,Qq         xr   SSSE3
            NP     0F3803    PHADDSW     Pq,Qq         xr   SSSE3
            NP     0F3804    PMADDUBSW   Pq,Qq         xr   SSSE3
            NP     0F3805    PHSUBW      Pq,Qq         xr   SSSE3
            NP     0F3806    PHSUBD      Pq,Qq         xr   SSSE3
            NP     0F3807    PHSUBSW     Pq,Qq         xr   SSSE3
            NP     0F3808    PSIGNB      Pq,Qq         xr   SSSE3
            NP     0F3809    PSIGNW      Pq,Qq         xr   SSSE3
            NP     0F380A    PSIGND      Pq,Qq         xr   SSSE3
            NP     0F380B    PMULHRSW    Pq,Qq         xr   SSSE3
            NP     0F381C    PABSB       Pq,Qq         wr   SSSE3
            NP     0F381D    PABSW       Pq,Qq         wr   SSSE3
            NP     0F381E    PABSD       Pq,Qq         wr   SSSE3
            NP     0F3A0F    PALIGNR     Pq,Qq,Ib      xrr  SSSE3
            NP     0F70      PSHUFW      Pq,Qq,Ib      wrr  SSE

            # Data movement.
            NP     0F6E      MOVD        Py,Ey         wr   MMX
            NP     0F7E      MOVD        Ey,Py         wr   MMX
            NP     0F6F      MOVQ        Pq,Qq         wr   MMX
            NP     0F7F      MOVQ        Qq,Pq         wr   MMX
            NP     0FC4      PINSRW      Pq,Rd/Mw,Ib   xrr  SSE
            NP     0FC5      PEXTRW      Gd,Nq,Ib      wrr  SSE
            NP     0FD7      PMOVMSKB    Gy,Nq         wr   SSE
            NP     0FE7      MOVNTQ      Mq,Pq         wr   SSE
            NP     0FF7      MASKMOVQ    Pq,Nq         rr   SSE        -           r:di
            F3     0FD6      MOVQ2DQ     Vdq,Nq        wr   SSE2
            F2     0FD6      MOVDQ2Q     Pq,Uq         wr   SSE2
            NP     0F77      EMMS        -             -    MMX

            # Conversions between MMX integers and floating point in XMM registers.
            NP     0F2A      CVTPI2PS    Vq,Qpi        wr   SSE
            66     0F2A      CVTPI2PD    Vpd,Qpi       wr   SSE2
            NP     0F2C      CVTTPS2PI   Ppi,Wq        wr   SSE
            66     0F2C      CVTTPD2PI   Ppi,Wpd       wr   SSE2
            NP     0F2D      CVTPS2PI    Ppi,Wq        wr   SSE
            66     0F2D      CVTPD2PI    Ppi,Wpd       wr   SSE2
            """;

    private MmxRows() {}
}
