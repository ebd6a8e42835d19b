package org.lodgevm.x86.isa;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Operand codes: an {@link AddressingMethod} and an {@link OperandType}, spelt as in the opcode maps.
 *
 * <p>Two codes joined, such as {@link #RvMw}, are written {@code Rv/Mw} in the table: the register is as wide as the first
 * says, memory as the second.
 *
 * <p>Types {@code x}, {@code ps} and {@code pd} are as long as VEX.L says; {@code dq} is always 16 bytes.
 *
 * @sdm Volume 2, A.2
 */
public enum Operand {
    Ap(AddressingMethod.A, OperandType.P),
    By(AddressingMethod.B, OperandType.Y),
    Cy(AddressingMethod.C, OperandType.Y),
    Dy(AddressingMethod.D, OperandType.Y),
    Eb(AddressingMethod.E, OperandType.B),
    Ed(AddressingMethod.E, OperandType.D),
    Ev(AddressingMethod.E, OperandType.V),
    Ew(AddressingMethod.E, OperandType.W),
    Ey(AddressingMethod.E, OperandType.Y),
    Ez(AddressingMethod.E, OperandType.Z),
    Gb(AddressingMethod.G, OperandType.B),
    Gd(AddressingMethod.G, OperandType.D),
    Gv(AddressingMethod.G, OperandType.V),
    Gw(AddressingMethod.G, OperandType.W),
    Gy(AddressingMethod.G, OperandType.Y),
    Hdq(AddressingMethod.H, OperandType.DQ),
    Hpd(AddressingMethod.H, OperandType.PD),
    Hps(AddressingMethod.H, OperandType.PS),
    Hq(AddressingMethod.H, OperandType.Q),
    Hsd(AddressingMethod.H, OperandType.SD),
    Hss(AddressingMethod.H, OperandType.SS),
    Hx(AddressingMethod.H, OperandType.X),
    Ib(AddressingMethod.I, OperandType.B),
    Iv(AddressingMethod.I, OperandType.V),
    Iw(AddressingMethod.I, OperandType.W),
    Iz(AddressingMethod.I, OperandType.Z),
    /** Immediate byte, sign-extended to the operand size. */
    sIb(AddressingMethod.I, OperandType.B),
    Jb(AddressingMethod.J, OperandType.B),
    Jz(AddressingMethod.J, OperandType.Z),
    Lx(AddressingMethod.L, OperandType.X),
    M(AddressingMethod.M, OperandType.NONE),
    Ma(AddressingMethod.M, OperandType.A),
    Mb(AddressingMethod.M, OperandType.B),
    Md(AddressingMethod.M, OperandType.D),
    Mdq(AddressingMethod.M, OperandType.DQ),
    Menv(AddressingMethod.M, OperandType.ENV),
    Mfx(AddressingMethod.M, OperandType.FX),
    Mp(AddressingMethod.M, OperandType.P),
    Mpd(AddressingMethod.M, OperandType.PD),
    Mps(AddressingMethod.M, OperandType.PS),
    Mq(AddressingMethod.M, OperandType.Q),
    Ms(AddressingMethod.M, OperandType.S),
    Mstate(AddressingMethod.M, OperandType.STATE),
    Mt(AddressingMethod.M, OperandType.T),
    Mv(AddressingMethod.M, OperandType.V),
    Mw(AddressingMethod.M, OperandType.W),
    Mx(AddressingMethod.M, OperandType.X),
    My(AddressingMethod.M, OperandType.Y),
    Nq(AddressingMethod.N, OperandType.Q),
    Ob(AddressingMethod.O, OperandType.B),
    Ov(AddressingMethod.O, OperandType.V),
    Ppi(AddressingMethod.P, OperandType.PI),
    Pq(AddressingMethod.P, OperandType.Q),
    Py(AddressingMethod.P, OperandType.Y),
    Qd(AddressingMethod.Q, OperandType.D),
    Qpi(AddressingMethod.Q, OperandType.PI),
    Qq(AddressingMethod.Q, OperandType.Q),
    RdMb(AddressingMethod.E, OperandType.D, OperandType.B),
    RdMw(AddressingMethod.E, OperandType.D, OperandType.W),
    RvMw(AddressingMethod.E, OperandType.V, OperandType.W),
    RyMb(AddressingMethod.E, OperandType.Y, OperandType.B),
    RyMd(AddressingMethod.E, OperandType.Y, OperandType.D),
    RyMw(AddressingMethod.E, OperandType.Y, OperandType.W),
    Rv(AddressingMethod.R, OperandType.V),
    Ry(AddressingMethod.R, OperandType.Y),
    Sw(AddressingMethod.S, OperandType.W),
    Udq(AddressingMethod.U, OperandType.DQ),
    Upd(AddressingMethod.U, OperandType.PD),
    Ups(AddressingMethod.U, OperandType.PS),
    Uq(AddressingMethod.U, OperandType.Q),
    Usd(AddressingMethod.U, OperandType.SD),
    Uss(AddressingMethod.U, OperandType.SS),
    Ux(AddressingMethod.U, OperandType.X),
    UdqMb(AddressingMethod.W, OperandType.DQ, OperandType.B),
    UdqMw(AddressingMethod.W, OperandType.DQ, OperandType.W),
    UdqMd(AddressingMethod.W, OperandType.DQ, OperandType.D),
    UdqMq(AddressingMethod.W, OperandType.DQ, OperandType.Q),
    Vdq(AddressingMethod.V, OperandType.DQ),
    Vpd(AddressingMethod.V, OperandType.PD),
    Vps(AddressingMethod.V, OperandType.PS),
    Vq(AddressingMethod.V, OperandType.Q),
    Vsd(AddressingMethod.V, OperandType.SD),
    Vss(AddressingMethod.V, OperandType.SS),
    Vx(AddressingMethod.V, OperandType.X),
    Vy(AddressingMethod.V, OperandType.Y),
    Wdq(AddressingMethod.W, OperandType.DQ),
    Wpd(AddressingMethod.W, OperandType.PD),
    Wps(AddressingMethod.W, OperandType.PS),
    Wq(AddressingMethod.W, OperandType.Q),
    Wsd(AddressingMethod.W, OperandType.SD),
    Wss(AddressingMethod.W, OperandType.SS),
    Wx(AddressingMethod.W, OperandType.X),
    Xb(AddressingMethod.X, OperandType.B),
    Xv(AddressingMethod.X, OperandType.V),
    Xz(AddressingMethod.X, OperandType.Z),
    Yb(AddressingMethod.Y, OperandType.B),
    Yv(AddressingMethod.Y, OperandType.V),
    Yz(AddressingMethod.Y, OperandType.Z),
    Zb(AddressingMethod.Z, OperandType.B),
    Zv(AddressingMethod.Z, OperandType.V),
    AL(OperandType.B, 0),
    AX(OperandType.W, 0),
    /** AX or EAX. */
    eAX(OperandType.Z, 0),
    /** AX, EAX or RAX. */
    rAX(OperandType.V, 0),
    CL(OperandType.B, 1),
    DX(OperandType.W, 2),
    ES(AddressingMethod.SEGMENT, OperandType.W, 0),
    CS(AddressingMethod.SEGMENT, OperandType.W, 1),
    SS(AddressingMethod.SEGMENT, OperandType.W, 2),
    DS(AddressingMethod.SEGMENT, OperandType.W, 3),
    FS(AddressingMethod.SEGMENT, OperandType.W, 4),
    GS(AddressingMethod.SEGMENT, OperandType.W, 5),
    XMM0(AddressingMethod.VECTOR, OperandType.DQ, 0),
    ST0(AddressingMethod.ST, OperandType.T, 0),
    STi(AddressingMethod.STI, OperandType.T),
    /** The constant 1, written {@code 1} in the table. */
    ONE(AddressingMethod.CONSTANT, OperandType.B, 1);

    private static final Map<String, Operand> BY_CODE = new HashMap<>();

    static {
        for (Operand operand : values()) {
            BY_CODE.put(operand.name(), operand);
        }
    }

    private final AddressingMethod method;
    private final OperandType type;
    private final OperandType memoryType;
    private final int fixed;

    Operand(AddressingMethod method, OperandType type) {
        this(method, type, type, -1);
    }

    Operand(AddressingMethod method, OperandType register, OperandType memory) {
        this(method, register, memory, -1);
    }

    Operand(OperandType type, int register) {
        this(AddressingMethod.GENERAL, type, type, register);
    }

    Operand(AddressingMethod method, OperandType type, int fixed) {
        this(method, type, type, fixed);
    }

    Operand(AddressingMethod method, OperandType type, OperandType memoryType, int fixed) {
        this.method = method;
        this.type = type;
        this.memoryType = memoryType;
        this.fixed = fixed;
    }

    /**
     * Reads the operand column of a row.
     *
     * @throws IllegalArgumentException naming the code that is unknown
     */
    static List<Operand> parse(String cell) {
        List<String> codes = Words.split(cell, ',');
        Operand[] operands = new Operand[codes.size()];
        for (int i = 0; i < operands.length; i++) {
            String code = codes.get(i);
            int slash = code.indexOf('/');
            String name = slash < 0 ? code : code.substring(0, slash).concat(code.substring(slash + 1));
            operands[i] = code.equals("1") ? ONE : BY_CODE.get(name);
            if (operands[i] == null) {
                throw new IllegalArgumentException("unknown operand: " + code);
            }
        }
        return List.of(operands);
    }

    public AddressingMethod method() {
        return method;
    }

    /** Type of the operand where it is a register, a constant or part of the instruction. */
    public OperandType type() {
        return type;
    }

    /** Type of the operand where it is in memory. */
    public OperandType memoryType() {
        return memoryType;
    }

    /** Number of the register, or the value, that the opcode implies; -1 when it implies none. */
    public int fixed() {
        return fixed;
    }
}
