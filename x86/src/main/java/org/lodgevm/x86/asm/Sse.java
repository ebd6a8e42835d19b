package org.lodgevm.x86.asm;

/** MMX and SSE: a generic emitter, and names for what programs use most. */
public sealed interface Sse extends Emitter permits Assembler {
    /**
     * An instruction of the SSE kind.
     *
     * @param prefix the mandatory prefix: 0, 0x66, 0xF2 or 0xF3
     * @param map 0x0F, 0x0F38 or 0x0F3A
     */
    default Assembler sse(int prefix, int map, int opcode, Reg reg, Rm rm) {
        return op(0, spell(prefix, map, opcode), reg, rm);
    }

    /** The same with an immediate byte. */
    default Assembler sse(int prefix, int map, int opcode, Reg reg, Rm rm, int imm) {
        return op(0, spell(prefix, map, opcode), reg, rm, 1, imm);
    }

    private static int spell(int prefix, int map, int opcode) {
        int escaped = map << 8 | opcode;
        return prefix << (map == 0x0F ? 16 : 24) | escaped;
    }

    default Assembler movups(Xmm to, XmmOrMem from) {
        return op(0, 0x0F10, to, from);
    }

    default Assembler movups(Mem to, Xmm from) {
        return op(0, 0x0F11, from, to);
    }

    default Assembler movupd(Xmm to, XmmOrMem from) {
        return op(0, 0x660F10, to, from);
    }

    default Assembler movupd(Mem to, Xmm from) {
        return op(0, 0x660F11, from, to);
    }

    default Assembler movss(Xmm to, XmmOrMem from) {
        return op(0, 0xF30F10, to, from);
    }

    default Assembler movss(Mem to, Xmm from) {
        return op(0, 0xF30F11, from, to);
    }

    default Assembler movsd(Xmm to, XmmOrMem from) {
        return op(0, 0xF20F10, to, from);
    }

    default Assembler movsd(Mem to, Xmm from) {
        return op(0, 0xF20F11, from, to);
    }

    default Assembler movaps(Xmm to, XmmOrMem from) {
        return op(0, 0x0F28, to, from);
    }

    default Assembler movaps(Mem to, Xmm from) {
        return op(0, 0x0F29, from, to);
    }

    default Assembler movapd(Xmm to, XmmOrMem from) {
        return op(0, 0x660F28, to, from);
    }

    default Assembler movapd(Mem to, Xmm from) {
        return op(0, 0x660F29, from, to);
    }

    default Assembler movdqa(Xmm to, XmmOrMem from) {
        return op(0, 0x660F6F, to, from);
    }

    default Assembler movdqa(Mem to, Xmm from) {
        return op(0, 0x660F7F, from, to);
    }

    default Assembler movdqu(Xmm to, XmmOrMem from) {
        return op(0, 0xF30F6F, to, from);
    }

    default Assembler movdqu(Mem to, Xmm from) {
        return op(0, 0xF30F7F, from, to);
    }

    default Assembler movq(Mmx to, MmxOrMem from) {
        return op(0, 0x0F6F, to, from);
    }

    default Assembler movq(Mem to, Mmx from) {
        return op(0, 0x0F7F, from, to);
    }

    default Assembler movd(Xmm to, GprOrMem from) {
        return op(0, 0x660F6E, to, Values.exactly(32, from));
    }

    default Assembler movd(GprOrMem to, Xmm from) {
        return op(0, 0x660F7E, from, Values.exactly(32, to));
    }

    default Assembler movq(Xmm to, XmmOrMem from) {
        return op(0, 0xF30F7E, to, from);
    }

    default Assembler movq(Xmm to, Gpr from) {
        return op(64, 0x660F6E, to, Values.exactly(64, from));
    }

    default Assembler movq(Mem to, Xmm from) {
        return op(0, 0x660FD6, from, to);
    }

    default Assembler movq(Gpr to, Xmm from) {
        return op(64, 0x660F7E, from, Values.exactly(64, to));
    }

    default Assembler addps(Xmm to, XmmOrMem from) {
        return sse(0, 0x0F, 0x58, to, from);
    }

