package org.lodgevm.x86.translate;

import org.lodgevm.x86.asm.Gpr;
import org.lodgevm.x86.asm.GprOrMem;
import org.lodgevm.x86.asm.Mem;
import org.lodgevm.x86.asm.Mmx;
import org.lodgevm.x86.asm.Xmm;
import org.lodgevm.x86.state.StateBlock;

/**
 * Where guest registers live while translated code runs: twelve general registers in host registers of their own, the four
 * that compilers use least in the state block; all vector registers in their namesakes.
 *
 * <p>RAX and RCX are scratch, as the host's LAHF and shifts want them; RBP points into the state block; RSP is the host's.
 */
final class HostRegisters {
    static final Gpr STATE = Gpr.RBP;

    private static final Gpr[] HOST = {
        Gpr.R10, Gpr.R11, Gpr.RDX, Gpr.RBX, Gpr.R14, Gpr.R15, Gpr.RSI, Gpr.RDI,
        Gpr.R8, Gpr.R9, null, null, Gpr.R12, Gpr.R13, null, null,
    };

    static final int COUNT = HOST.length;

    /** Numbers of guest registers that instructions imply. */
    static final int GUEST_RAX = org.lodgevm.x86.state.Gpr.RAX;
    static final int GUEST_RCX = org.lodgevm.x86.state.Gpr.RCX;
    static final int GUEST_R11 = org.lodgevm.x86.state.Gpr.R11;
    static final int GUEST_RSP = org.lodgevm.x86.state.Gpr.RSP;
    static final int GUEST_RBP = org.lodgevm.x86.state.Gpr.RBP;

    private HostRegisters() {}

    /** The host register of a guest register, or null. */
    static Gpr host(int guest) {
        return HOST[guest];
    }

    static Gpr host(int guest, int bits) {
        Gpr host = HOST[guest];
        return host == null ? null : host.as(bits);
    }

    /** The host register, or the place in the state block. */
    static GprOrMem place(int guest, int bits) {
        Gpr host = HOST[guest];
        return host == null ? slot(guest, bits) : host.as(bits);
    }

    /** A guest register's place in the state block, up to date only while it has no host register. */
    static Mem slot(int guest, int bits) {
        return state(StateBlock.GPR + 8 * guest, bits);
    }

    /** A place in the state block. */
    static Mem state(int offset, int bits) {
        return Mem.mem(STATE, offset - StateBlock.BASE).bits(bits);
    }

    /** A place in the state block, further by a register. */
    static Mem state(int offset, Gpr index, int scale, int bits) {
        return Mem.mem(STATE, index, scale, offset - StateBlock.BASE).bits(bits);
    }

    /** REX does not count for these. */
    static Mmx mmx(int number) {
        return Mmx.values()[number & 7];
    }

    static Xmm xmm(int number) {
        return Xmm.values()[number];
    }
}
