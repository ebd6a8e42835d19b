package org.lodgevm.x86.isa;

/** Moves of vectors and floating point, with a VEX prefix. */
final class AvxRows {
    static final String TEXT =
            """
            # pfx         opcode    mnemonic      operands          acc  feature    OSZAPC      attributes

            # Moves.
            VEX.L*.NP.WIG 0F10      VMOVUPS       Vps,Wps           wr   AVX
            VEX.L*.66.WIG 0F10      VMOVUPD       Vpd,Wpd           wr   AVX
            VEX.L*.NP.WIG 0F11      VMOVUPS       Wps,Vps           wr   AVX
            VEX.L*.66.WIG 0F11      VMOVUPD       Wpd,Vpd           wr   AVX
            VEX.L*.NP.WIG 0F28      VMOVAPS       Vps,Wps           wr   AVX        -           aligned
            VEX.L*.66.WIG 0F28      VMOVAPD       Vpd,Wpd           wr   AVX        -           aligned
            VEX.L*.NP.WIG 0F29      VMOVAPS       Wps,Vps           wr   AVX        -           aligned
            VEX.L*.66.WIG 0F29      VMOVAPD       Wpd,Vpd           wr   AVX        -           aligned
            VEX.LIG.F3.WIG 0F10      VMOVSS        Vss,Md            wr   AVX
            VEX.LIG.F3.WIG 0F10      VMOVSS        Vss,Hss,Uss       wrr  AVX
            VEX.LIG.F2.WIG 0F10      VMOVSD        Vsd,Mq            wr   AVX
            VEX.LIG.F2.WIG 0F10      VMOVSD        Vsd,Hsd,Usd       wrr  AVX
            VEX.LIG.F3.WIG 0F11      VMOVSS        Md,Vss            wr   AVX
            VEX.LIG.F3.WIG 0F11      VMOVSS        Uss,Hss,Vss       wrr  AVX
            VEX.LIG.F2.WIG 0F11      VMOVSD        Mq,Vsd            wr   AVX
            VEX.LIG.F2.WIG 0F11      VMOVSD        Usd,Hsd,Vsd       wrr  AVX
            VEX.L0.NP.WIG 0F12      VMOVLPS       Vq,Hq,Mq          wrr  AVX
            VEX.L0.NP.WIG 0F12      VMOVHLPS      Vq,Hq,Udq         wrr  AVX
            VEX.L0.66.WIG 0F12      VMOVLPD       Vq,Hq,Mq          wrr  AVX
            VEX.L*.F3.WIG 0F12      VMOVSLDUP     Vps,Wps           wr   AVX
            VEX.L0.F2.WIG 0F12      VMOVDDUP      Vpd,Wq            wr   AVX
            VEX.L1.F2.WIG 0F12      VMOVDDUP      Vpd,Wpd           wr   AVX
            VEX.L0.NP.WIG 0F13      VMOVLPS       Mq,Vq             wr   AVX
            VEX.L0.66.WIG 0F13      VMOVLPD       Mq,Vq             wr   AVX
            VEX.L0.NP.WIG 0F16      VMOVHPS       Vdq,Hq,Mq         wrr  AVX
            VEX.L0.NP.WIG 0F16      VMOVLHPS      Vdq,Hq,Uq         wrr  AVX
            VEX.L0.66.WIG 0F16      VMOVHPD       Vdq,Hq,Mq         wrr  AVX
            VEX.L*.F3.WIG 0F16      VMOVSHDUP     Vps,Wps           wr   AVX
            VEX.L0.NP.WIG 0F17      VMOVHPS       Mq,Vdq            wr   AVX
            VEX.L0.66.WIG 0F17      VMOVHPD       Mq,Vdq            wr   AVX
            VEX.L*.NP.WIG 0F2B      VMOVNTPS      Mps,Vps           wr   AVX        -           aligned
            VEX.L*.66.WIG 0F2B      VMOVNTPD      Mpd,Vpd           wr   AVX        -           aligned
            VEX.L*.NP.WIG 0F50      VMOVMSKPS     Gd,Ups            wr   AVX
            VEX.L*.66.WIG 0F50      VMOVMSKPD     Gd,Upd            wr   AVX
            VEX.L0.66.WIG 0F6E      VMOVD         Vy,Ey             wr   AVX
            VEX.L0.66.WIG 0F7E      VMOVD         Ey,Vy             wr   AVX
            VEX.L0.F3.WIG 0F7E      VMOVQ         Vq,Wq             wr   AVX
            VEX.L0.66.WIG 0FD6      VMOVQ         Wq,Vq             wr   AVX
            VEX.L*.66.WIG 0F6F      VMOVDQA       Vx,Wx             wr   AVX        -           aligned
            VEX.L*.F3.WIG 0F6F      VMOVDQU       Vx,Wx             wr   AVX
            VEX.L*.66.WIG 0F7F      VMOVDQA       Wx,Vx             wr   AVX        -           aligned
            VEX.L*.F3.WIG 0F7F      VMOVDQU       Wx,Vx             wr   AVX
            VEX.L*.66.WIG 0FD7      VPMOVMSKB     Gd,Ux             wr   AVX/AVX2
            VEX.L*.66.WIG 0FE7      VMOVNTDQ      Mx,Vx             wr   AVX        -           aligned
            VEX.L*.F2.WIG 0FF0      VLDDQU        Vx,Mx             wr   AVX
            VEX.L*.66.WIG 0F382A    VMOVNTDQA     Vx,Mx             wr   AVX/AVX2   -           aligned
            VEX.L0.66.WIG 0FF7      VMASKMOVDQU   Vdq,Udq           rr   AVX        -           r:di
            VEX.L*.66.W0  0F382C    VMASKMOVPS    Vps,Hps,Mps       wrr  AVX
            VEX.L*.66.W0  0F382D    VMASKMOVPD    Vpd,Hpd,Mpd       wrr  AVX
            VEX.L*.66.W0  0F382E    VMASKMOVPS    Mps,Hps,Vps       wrr  AVX
            VEX.L*.66.W0  0F382F    VMASKMOVPD    Mpd,Hpd,Vpd       wrr  AVX
            VEX.L0.NP.WIG 0FAE/2    VLDMXCSR      Md                r    AVX        -           sse
            VEX.L0.NP.WIG 0FAE/3    VSTMXCSR      Md                w    AVX        -           sse
            VEX.L0.NP.WIG 0F77      VZEROUPPER    -                 -    AVX        -           sse
            VEX.L1.NP.WIG 0F77      VZEROALL      -                 -    AVX        -           sse

            # Broadcasts, halves and permutations.
            VEX.L*.66.W0  0F3818    VBROADCASTSS  Vps,Md            wr   AVX
            VEX.L*.66.W0  0F3818    VBROADCASTSS  Vps,Udq           wr   AVX2
            VEX.L1.66.W0  0F3819    VBROADCASTSD  Vpd,Mq            wr   AVX
            VEX.L1.66.W0  0F3819    VBROADCASTSD  Vpd,Udq           wr   AVX2
            VEX.L1.66.W0  0F381A    VBROADCASTF128 Vx,Mdq            wr   AVX
            VEX.L1.66.W0  0F3A18    VINSERTF128   Vx,Hx,Wdq,Ib      wrrr AVX
            VEX.L1.66.W0  0F3A19    VEXTRACTF128  Wdq,Vx,Ib         wrr  AVX
            VEX.L1.66.W0  0F3A06    VPERM2F128    Vx,Hx,Wx,Ib       wrrr AVX
            VEX.L*.66.W0  0F380C    VPERMILPS     Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.W0  0F380D    VPERMILPD     Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.66.W0  0F3A04    VPERMILPS     Vps,Wps,Ib        wrr  AVX
            VEX.L*.66.W0  0F3A05    VPERMILPD     Vpd,Wpd,Ib        wrr  AVX
            VEX.L1.66.W0  0F3816    VPERMPS       Vx,Hx,Wx          wrr  AVX2
            VEX.L1.66.W1  0F3A01    VPERMPD       Vx,Wx,Ib          wrr  AVX2

            # Insertion and extraction.
            VEX.L0.66.WIG 0FC4      VPINSRW       Vdq,Hdq,Rd/Mw,Ib  wrrr AVX
            VEX.L0.66.WIG 0FC5      VPEXTRW       Gd,Udq,Ib         wrr  AVX
            VEX.L0.66.WIG 0F3A14    VPEXTRB       Rd/Mb,Vdq,Ib      wrr  AVX
            VEX.L0.66.WIG 0F3A15    VPEXTRW       Rd/Mw,Vdq,Ib      wrr  AVX
            VEX.L0.66.W0  0F3A16    VPEXTRD       Ed,Vdq,Ib         wrr  AVX
            VEX.L0.66.W1  0F3A16    VPEXTRQ       Ey,Vdq,Ib         wrr  AVX        -           o64
            VEX.L0.66.WIG 0F3A17    VEXTRACTPS    Ed,Vdq,Ib         wrr  AVX
            VEX.L0.66.WIG 0F3A20    VPINSRB       Vdq,Hdq,Rd/Mb,Ib  wrrr AVX
            VEX.L0.66.WIG 0F3A21    VINSERTPS     Vdq,Hdq,Udq/Md,Ib wrrr AVX
            VEX.L0.66.W0  0F3A22    VPINSRD       Vdq,Hdq,Ed,Ib     wrrr AVX
            VEX.L0.66.W1  0F3A22    VPINSRQ       Vdq,Hdq,Ey,Ib     wrrr AVX        -           o64

            # Floating-point arithmetic and logic.
            VEX.L*.NP.WIG 0F51      VSQRTPS       Vps,Wps           wr   AVX
            VEX.L*.66.WIG 0F51      VSQRTPD       Vpd,Wpd           wr   AVX
            VEX.LIG.F3.WIG 0F51      VSQRTSS       Vss,Hss,Wss       wrr  AVX
            VEX.LIG.F2.WIG 0F51      VSQRTSD       Vsd,Hsd,Wsd       wrr  AVX
            VEX.L*.NP.WIG 0F52      VRSQRTPS      Vps,Wps           wr   AVX
            VEX.LIG.F3.WIG 0F52      VRSQRTSS      Vss,Hss,Wss       wrr  AVX
            VEX.L*.NP.WIG 0F53      VRCPPS        Vps,Wps           wr   AVX
            VEX.LIG.F3.WIG 0F53      VRCPSS        Vss,Hss,Wss       wrr  AVX
            VEX.L*.NP.WIG 0F54      VANDPS        Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F54      VANDPD        Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.NP.WIG 0F55      VANDNPS       Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F55      VANDNPD       Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.NP.WIG 0F56      VORPS         Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F56      VORPD         Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.NP.WIG 0F57      VXORPS        Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F57      VXORPD        Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.NP.WIG 0F58      VADDPS        Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F58      VADDPD        Vpd,Hpd,Wpd       wrr  AVX
            VEX.LIG.F3.WIG 0F58      VADDSS        Vss,Hss,Wss       wrr  AVX
            VEX.LIG.F2.WIG 0F58      VADDSD        Vsd,Hsd,Wsd       wrr  AVX
            VEX.L*.NP.WIG 0F59      VMULPS        Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F59      VMULPD        Vpd,Hpd,Wpd       wrr  AVX
            VEX.LIG.F3.WIG 0F59      VMULSS        Vss,Hss,Wss       wrr  AVX
            VEX.LIG.F2.WIG 0F59      VMULSD        Vsd,Hsd,Wsd       wrr  AVX
            VEX.L*.NP.WIG 0F5C      VSUBPS        Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F5C      VSUBPD        Vpd,Hpd,Wpd       wrr  AVX
            VEX.LIG.F3.WIG 0F5C      VSUBSS        Vss,Hss,Wss       wrr  AVX
            VEX.LIG.F2.WIG 0F5C      VSUBSD        Vsd,Hsd,Wsd       wrr  AVX
            VEX.L*.NP.WIG 0F5D      VMINPS        Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F5D      VMINPD        Vpd,Hpd,Wpd       wrr  AVX
            VEX.LIG.F3.WIG 0F5D      VMINSS        Vss,Hss,Wss       wrr  AVX
            VEX.LIG.F2.WIG 0F5D      VMINSD        Vsd,Hsd,Wsd       wrr  AVX
            VEX.L*.NP.WIG 0F5E      VDIVPS        Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F5E      VDIVPD        Vpd,Hpd,Wpd       wrr  AVX
            VEX.LIG.F3.WIG 0F5E      VDIVSS        Vss,Hss,Wss       wrr  AVX
            VEX.LIG.F2.WIG 0F5E      VDIVSD        Vsd,Hsd,Wsd       wrr  AVX
            VEX.L*.NP.WIG 0F5F      VMAXPS        Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F5F      VMAXPD        Vpd,Hpd,Wpd       wrr  AVX
            VEX.LIG.F3.WIG 0F5F      VMAXSS        Vss,Hss,Wss       wrr  AVX
            VEX.LIG.F2.WIG 0F5F      VMAXSD        Vsd,Hsd,Wsd       wrr  AVX
            VEX.L*.66.WIG 0F7C      VHADDPD       Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.F2.WIG 0F7C      VHADDPS       Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F7D      VHSUBPD       Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.F2.WIG 0F7D      VHSUBPS       Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0FD0      VADDSUBPD     Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.F2.WIG 0FD0      VADDSUBPS     Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F3A08    VROUNDPS      Vps,Wps,Ib        wrr  AVX
            VEX.L*.66.WIG 0F3A09    VROUNDPD      Vpd,Wpd,Ib        wrr  AVX
            VEX.LIG.66.WIG 0F3A0A    VROUNDSS      Vss,Hss,Wss,Ib    wrrr AVX
            VEX.LIG.66.WIG 0F3A0B    VROUNDSD      Vsd,Hsd,Wsd,Ib    wrrr AVX
            VEX.L*.66.WIG 0F3A40    VDPPS         Vps,Hps,Wps,Ib    wrrr AVX
            VEX.L0.66.WIG 0F3A41    VDPPD         Vdq,Hdq,Wdq,Ib    wrrr AVX

            # Floating-point comparison, blending and shuffling.
            VEX.LIG.NP.WIG 0F2E      VUCOMISS      Vss,Wss           rr   AVX        00M0MM
            VEX.LIG.66.WIG 0F2E      VUCOMISD      Vsd,Wsd           rr   AVX        00M0MM
            VEX.LIG.NP.WIG 0F2F      VCOMISS       Vss,Wss           rr   AVX        00M0MM
            VEX.LIG.66.WIG 0F2F      VCOMISD       Vsd,Wsd           rr   AVX        00M0MM
            VEX.L*.NP.WIG 0FC2      VCMPPS        Vps,Hps,Wps,Ib    wrrr AVX
            VEX.L*.66.WIG 0FC2      VCMPPD        Vpd,Hpd,Wpd,Ib    wrrr AVX
            VEX.LIG.F3.WIG 0FC2      VCMPSS        Vss,Hss,Wss,Ib    wrrr AVX
            VEX.LIG.F2.WIG 0FC2      VCMPSD        Vsd,Hsd,Wsd,Ib    wrrr AVX
            VEX.L*.NP.WIG 0F14      VUNPCKLPS     Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F14      VUNPCKLPD     Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.NP.WIG 0F15      VUNPCKHPS     Vps,Hps,Wps       wrr  AVX
            VEX.L*.66.WIG 0F15      VUNPCKHPD     Vpd,Hpd,Wpd       wrr  AVX
            VEX.L*.NP.WIG 0FC6      VSHUFPS       Vps,Hps,Wps,Ib    wrrr AVX
            VEX.L*.66.WIG 0FC6      VSHUFPD       Vpd,Hpd,Wpd,Ib    wrrr AVX
            VEX.L*.66.WIG 0F3A0C    VBLENDPS      Vps,Hps,Wps,Ib    wrrr AVX
            VEX.L*.66.WIG 0F3A0D    VBLENDPD      Vpd,Hpd,Wpd,Ib    wrrr AVX
            VEX.L*.66.W0  0F3A4A    VBLENDVPS     Vps,Hps,Wps,Lx    wrrr AVX
            VEX.L*.66.W0  0F3A4B    VBLENDVPD     Vpd,Hpd,Wpd,Lx    wrrr AVX
            VEX.L*.66.W0  0F380E    VTESTPS       Vps,Wps           rr   AVX        00M00M
            VEX.L*.66.W0  0F380F    VTESTPD       Vpd,Wpd           rr   AVX        00M00M

            # Conversions.
            VEX.LIG.F3.WIG 0F2A      VCVTSI2SS     Vss,Hss,Ey        wrr  AVX
            VEX.LIG.F2.WIG 0F2A      VCVTSI2SD     Vsd,Hsd,Ey        wrr  AVX
            VEX.LIG.F3.WIG 0F2C      VCVTTSS2SI    Gy,Wss            wr   AVX
            VEX.LIG.F2.WIG 0F2C      VCVTTSD2SI    Gy,Wsd            wr   AVX
            VEX.LIG.F3.WIG 0F2D      VCVTSS2SI     Gy,Wss            wr   AVX
            VEX.LIG.F2.WIG 0F2D      VCVTSD2SI     Gy,Wsd            wr   AVX
            VEX.L0.NP.WIG 0F5A      VCVTPS2PD     Vpd,Wq            wr   AVX
            VEX.L1.NP.WIG 0F5A      VCVTPS2PD     Vpd,Wdq           wr   AVX
            VEX.L*.66.WIG 0F5A      VCVTPD2PS     Vdq,Wpd           wr   AVX
            VEX.LIG.F3.WIG 0F5A      VCVTSS2SD     Vsd,Hsd,Wss       wrr  AVX
            VEX.LIG.F2.WIG 0F5A      VCVTSD2SS     Vss,Hss,Wsd       wrr  AVX
            VEX.L*.NP.WIG 0F5B      VCVTDQ2PS     Vps,Wx            wr   AVX
            VEX.L*.66.WIG 0F5B      VCVTPS2DQ     Vx,Wps            wr   AVX
            VEX.L*.F3.WIG 0F5B      VCVTTPS2DQ    Vx,Wps            wr   AVX
            VEX.L*.66.WIG 0FE6      VCVTTPD2DQ    Vdq,Wpd           wr   AVX
            VEX.L0.F3.WIG 0FE6      VCVTDQ2PD     Vpd,Wq            wr   AVX
            VEX.L1.F3.WIG 0FE6      VCVTDQ2PD     Vpd,Wdq           wr   AVX
            VEX.L*.F2.WIG 0FE6      VCVTPD2DQ     Vdq,Wpd           wr   AVX
            """;

    private AvxRows() {}
}
