package org.lodgevm.x86.isa;

/** FMA and F16C. */
final class FmaRows {
    static final String TEXT =
            """
            # pfx         opcode    mnemonic      operands          acc  feature    OSZAPC      attributes

            # Fused multiply-add. The digits tell which operands are multiplied, and to which the product is added.
            VEX.L*.66.W0  0F3896    VFMADDSUB132PS Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F3896    VFMADDSUB132PD Vpd,Hpd,Wpd       xrr  FMA
            VEX.L*.66.W0  0F3897    VFMSUBADD132PS Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F3897    VFMSUBADD132PD Vpd,Hpd,Wpd       xrr  FMA
            VEX.L*.66.W0  0F3898    VFMADD132PS   Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F3898    VFMADD132PD   Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F3899    VFMADD132SS   Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F3899    VFMADD132SD   Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F389A    VFMSUB132PS   Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F389A    VFMSUB132PD   Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F389B    VFMSUB132SS   Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F389B    VFMSUB132SD   Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F389C    VFNMADD132PS  Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F389C    VFNMADD132PD  Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F389D    VFNMADD132SS  Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F389D    VFNMADD132SD  Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F389E    VFNMSUB132PS  Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F389E    VFNMSUB132PD  Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F389F    VFNMSUB132SS  Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F389F    VFNMSUB132SD  Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F38A6    VFMADDSUB213PS Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38A6    VFMADDSUB213PD Vpd,Hpd,Wpd       xrr  FMA
            VEX.L*.66.W0  0F38A7    VFMSUBADD213PS Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38A7    VFMSUBADD213PD Vpd,Hpd,Wpd       xrr  FMA
            VEX.L*.66.W0  0F38A8    VFMADD213PS   Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38A8    VFMADD213PD   Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F38A9    VFMADD213SS   Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F38A9    VFMADD213SD   Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F38AA    VFMSUB213PS   Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38AA    VFMSUB213PD   Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F38AB    VFMSUB213SS   Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F38AB    VFMSUB213SD   Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F38AC    VFNMADD213PS  Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38AC    VFNMADD213PD  Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F38AD    VFNMADD213SS  Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F38AD    VFNMADD213SD  Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F38AE    VFNMSUB213PS  Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38AE    VFNMSUB213PD  Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F38AF    VFNMSUB213SS  Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F38AF    VFNMSUB213SD  Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F38B6    VFMADDSUB231PS Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38B6    VFMADDSUB231PD Vpd,Hpd,Wpd       xrr  FMA
            VEX.L*.66.W0  0F38B7    VFMSUBADD231PS Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38B7    VFMSUBADD231PD Vpd,Hpd,Wpd       xrr  FMA
            VEX.L*.66.W0  0F38B8    VFMADD231PS   Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38B8    VFMADD231PD   Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F38B9    VFMADD231SS   Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F38B9    VFMADD231SD   Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F38BA    VFMSUB231PS   Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38BA    VFMSUB231PD   Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F38BB    VFMSUB231SS   Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F38BB    VFMSUB231SD   Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F38BC    VFNMADD231PS  Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38BC    VFNMADD231PD  Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F38BD    VFNMADD231SS  Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F38BD    VFNMADD231SD  Vsd,Hsd,Wsd       xrr  FMA
            VEX.L*.66.W0  0F38BE    VFNMSUB231PS  Vps,Hps,Wps       xrr  FMA
            VEX.L*.66.W1  0F38BE    VFNMSUB231PD  Vpd,Hpd,Wpd       xrr  FMA
            VEX.LIG.66.W0 0F38BF    VFNMSUB231SS  Vss,Hss,Wss       xrr  FMA
            VEX.LIG.66.W1 0F38BF    VFNMSUB231SD  Vsd,Hsd,Wsd       xrr  FMA

            # Binary16, which memory may hold.
            VEX.L0.66.W0  0F3813    VCVTPH2PS     Vps,Wq            wr   F16C
            VEX.L1.66.W0  0F3813    VCVTPH2PS     Vps,Wdq           wr   F16C
            VEX.L0.66.W0  0F3A1D    VCVTPS2PH     Wq,Vps,Ib         wrr  F16C
            VEX.L1.66.W0  0F3A1D    VCVTPS2PH     Wdq,Vps,Ib        wrr  F16C
            """;

    private FmaRows() {}
}
