package org.lodgevm.x86.interpret;

import static org.lodgevm.machine.HostMemory.get64;
import static org.lodgevm.machine.HostMemory.put64;

import org.lodgevm.x86.fp.SseHalf;
import org.lodgevm.x86.state.StateBlock;

/** Instructions with a VEX prefix whose shape is their own. */
final class VexOperations {
    private static final int XMM = 16;
    private static final int HALF = 16;

    private VexOperations() {}

    // --- control ---------------------------------------------------------------------------------------------------------------

    static void vzeroupper(Cpu c, Op o) {
        Units.avx(c);
        for (int offset = 0; offset < ExtendedState.xmmBytes(c); offset += XMM) {
            VexOperands.clearHigh(c, StateBlock.XMM + offset);
        }
    }

    static void vzeroall(Cpu c, Op o) {
        vzeroupper(c, o);
        for (int offset = 0; offset < ExtendedState.xmmBytes(c); offset += Long.BYTES) {
            put64(c.block + StateBlock.XMM + offset, 0);
        }
    }

    static void vldmxcsr(Cpu c, Op o) {
        VectorMoves.ldmxcsr(c, o);
    }

    static void vstmxcsr(Cpu c, Op o) {
        VectorMoves.stmxcsr(c, o);
    }

    static void vmaskmovdqu(Cpu c, Op o) {
        VectorMoves.maskmovdqu(c, o);
    }

    // --- a half, or less, to a register or memory ------------------------------------------------------------------------------

    static void vextractf128(Cpu c, Op o) {
        Units.avx(c);
        long from = c.block + o.reg + ((o.imm & 1) == 0 ? 0 : VexOperands.HIGH);
        if (o.instruction.isMemory()) {
            Linear.writeBytes(c, o.linear(c, XMM, true), from, XMM, o.segment);
        } else {
            VectorOperands.copy(from, c.block + o.rm);
            VexOperands.clearHigh(c, o.rm);
        }
    }

    static void vextracti128(Cpu c, Op o) {
        vextractf128(c, o);
    }

    /** The store is known to succeed before MXCSR changes. */
    static void vcvtps2ph(Cpu c, Op o) {
        Units.avx(c);
        int size = o.instruction.width(0);
        boolean wide = o.instruction.vexL() != 0;
        boolean memory = o.instruction.isMemory();
        long la = memory ? o.linear(c, size, true) : 0;
        if (memory) {
            SlowMemory.checkAlignment(c, la, size);
            SlowMemory.checkWrite(c, la, size, o.segment);
        }
        long to = c.block + StateBlock.VEX_RESULT;
        long from = VexOperands.copy32(c, o.reg, StateBlock.VEX_SOURCE);
        put64(to + HALF, 0);
        c.sse.together();
        SseHalf.vcvtps2ph(c.sse, to, from, (int) o.imm);
        if (wide) {
            SseHalf.vcvtps2ph(c.sse, to + HALF, from + HALF, (int) o.imm);
        }
        c.sse.settleTogether();
        put64(to + Long.BYTES, get64(to + HALF));
        if (memory) {
            Linear.writeBytes(c, la, to, size, o.segment);
        } else {
            VexOperands.toRm16(o, c);
        }
    }

    // --- text ------------------------------------------------------------------------------------------------------------------

    static void vpcmpistri(Cpu c, Op o) {
        VectorMoves.pcmpistri(c, o);
    }

    static void vpcmpestri(Cpu c, Op o) {
        VectorMoves.pcmpestri(c, o);
    }

    static void vpcmpistrm(Cpu c, Op o) {
        VectorMoves.pcmpistrm(c, o);
        VexOperands.clearHigh(c, StateBlock.XMM);
    }

    static void vpcmpestrm(Cpu c, Op o) {
        VectorMoves.pcmpestrm(c, o);
        VexOperands.clearHigh(c, StateBlock.XMM);
    }
}
