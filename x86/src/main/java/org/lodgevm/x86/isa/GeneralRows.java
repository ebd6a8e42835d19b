package org.lodgevm.x86.isa;

/** General-purpose instructions. */
final class GeneralRows {
    static final String TEXT =
            """
            # pfx  opcode    mnemonic    operands      acc  feature    OSZAPC      attributes

            # Arithmetic and logic: the eight operations of opcodes 00-3D and 80-83.
            -      00        ADD         Eb,Gb         xr   -          MMMMMM      lock
            -      01        ADD         Ev,Gv         xr   -          MMMMMM      lock
            -      02        ADD         Gb,Eb         xr   -          MMMMMM
            -      03        ADD         Gv,Ev         xr   -          MMMMMM
            -      04        ADD         AL,Ib         xr   -          MMMMMM
            -      05        ADD         rAX,Iz        xr   -          MMMMMM
            -      08        OR          Eb,Gb         xr   -          0MMUM0      lock
            -      09        OR          Ev,Gv         xr   -          0MMUM0      lock
            -      0A        OR          Gb,Eb         xr   -          0MMUM0
            -      0B        OR          Gv,Ev         xr   -          0MMUM0
            -      0C        OR          AL,Ib         xr   -          0MMUM0
            -      0D        OR          rAX,Iz        xr   -          0MMUM0
            -      10        ADC         Eb,Gb         xr   -          MMMMMX      lock
            -      11        ADC         Ev,Gv         xr   -          MMMMMX      lock
            -      12        ADC         Gb,Eb         xr   -          MMMMMX
            -      13        ADC         Gv,Ev         xr   -          MMMMMX
            -      14        ADC         AL,Ib         xr   -          MMMMMX
            -      15        ADC         rAX,Iz        xr   -          MMMMMX
            -      18        SBB         Eb,Gb         xr   -          MMMMMX      lock
            -      19        SBB         Ev,Gv         xr   -          MMMMMX      lock
            -      1A        SBB         Gb,Eb         xr   -          MMMMMX
            -      1B        SBB         Gv,Ev         xr   -          MMMMMX
            -      1C        SBB         AL,Ib         xr   -          MMMMMX
            -      1D        SBB         rAX,Iz        xr   -          MMMMMX
            -      20        AND         Eb,Gb         xr   -          0MMUM0      lock
            -      21        AND         Ev,Gv         xr   -          0MMUM0      lock
            -      22        AND         Gb,Eb         xr   -          0MMUM0
            -      23        AND         Gv,Ev         xr   -          0MMUM0
            -      24        AND         AL,Ib         xr   -          0MMUM0
            -      25        AND         rAX,Iz        xr   -          0MMUM0
            -      28        SUB         Eb,Gb         xr   -          MMMMMM      lock
            -      29        SUB         Ev,Gv         xr   -          MMMMMM      lock
            -      2A        SUB         Gb,Eb         xr   -          MMMMMM
            -      2B        SUB         Gv,Ev         xr   -          MMMMMM
            -      2C        SUB         AL,Ib         xr   -          MMMMMM
            -      2D        SUB         rAX,Iz        xr   -          MMMMMM
            -      30        XOR         Eb,Gb         xr   -          0MMUM0      lock
            -      31        XOR         Ev,Gv         xr   -          0MMUM0      lock
            -      32        XOR         Gb,Eb         xr   -          0MMUM0
            -      33        XOR         Gv,Ev         xr   -          0MMUM0
            -      34        XOR         AL,Ib         xr   -          0MMUM0
            -      35        XOR         rAX,Iz        xr   -          0MMUM0
            -      38        CMP         Eb,Gb         rr   -          MMMMMM
            -      39        CMP         Ev,Gv         rr   -          MMMMMM
            -      3A        CMP         Gb,Eb         rr   -          MMMMMM
            -      3B        CMP         Gv,Ev         rr   -          MMMMMM
            -      3C        CMP         AL,Ib         rr   -          MMMMMM
            -      3D        CMP         rAX,Iz        rr   -          MMMMMM
            -      80/0      ADD         Eb,Ib         xr   -          MMMMMM      lock
            -      80/1      OR          Eb,Ib         xr   -          0MMUM0      lock
            -      80/2      ADC         Eb,Ib         xr   -          MMMMMX      lock
            -      80/3      SBB         Eb,Ib         xr   -          MMMMMX      lock
            -      80/4      AND         Eb,Ib         xr   -          0MMUM0      lock
            -      80/5      SUB         Eb,Ib         xr   -          MMMMMM      lock
            -      80/6      XOR         Eb,Ib         xr   -          0MMUM0      lock
            -      80/7      CMP         Eb,Ib         rr   -          MMMMMM
            -      81/0      ADD         Ev,Iz         xr   -          MMMMMM      lock
            -      81/1      OR          Ev,Iz         xr   -          0MMUM0      lock
            -      81/2      ADC         Ev,Iz         xr   -          MMMMMX      lock
            -      81/3      SBB         Ev,Iz         xr   -          MMMMMX      lock
            -      81/4      AND         Ev,Iz         xr   -          0MMUM0      lock
            -      81/5      SUB         Ev,Iz         xr   -          MMMMMM      lock
            -      81/6      XOR         Ev,Iz         xr   -          0MMUM0      lock
            -      81/7      CMP         Ev,Iz         rr   -          MMMMMM
            -      82/0      ADD         Eb,Ib         xr   -          MMMMMM      lock,i64
            -      82/1      OR          Eb,Ib         xr   -          0MMUM0      lock,i64
            -      82/2      ADC         Eb,Ib         xr   -          MMMMMX      lock,i64
            -      82/3      SBB         Eb,Ib         xr   -          MMMMMX      lock,i64
            -      82/4      AND         Eb,Ib         xr   -          0MMUM0      lock,i64
            -      82/5      SUB         Eb,Ib         xr   -          MMMMMM      lock,i64
            -      82/6      XOR         Eb,Ib         xr   -          0MMUM0      lock,i64
            -      82/7      CMP         Eb,Ib         rr   -          MMMMMM      i64
            -      83/0      ADD         Ev,sIb        xr   -          MMMMMM      lock
            -      83/1      OR          Ev,sIb        xr   -          0MMUM0      lock
            -      83/2      ADC         Ev,sIb        xr   -          MMMMMX      lock
            -      83/3      SBB         Ev,sIb        xr   -          MMMMMX      lock
            -      83/4      AND         Ev,sIb        xr   -          0MMUM0      lock
            -      83/5      SUB         Ev,sIb        xr   -          MMMMMM      lock
            -      83/6      XOR         Ev,sIb        xr   -          0MMUM0      lock
            -      83/7      CMP         Ev,sIb        rr   -          MMMMMM

            # Increment, decrement, negate, complement, test.
            -      40+r      INC         Zv            x    -          MMMMM-      i64
            -      FE/0      INC         Eb            x    -          MMMMM-      lock
            -      FF/0      INC         Ev            x    -          MMMMM-      lock
            -      48+r      DEC         Zv            x    -          MMMMM-      i64
            -      FE/1      DEC         Eb            x    -          MMMMM-      lock
            -      FF/1      DEC         Ev            x    -          MMMMM-      lock
            -      F6/0      TEST        Eb,Ib         rr   -          0MMUM0
            -      F6/1      TEST        Eb,Ib         rr   -          0MMUM0      undoc
            -      F6/2      NOT         Eb            x    -          -           lock
            -      F6/3      NEG         Eb            x    -          MMMMMM      lock
            -      F6/4      MUL         Eb            r    -          MUUUUM      x:ax
            -      F6/5      IMUL        Eb            r    -          MUUUUM      x:ax
            -      F6/6      DIV         Eb            r    -          UUUUUU      x:ax
            -      F6/7      IDIV        Eb            r    -          UUUUUU      x:ax
            -      F7/0      TEST        Ev,Iz         rr   -          0MMUM0
            -      F7/1      TEST        Ev,Iz         rr   -          0MMUM0      undoc
            -      F7/2      NOT         Ev            x    -          -           lock
            -      F7/3      NEG         Ev            x    -          MMMMMM      lock
            -      F7/4      MUL         Ev            r    -          MUUUUM      r:ax,w:ax+dx
            -      F7/5      IMUL        Ev            r    -          MUUUUM      r:ax,w:ax+dx
            -      F7/6      DIV         Ev            r    -          UUUUUU      x:ax+dx
            -      F7/7      IDIV        Ev            r    -          UUUUUU      x:ax+dx
            -      69        IMUL        Gv,Ev,Iz      wrr  -          MUUUUM
            -      6B        IMUL        Gv,Ev,sIb     wrr  -          MUUUUM
            -      0FAF      IMUL        Gv,Ev         xr   -          MUUUUM
            -      84        TEST        Eb,Gb         rr   -          0MMUM0
            -      85        TEST        Ev,Gv         rr   -          0MMUM0
            -      A8        TEST        AL,Ib         rr   -          0MMUM0
            -      A9        TEST        rAX,Iz        rr   -          0MMUM0

            # Rotates and shifts. A masked count of 0 changes no flag; OF is defined for a count of 1 only, and for SHL and SHR
            # CF is undefined once the count reaches the operand's width. Rotates through carry of narrow operands reduce the count.
            -      C0/0      ROL         Eb,Ib         xr   -          U----M?
            -      C0/1      ROR         Eb,Ib         xr   -          U----M?
            -      C0/2      RCL         Eb,Ib         xr   -          U----X?
            -      C0/3      RCR         Eb,Ib         xr   -          U----X?
            -      C0/4      SHL         Eb,Ib         xr   -          UMMUMU?
            -      C0/5      SHR         Eb,Ib         xr   -          UMMUMU?
            -      C0/6      SHL         Eb,Ib         xr   -          UMMUMU?     undoc
            -      C0/7      SAR         Eb,Ib         xr   -          UMMUMM?
            -      C1/0      ROL         Ev,Ib         xr   -          U----M?
            -      C1/1      ROR         Ev,Ib         xr   -          U----M?
            -      C1/2      RCL         Ev,Ib         xr   -          U----X?
            -      C1/3      RCR         Ev,Ib         xr   -          U----X?
            -      C1/4      SHL         Ev,Ib         xr   -          UMMUMU?
            -      C1/5      SHR         Ev,Ib         xr   -          UMMUMU?
            -      C1/6      SHL         Ev,Ib         xr   -          UMMUMU?     undoc
            -      C1/7      SAR         Ev,Ib         xr   -          UMMUMM?
            -      D0/0      ROL         Eb,1          xr   -          M----M
            -      D0/1      ROR         Eb,1          xr   -          M----M
            -      D0/2      RCL         Eb,1          xr   -          M----X
            -      D0/3      RCR         Eb,1          xr   -          M----X
            -      D0/4      SHL         Eb,1          xr   -          MMMUMM
            -      D0/5      SHR         Eb,1          xr   -          MMMUMM
            -      D0/6      SHL         Eb,1          xr   -          MMMUMM      undoc
            -      D0/7      SAR         Eb,1          xr   -          MMMUMM
            -      D1/0      ROL         Ev,1          xr   -          M----M
            -      D1/1      ROR         Ev,1          xr   -          M----M
            -      D1/2      RCL         Ev,1          xr   -          M----X
            -      D1/3      RCR         Ev,1          xr   -          M----X
            -      D1/4      SHL         Ev,1          xr   -          MMMUMM
            -      D1/5      SHR         Ev,1          xr   -          MMMUMM
            -      D1/6      SHL         Ev,1          xr   -          MMMUMM      undoc
            -      D1/7      SAR         Ev,1          xr   -          MMMUMM
            -      D2/0      ROL         Eb,CL         xr   -          U----M?
            -      D2/1      ROR         Eb,CL         xr   -          U----M?
            -      D2/2      RCL         Eb,CL         xr   -          U----X?
            -      D2/3      RCR         Eb,CL         xr   -          U----X?
            -      D2/4      SHL         Eb,CL         xr   -          UMMUMU?
            -      D2/5      SHR         Eb,CL         xr   -          UMMUMU?
            -      D2/6      SHL         Eb,CL         xr   -          UMMUMU?     undoc
            -      D2/7      SAR         Eb,CL         xr   -          UMMUMM?
            -      D3/0      ROL         Ev,CL         xr   -          U----M?
            -      D3/1      ROR         Ev,CL         xr   -          U----M?
            -      D3/2      RCL         Ev,CL         xr   -          U----X?
            -      D3/3      RCR         Ev,CL         xr   -          U----X?
            -      D3/4      SHL         Ev,CL         xr   -          UMMUMU?
            -      D3/5      SHR         Ev,CL         xr   -          UMMUMU?
            -      D3/6      SHL         Ev,CL         xr   -          UMMUMU?     undoc
            -      D3/7      SAR         Ev,CL         xr   -          UMMUMM?
            # With 16-bit operands and a count above 16 the result of SHLD and SHRD is undefined too.
            -      0FA4      SHLD        Ev,Gv,Ib      xrr  -          UMMUMU?
            -      0FA5      SHLD        Ev,Gv,CL      xrr  -          UMMUMU?
            -      0FAC      SHRD        Ev,Gv,Ib      xrr  -          UMMUMU?
            -      0FAD      SHRD        Ev,Gv,CL      xrr  -          UMMUMU?

            # Decimal arithmetic.
            -      27        DAA         -             -    -          UMMXMX      i64,x:ax
            -      2F        DAS         -             -    -          UMMXMX      i64,x:ax
            -      37        AAA         -             -    -          UUUXUM      i64,x:ax
            -      3F        AAS         -             -    -          UUUXUM      i64,x:ax
            -      D4        AAM         Ib            r    -          UMMUMU      i64,x:ax
            -      D5        AAD         Ib            r    -          UMMUMU      i64,x:ax
            -      D6        SALC        -             -    -          -----T      i64,undoc,w:ax

            # Data movement. Of a register to be loaded into a segment register only the low 16 bits count.
            -      88        MOV         Eb,Gb         wr
            -      89        MOV         Ev,Gv         wr
            -      8A        MOV         Gb,Eb         wr
            -      8B        MOV         Gv,Ev         wr
            -      8C        MOV         Rv/Mw,Sw      wr
            -      8E        MOV         Sw,Rv/Mw      wr
            -      A0        MOV         AL,Ob         wr
            -      A1        MOV         rAX,Ov        wr
            -      A2        MOV         Ob,AL         wr
            -      A3        MOV         Ov,rAX        wr
            -      B0+r      MOV         Zb,Ib         wr
            -      B8+r      MOV         Zv,Iv         wr
            -      C6/0      MOV         Eb,Ib         wr
            -      C7/0      MOV         Ev,Iz         wr
            -      0FB6      MOVZX       Gv,Eb         wr
            -      0FB7      MOVZX       Gv,Ew         wr
            -      0FBE      MOVSX       Gv,Eb         wr
            -      0FBF      MOVSX       Gv,Ew         wr
            # MOVSXD with a 16-bit operand reads 16 bits; without REX.W it is a plain move.
            -      63        MOVSXD      Gv,Ez         wr   -          -           o64
            NFX    0F38F0    MOVBE       Gv,Mv         wr   MOVBE
            NFX    0F38F1    MOVBE       Mv,Gv         wr   MOVBE
            NP     0FC3      MOVNTI      My,Gy         wr   SSE2
            # Of a 16-bit register BSWAP makes 0, which the manual leaves undefined.
            -      0FC8+r    BSWAP       Zv            x
            -      86        XCHG        Eb,Gb         xx   -          -           lock
            -      87        XCHG        Ev,Gv         xx   -          -           lock
            # 90 is NOP, without even the zero extension of XCHG EAX,EAX; with REX.B it is XCHG again, and the decoder sees to that.
            -      90+r      XCHG        Zv,rAX        xx
            -      90        NOP
            F3     90        PAUSE
            -      0FB0      CMPXCHG     Eb,Gb         xr   -          MMMMMM      lock,x:ax
            -      0FB1      CMPXCHG     Ev,Gv         xr   -          MMMMMM      lock,x:ax
            -.W0   0FC7/1    CMPXCHG8B   Mq            x    CX8        --M---      lock,x:ax+dx,r:bx+cx
            -.W1   0FC7/1    CMPXCHG16B  Mdq           x    CX16       --M---      lock,x:ax+dx,r:bx+cx
            -      0FC0      XADD        Eb,Gb         xx   -          MMMMMM      lock
            -      0FC1      XADD        Ev,Gv         xx   -          MMMMMM      lock
            -      0F40+cc   CMOVcc      Gv,Ev         xr   CMOV
            -      0F90+cc   SETcc       Eb            w
            -      8D        LEA         Gv,M          w-
            -      D7        XLAT        -             -    -          -           x:ax,r:bx
            -      98        CBW         -             -    -          -           x:ax
            -      99        CWD         -             -    -          -           r:ax,w:dx
            -      9E        SAHF        -             -    -          -MMMMM      i64,r:ax
            -      9E        SAHF        -             -    LAHF64     -MMMMM      o64,r:ax
            -      9F        LAHF        -             -    -          -TTTTT      i64,w:ax
            -      9F        LAHF        -             -    LAHF64     -TTTTT      o64,w:ax

            # Segment registers.
            -      C4        LES         Gv,Mp         wr   -          -           i64
            -      C5        LDS         Gv,Mp         wr   -          -           i64
            -      0FB2      LSS         Gv,Mp         wr
            -      0FB4      LFS         Gv,Mp         wr
            -      0FB5      LGS         Gv,Mp         wr
            -      06        PUSH        ES            r    -          -           i64,x:sp
            -      07        POP         ES            w    -          -           i64,x:sp
            -      0E        PUSH        CS            r    -          -           i64,x:sp
            -      16        PUSH        SS            r    -          -           i64,x:sp
            -      17        POP         SS            w    -          -           i64,x:sp
            -      1E        PUSH        DS            r    -          -           i64,x:sp
            -      1F        POP         DS            w    -          -           i64,x:sp
            -      0FA0      PUSH        FS            r    -          -           d64,x:sp
            -      0FA1      POP         FS            w    -          -           d64,x:sp
            -      0FA8      PUSH        GS            r    -          -           d64,x:sp
            -      0FA9      POP         GS            w    -          -           d64,x:sp

            # The stack.
            -      50+r      PUSH        Zv            r    -          -           d64,x:sp
            -      58+r      POP         Zv            w    -          -           d64,x:sp
            -      68        PUSH        Iz            r    -          -           d64,x:sp
            -      6A        PUSH        sIb           r    -          -           d64,x:sp
            -      FF/6      PUSH        Ev            r    -          -           d64,x:sp
            # The address of a POP to memory is computed after rSP has been incremented.
            -      8F/0      POP         Ev            w    -          -           d64,x:sp
            -      60        PUSHA       -             -    -          -           i64,r:ax+cx+dx+bx+bp+si+di,x:sp
            -      61        POPA        -             -    -          -           i64,w:ax+cx+dx+bx+bp+si+di,x:sp
            -      9C        PUSHF       -             -    -          TTTTTT:DTITTTNTKT d64,x:sp
            -      9D        POPF        -             -    -          MMMMMM:DMIMTMNMKM d64,x:sp
            -      C8        ENTER       Iw,Ib         rr   -          -           d64,x:sp+bp
            -      C9        LEAVE       -             -    -          -           d64,x:sp+bp

            # Bits.
            -      0FA3      BT          Ev,Gv         rr   -          UU-UUM
            -      0FBA/4    BT          Ev,Ib         rr   -          UU-UUM
            -      0FAB      BTS         Ev,Gv         xr   -          UU-UUM      lock
            -      0FBA/5    BTS         Ev,Ib         xr   -          UU-UUM      lock
            -      0FB3      BTR         Ev,Gv         xr   -          UU-UUM      lock
            -      0FBA/6    BTR         Ev,Ib         xr   -          UU-UUM      lock
            -      0FBB      BTC         Ev,Gv         xr   -          UU-UUM      lock
            -      0FBA/7    BTC         Ev,Ib         xr   -          UU-UUM      lock
            # A source of 0 leaves the destination of BSF and BSR as it was (AMD's manual, and what Intel's processors do).
            -      0FBC      BSF         Gv,Ev         xr   -          UUMUUU
            -      0FBD      BSR         Gv,Ev         xr   -          UUMUUU
            F3     0FBC      TZCNT       Gv,Ev         wr   BMI1       UUMUUM
            F3     0FBD      LZCNT       Gv,Ev         wr   LZCNT      UUMUUM
            F3     0FB8      POPCNT      Gv,Ev         wr   POPCNT     00M000
            F2     0F38F0    CRC32       Gy,Eb         xr   SSE4_2
            F2     0F38F1    CRC32       Gy,Ev         xr   SSE4_2
            66     0F38F6    ADCX        Gy,Ey         xr   ADX        -----X
            F3     0F38F6    ADOX        Gy,Ey         xr   ADX        X-----
            NFX    0FC7/6    RDRAND      Rv            w    RDRAND     00000M
            NFX    0FC7/7    RDSEED      Rv            w    RDSEED     00000M

            # Strings.
            -      A4        MOVS        Yb,Xb         wr   -          ------:DT   rep,x:si+di
            -      A5        MOVS        Yv,Xv         wr   -          ------:DT   rep,x:si+di
            -      A6        CMPS        Xb,Yb         rr   -          MMMMMM?:DT  repz,x:si+di
            -      A7        CMPS        Xv,Yv         rr   -          MMMMMM?:DT  repz,x:si+di
            -      AA        STOS        Yb,AL         wr   -          ------:DT   rep,x:di
            -      AB        STOS        Yv,rAX        wr   -          ------:DT   rep,x:di
            -      AC        LODS        AL,Xb         wr   -          ------:DT   rep,x:si
            -      AD        LODS        rAX,Xv        wr   -          ------:DT   rep,x:si
            -      AE        SCAS        AL,Yb         rr   -          MMMMMM?:DT  repz,x:di
            -      AF        SCAS        rAX,Yv        rr   -          MMMMMM?:DT  repz,x:di
            -      6C        INS         Yb,DX         wr   -          ------:DT   rep,iopl,x:di
            -      6D        INS         Yz,DX         wr   -          ------:DT   rep,iopl,x:di
            -      6E        OUTS        DX,Xb         rr   -          ------:DT   rep,iopl,x:si
            -      6F        OUTS        DX,Xz         rr   -          ------:DT   rep,iopl,x:si

            # Ports.
            -      E4        IN          AL,Ib         wr   -          -           iopl
            -      E5        IN          eAX,Ib        wr   -          -           iopl
            -      E6        OUT         Ib,AL         rr   -          -           iopl
            -      E7        OUT         Ib,eAX        rr   -          -           iopl
            -      EC        IN          AL,DX         wr   -          -           iopl
            -      ED        IN          eAX,DX        wr   -          -           iopl
            -      EE        OUT         DX,AL         rr   -          -           iopl
            -      EF        OUT         DX,eAX        rr   -          -           iopl

            # Jumps, calls and returns. Near ones ignore 66 in 64-bit mode, as Intel's processors do; AMD's honour it.
            -      70+cc     Jcc         Jb            r    -          -           f64,jump
            -      0F80+cc   Jcc         Jz            r    -          -           f64,jump
            -      EB        JMP         Jb            r    -          -           f64,jump
            -      E9        JMP         Jz            r    -          -           f64,jump
            -      FF/4      JMP         Ev            r    -          -           f64,jump
            -      E8        CALL        Jz            r    -          -           f64,jump,x:sp
            -      FF/2      CALL        Ev            r    -          -           f64,jump,x:sp
            -      C3        RET         -             -    -          -           f64,jump,x:sp
            -      C2        RET         Iw            r    -          -           f64,jump,x:sp
            -      EA        JMPF        Ap            r    -          -           i64,jump
            -      FF/5      JMPF        Mp            r    -          -           jump
            -      9A        CALLF       Ap            r    -          -           i64,jump,x:sp
            -      FF/3      CALLF       Mp            r    -          -           jump,x:sp
            -      CB        RETF        -             -    -          -           jump,x:sp
            -      CA        RETF        Iw            r    -          -           jump,x:sp
            -      E0        LOOPNE      Jb            r    -          --T---      f64,jump,x:cx
            -      E1        LOOPE       Jb            r    -          --T---      f64,jump,x:cx
            -      E2        LOOP        Jb            r    -          -           f64,jump,x:cx
            -      E3        JCXZ        Jb            r    -          -           f64,jump,r:cx

            # Interrupts. IRET also reads NT; the flags are those that the gate and the mode let through.
            -      CC        INT3        -             -    -          ------:IMTMNM jump,x:sp
            -      CD        INT         Ib            r    -          ------:IMTMNM jump,x:sp
            -      CE        INTO        -             -    -          T-----:IMTMNM i64,jump,x:sp
            -      F1        INT1        -             -    -          ------:IMTMNM jump,x:sp
            -      CF        IRET        -             -    -          MMMMMM:DMIMTMNXKM jump,serial,x:sp
            -      62        BOUND       Gv,Ma         rr   -          -           i64
            -      0FFF      UD0         Gv,Ev         --
            -      0FB9      UD1         Gv,Ev         --
            -      0F0B      UD2

            # Flags.
            -      F5        CMC         -             -    -          -----X
            -      F8        CLC         -             -    -          -----0
            -      F9        STC         -             -    -          -----1
            -      FA        CLI         -             -    -          ------:I0   iopl
            -      FB        STI         -             -    -          ------:I1   iopl
            -      FC        CLD         -             -    -          ------:D0
            -      FD        STD         -             -    -          ------:D1

            # Hints, and the opcodes reserved for them: no operation whatever follows.
            -      0F0D      NOP         Ev
            -      0F0D/1    PREFETCHW   Mb            -    PREFETCHW
            -      0F0D/2    PREFETCHWT1 Mb
            -      0F18      NOP         Ev
            -      0F18/0    PREFETCHNTA Mb
            -      0F18/1    PREFETCHT0  Mb
            -      0F18/2    PREFETCHT1  Mb
            -      0F18/3    PREFETCHT2  Mb
            -      0F19      NOP         Ev
            -      0F1A      NOP         Ev
            -      0F1B      NOP         Ev
            -      0F1C      NOP         Ev
            -      0F1D      NOP         Ev
            -      0F1E      NOP         Ev
            -      0F1F      NOP         Ev
            F3     0F1E:FA   ENDBR64
            F3     0F1E:FB   ENDBR32
            """;

    private GeneralRows() {}
}
