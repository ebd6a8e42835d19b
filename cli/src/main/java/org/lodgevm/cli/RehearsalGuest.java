package org.lodgevm.cli;

import static org.lodgevm.x86.asm.Gpr.AL;
import static org.lodgevm.x86.asm.Gpr.AX;
import static org.lodgevm.x86.asm.Gpr.CX;
import static org.lodgevm.x86.asm.Gpr.DL;
import static org.lodgevm.x86.asm.Gpr.DX;
import static org.lodgevm.x86.asm.Gpr.EAX;
import static org.lodgevm.x86.asm.Gpr.EBP;
import static org.lodgevm.x86.asm.Gpr.EBX;
import static org.lodgevm.x86.asm.Gpr.ECX;
import static org.lodgevm.x86.asm.Gpr.EDI;
import static org.lodgevm.x86.asm.Gpr.EDX;
import static org.lodgevm.x86.asm.Gpr.ESI;
import static org.lodgevm.x86.asm.Gpr.ESP;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem32;
import static org.lodgevm.x86.asm.Mem.mem8;
import static org.lodgevm.x86.asm.Xmm.XMM0;
import static org.lodgevm.x86.asm.Xmm.XMM1;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Cond;
import org.lodgevm.x86.asm.Creg;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;

/**
 * The BIOS of the {@link Rehearsal}: it computes in 16-bit code, which is interpreted, then in many 32-bit functions, which are
 * translated, prints a character and ends by the debug exit.
 */
final class RehearsalGuest {
    /** Where the lower copy of the image is. */
    private static final int SEGMENT = 0xf000;
    private static final int LINEAR = SEGMENT << 4;
    private static final int SIZE = 0x1_0000;
    private static final int RESET_VECTOR = 0xfff0;
    private static final int COM1 = 0x3f8;
    private static final int DEBUG_EXIT = 0xf4;

    private static final int LOOPS = 50_000;
    private static final int FUNCTIONS = 150;
    /** Of each function: more than it takes to be translated. */
    private static final int TURNS = 60;
    private static final int STACK = 0x8000;
    private static final int DATA = 0x9000;
    /** In the image. */
    private static final int TABLE = 0x800;
    private static final int TABLE_BYTES = 24;
    private static final int TABLE_POINTER = TABLE + TABLE_BYTES;
    private static final int FLAT_CODE = 8;
    private static final int FLAT_DATA = 16;
    private static final long CODE_DESCRIPTOR = 0x00cf_9b00_0000_ffffL;
    private static final long DATA_DESCRIPTOR = 0x00cf_9300_0000_ffffL;
    private static final int PROTECTED = 1;
    private static final int OSFXSR = 1 << 9;

    private final Assembler code = new Assembler(LINEAR).bits16();

    private RehearsalGuest() {}

    static byte[] image() {
        return new RehearsalGuest().assemble();
    }

    /** One that does nothing, for ever. */
    static byte[] idle() {
        Assembler code = new Assembler(LINEAR).bits16();
        code.org(LINEAR + RESET_VECTOR);
        Label start = code.label("start");
        code.hlt().jmp(start);
        code.org(LINEAR + SIZE);
        return code.toBytes();
    }

    private byte[] assemble() {
        Label start = code.label("start");
        code.mov(CX, LOOPS);
        Label next = code.label("next");
        code.add(AX, CX).push(AX).xor(DX, AX).pop(AX).shl(DX, 1).loop(next);
        Label flat = new Label();
        code.mov(AX, SEGMENT).mov(Sreg.DS, AX);
        code.op(32, 0x0F01, 2, mem(TABLE_POINTER)); // LGDT with a base of 32 bits
        code.mov(EAX, Creg.CR0).or(EAX, PROTECTED).mov(Creg.CR0, EAX).jmpFar(32, FLAT_CODE, flat);
        code.org(LINEAR + TABLE).imm(8, 0).imm(8, CODE_DESCRIPTOR).imm(8, DATA_DESCRIPTOR);
        code.org(LINEAR + TABLE_POINTER).imm(2, TABLE_BYTES - 1).imm(4, LINEAR + TABLE);
        code.bits32().bind(flat);
        code.mov(EAX, FLAT_DATA).mov(Sreg.DS, AX).mov(Sreg.ES, AX).mov(Sreg.SS, AX).mov(ESP, STACK).mov(EBX, DATA);
        code.mov(EAX, Creg.CR4).or(EAX, OSFXSR).mov(Creg.CR4, EAX);
        Label[] functions = new Label[FUNCTIONS];
        for (int i = 0; i < FUNCTIONS; i++) {
            functions[i] = new Label();
            code.call(functions[i]);
        }
        code.mov(DX, COM1).mov(AL, '.').out(AL);
        code.mov(AL, 0).out(DEBUG_EXIT, AL).hlt();
        for (int i = 0; i < FUNCTIONS; i++) {
            code.bind(functions[i]);
            function(i);
        }
        code.org(LINEAR + RESET_VECTOR).bits16().jmp(start);
        code.org(LINEAR + SIZE);
        return code.toBytes();
    }

    /** What compilers make of everyday code, with a constant of its own. */
    private void function(int constant) {
        code.push(EBP).mov(EBP, ESP).push(EBX).mov(ECX, TURNS);
        Label turn = code.label("turn");
        Label lower = new Label();
        Label skip = new Label();
        code.mov(EAX, mem(EBX, ECX, 4, 0).bits(32)).add(EAX, constant).adc(EDX, 3);
        code.mov(mem(EBX, ECX, 4, 0x100).bits(32), EAX).movzx(ESI, AL).imul(ESI, ESI, 7).lea(EDI, mem(ESI, EAX, 2, 5));
        code.shl(EDI, 3).shr(EDI, constant & 15 | 1).cmp(EDI, ESI).jcc(Cond.B, lower);
        code.xor(EAX, EDI).sub(mem32(EBX, 8), EDX).or(EAX, 1).jmp(skip);
        code.bind(lower).neg(EAX).not(EDI).and(EDI, 0xff);
        code.bind(skip).test(EAX, EAX).set(Cond.NE, DL).cmov(Cond.S, EDX, ESI).bswap(EAX).bt(EAX, 5);
        code.mov(mem8(EBX, 3), AL).movd(XMM0, EAX).paddd(XMM1, XMM0).movdqu(mem(EBX, 0x40), XMM1);
        code.push(EAX).pop(EDX).mul(ESI).sub(ECX, 1).jcc(Cond.NE, turn);
        code.pop(EBX).pop(EBP).ret();
    }
}
