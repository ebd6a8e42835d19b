package org.lodgevm.x86.oracle;

import static org.lodgevm.x86.asm.Cond.NE;
import static org.lodgevm.x86.asm.Gpr.*;
import static org.lodgevm.x86.asm.Mem.mem;
import static org.lodgevm.x86.asm.Mem.mem16;

import org.lodgevm.x86.asm.Assembler;
import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.Label;
import org.lodgevm.x86.asm.Sreg;
import org.lodgevm.x86.asm.Xmm;

/**
 * What the two runners have in common: the way of a case from its record into the CPU, and from
 * there into the result's record.
 */
final class CaseCode {
    /** Variables: the records in turn, and how many cases of the batch are left. */
    final Label input = new Label("input");

    final Label output = new Label("output");
    final Label left = new Label("left");
    private final Label savedRax = new Label("savedRax");

    private static final int VINSERTF128 = 0x660F3A18;
    private static final int VEXTRACTF128 = 0x660F3A19;

    private final Assembler a;
    private final long codeAlias;
    private final boolean avx;

    /**
     * @param codeAlias where the code pages can be written
     * @param avx whether the CPU has YMM registers
     */
    CaseCode(Assembler a, long codeAlias, boolean avx) {
        this.a = a;
        this.codeAlias = codeAlias;
        this.avx = avx;
    }

    void variables() {
        a.align(8).bind(input).dq(0).bind(output).dq(0).bind(savedRax).dq(0).bind(left).dd(0).dd(0);
    }

    /** Loads what survives until the case is entered; RBX becomes the case. */
    void prepare() {
        a.mov(RBX, mem(input));
        a.mov(EDI, mem(RBX, Layout.WINDOW_AT)).add(RDI, Layout.DATA);
        a.lea(RSI, mem(RBX, Layout.WINDOW)).mov(ECX, Layout.WINDOW_BYTES / 8).rep().movsq();
        codeAddress();
        a.lea(RSI, mem(RBX, Layout.CODE_COPY)).rep().movsb();
        a.fxrstor64(mem(RBX, Layout.FXSAVE));
        if (avx) {
            loadHighHalves();
        }
        a.mov(Sreg.DS, mem(RBX, Layout.DS)).mov(Sreg.ES, mem(RBX, Layout.ES));
        a.mov(Sreg.FS, mem(RBX, Layout.FS)).mov(Sreg.GS, mem(RBX, Layout.GS));
    }

    private void loadHighHalves() {
        for (Xmm ymm : Xmm.values()) {
            a.vex(false, 1, VINSERTF128, ymm, ymm, mem(RBX, Layout.YMM_HIGH + 16 * ymm.number()), 1, 1);
        }
    }

    /** Stores the upper halves of the YMM registers, if there are any; RAX is the result. */
    void storeHighHalves() {
        if (avx) {
            for (Xmm ymm : Xmm.values()) {
                a.vex(false, 1, VEXTRACTF128, ymm, null, mem(RAX, Layout.YMM_HIGH + 16 * ymm.number()), 1, 1);
            }
        } else {
            a.mov(RBX, mem(input)).lea(RSI, mem(RBX, Layout.YMM_HIGH));
            copyHighHalves();
        }
    }

    /** Copies them from [RSI]; RAX is the result. */
    void copyHighHalves() {
        a.lea(RDI, mem(RAX, Layout.YMM_HIGH)).mov(ECX, Layout.YMM_HIGH_BYTES / 8).rep().movsq();
    }

    /** After {@link #prepare}. */
    void loadSegmentBases() {
        a.mov(RAX, mem(RBX, Layout.FS_BASE)).wrfsbase(RAX);
        a.mov(RAX, mem(RBX, Layout.GS_BASE)).wrgsbase(RAX);
    }

    /** Loads the general registers; IRETQ takes the rest from the record. */
    void enter() {
        a.lea(RSP, mem(RBX, Layout.RIP));
        for (int i = 0; i < 16; i++) {
            if (i != RSP.number()) {
                a.mov(Gpr.of(i, 64), mem(RSP, Layout.GPR - Layout.RIP + 8 * i));
            }
        }
        a.iret(64);
    }

    /**
     * With all registers but RSP still the case's: stores them, RAX becoming the result; clobbers
     * RCX. Flags stay.
     */
    void storeRegisters() {
        a.mov(mem(savedRax), RAX).mov(RAX, mem(output));
        for (int i = 1; i < 16; i++) {
            if (i != RSP.number()) {
                a.mov(mem(RAX, Layout.GPR + 8 * i), Gpr.of(i, 64));
            }
        }
        a.mov(RCX, mem(savedRax)).mov(mem(RAX, Layout.GPR), RCX);
    }

    void storeSegments() {
        a.mov(mem16(RAX, Layout.DS), Sreg.DS).mov(mem16(RAX, Layout.ES), Sreg.ES);
        a.mov(mem16(RAX, Layout.FS), Sreg.FS).mov(mem16(RAX, Layout.GS), Sreg.GS);
    }

    void storeSegmentBases() {
        a.rdfsbase(RCX).mov(mem(RAX, Layout.FS_BASE), RCX);
        a.rdgsbase(RCX).mov(mem(RAX, Layout.GS_BASE), RCX);
    }

    /**
     * Stores the window, clears the data pages, where a case may have written elsewhere too, and
     * removes the code; RAX is the result.
     */
    void storeWindow() {
        a.mov(RBX, mem(input));
        a.mov(ESI, mem(RBX, Layout.WINDOW_AT)).add(RSI, Layout.DATA);
        a.lea(RDI, mem(RAX, Layout.WINDOW)).mov(ECX, Layout.WINDOW_BYTES / 8).rep().movsq();
        a.mov(EDI, Layout.DATA).xor(EAX, EAX).mov(ECX, Layout.DATA_BYTES / 8).rep().stosq();
        codeAddress();
        a.mov(AL, Layout.FILLER).rep().stosb();
    }

    private void codeAddress() {
        a.mov(EDI, mem(RBX, Layout.CODE_AT)).mov(RCX, codeAlias).add(RDI, RCX);
        a.mov(ECX, mem(RBX, Layout.CODE_LENGTH));
    }

    /** Goes on with the next case of the batch; falls through after the last. */
    void advance(Label run) {
        a.add(mem(input).bits(64), Layout.RECORD).add(mem(output).bits(64), Layout.RECORD);
        a.sub(mem(left).bits(32), 1).jcc(NE, run);
    }
}