    default Assembler addpd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x58, to, from);
    }

    default Assembler addss(Xmm to, XmmOrMem from) {
        return sse(0xF3, 0x0F, 0x58, to, from);
    }

    default Assembler addsd(Xmm to, XmmOrMem from) {
        return sse(0xF2, 0x0F, 0x58, to, from);
    }

    default Assembler mulps(Xmm to, XmmOrMem from) {
        return sse(0, 0x0F, 0x59, to, from);
    }

    default Assembler mulpd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x59, to, from);
    }

    default Assembler mulss(Xmm to, XmmOrMem from) {
        return sse(0xF3, 0x0F, 0x59, to, from);
    }

    default Assembler mulsd(Xmm to, XmmOrMem from) {
        return sse(0xF2, 0x0F, 0x59, to, from);
    }

    default Assembler subps(Xmm to, XmmOrMem from) {
        return sse(0, 0x0F, 0x5C, to, from);
    }

    default Assembler subpd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x5C, to, from);
    }

    default Assembler subss(Xmm to, XmmOrMem from) {
        return sse(0xF3, 0x0F, 0x5C, to, from);
    }

    default Assembler subsd(Xmm to, XmmOrMem from) {
        return sse(0xF2, 0x0F, 0x5C, to, from);
    }

    default Assembler minps(Xmm to, XmmOrMem from) {
        return sse(0, 0x0F, 0x5D, to, from);
    }

    default Assembler minpd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x5D, to, from);
    }

    default Assembler minss(Xmm to, XmmOrMem from) {
        return sse(0xF3, 0x0F, 0x5D, to, from);
    }

    default Assembler minsd(Xmm to, XmmOrMem from) {
        return sse(0xF2, 0x0F, 0x5D, to, from);
    }

    default Assembler divps(Xmm to, XmmOrMem from) {
        return sse(0, 0x0F, 0x5E, to, from);
    }

    default Assembler divpd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x5E, to, from);
    }

    default Assembler divss(Xmm to, XmmOrMem from) {
        return sse(0xF3, 0x0F, 0x5E, to, from);
    }

    default Assembler divsd(Xmm to, XmmOrMem from) {
        return sse(0xF2, 0x0F, 0x5E, to, from);
    }

    default Assembler maxps(Xmm to, XmmOrMem from) {
        return sse(0, 0x0F, 0x5F, to, from);
    }

    default Assembler maxpd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x5F, to, from);
    }

    default Assembler maxss(Xmm to, XmmOrMem from) {
        return sse(0xF3, 0x0F, 0x5F, to, from);
    }

    default Assembler maxsd(Xmm to, XmmOrMem from) {
        return sse(0xF2, 0x0F, 0x5F, to, from);
    }

    default Assembler sqrtps(Xmm to, XmmOrMem from) {
        return sse(0, 0x0F, 0x51, to, from);
    }

    default Assembler sqrtpd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x51, to, from);
    }

    default Assembler sqrtss(Xmm to, XmmOrMem from) {
        return sse(0xF3, 0x0F, 0x51, to, from);
    }

    default Assembler sqrtsd(Xmm to, XmmOrMem from) {
        return sse(0xF2, 0x0F, 0x51, to, from);
    }

    default Assembler paddb(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xFC, to, from);
    }

    default Assembler paddw(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xFD, to, from);
    }

    default Assembler paddd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xFE, to, from);
    }

    default Assembler paddq(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xD4, to, from);
    }

    default Assembler psubd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xFA, to, from);
    }

    default Assembler pand(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xDB, to, from);
    }

    default Assembler pandn(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xDF, to, from);
    }

    default Assembler por(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xEB, to, from);
    }

    default Assembler pxor(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0xEF, to, from);
    }

    default Assembler pcmpeqb(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x74, to, from);
    }

    default Assembler pcmpeqd(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x76, to, from);
    }

    default Assembler punpcklbw(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F, 0x60, to, from);
    }

    default Assembler pmovmskb(Gpr to, Xmm from) {
        return op(Values.quadWidth(to.bits()), 0x660FD7, to, from);
    }

    default Assembler pshufd(Xmm to, XmmOrMem from, int order) {
        return sse(0x66, 0x0F, 0x70, to, from, order);
    }

    default Assembler pshufb(Xmm to, XmmOrMem from) {
        return sse(0x66, 0x0F38, 0x00, to, from);
    }

    default Assembler xorps(Xmm to, XmmOrMem from) {
        return sse(0, 0x0F, 0x57, to, from);
    }

    default Assembler ucomisd(Xmm one, XmmOrMem other) {
        return sse(0x66, 0x0F, 0x2E, one, other);
    }

    default Assembler cvtsi2sd(Xmm to, GprOrMem from) {
        return op(Values.quadWidth(Values.width(from)), 0xF20F2A, to, from);
    }

    default Assembler cvttsd2si(Gpr to, XmmOrMem from) {
        return op(Values.quadWidth(to.bits()), 0xF20F2C, to, from);
    }
}
