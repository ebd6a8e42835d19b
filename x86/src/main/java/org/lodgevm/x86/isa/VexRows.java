package org.lodgevm.x86.isa;

/** Instructions on general registers with a VEX prefix. */
final class VexRows {
    static final String TEXT =
            """
            # pfx  opcode    mnemonic    operands      acc  feature    OSZAPC      attributes
            VEX.L0.NP.WIG 0F38F2    ANDN        Gy,By,Ey      wrr  BMI1       0MMUU0
            VEX.L0.NP.WIG 0F38F3/1  BLSR        By,Ey         wr   BMI1       0MMUUM
            VEX.L0.NP.WIG 0F38F3/2  BLSMSK      By,Ey         wr   BMI1       0M0UUM
            VEX.L0.NP.WIG 0F38F3/3  BLSI        By,Ey         wr   BMI1       0MMUUM
            VEX.L0.NP.WIG 0F38F7    BEXTR       Gy,Ey,By      wrr  BMI1       0UMUU0
            VEX.L0.NP.WIG 0F38F5    BZHI        Gy,Ey,By      wrr  BMI2       0MMUUM
            VEX.L0.F3.WIG 0F38F5    PEXT        Gy,By,Ey      wrr  BMI2
            VEX.L0.F2.WIG 0F38F5    PDEP        Gy,By,Ey      wrr  BMI2
            # Where both destinations of MULX are one register, it gets the high half.
            VEX.L0.F2.WIG 0F38F6    MULX        Gy,By,Ey      wwr  BMI2       -           r:dx
            VEX.L0.66.WIG 0F38F7    SHLX        Gy,Ey,By      wrr  BMI2
            VEX.L0.F3.WIG 0F38F7    SARX        Gy,Ey,By      wrr  BMI2
            VEX.L0.F2.WIG 0F38F7    SHRX        Gy,Ey,By      wrr  BMI2
            VEX.L0.F2.WIG 0F3AF0    RORX        Gy,Ey,Ib      wrr  BMI2
            """;

    private VexRows() {}
}
