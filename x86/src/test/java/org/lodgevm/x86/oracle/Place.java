package org.lodgevm.x86.oracle;

import org.lodgevm.x86.decode.Instruction;

/** Where the memory operand of a case's instruction lies. */
final class Place {
    private static final int RAX = 0;
    private static final int RBX = 3;
    private static final int RSP = 4;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int SS = 2;
    private static final int FS = 4;

    private Place() {}

    /**
     * The linear address of the operand that can have a segment prefix, in the state of the case.
     */
    static long linear(Instruction in, Case state) {
        long mask = in.addrSize() == 8 ? -1L : in.addrSize() == 4 ? 0xFFFF_FFFFL : 0xFFFF;
        return at(state, in.segment(), offset(in, state) & mask);
    }

    private static long offset(Instruction in, Case state) {
        switch (in.row().operation()) {
            case "MOVS", "CMPS", "LODS", "OUTS" -> {
                return state.gpr(RSI);
            }
            case "MASKMOVQ", "MASKMOVDQU", "VMASKMOVDQU" -> {
                return state.gpr(RDI);
            }
            case "XLAT" -> {
                return state.gpr(RBX) + (state.gpr(RAX) & 0xFF);
            }
            default -> {
                return byModrm(in, state);
            }
        }
    }

    /** What ModRM, SIB and displacement amount to. */
    private static long byModrm(Instruction in, Case state) {
        long offset = in.disp();
        if (in.ripRelative()) {
            offset += state.get64(Layout.RIP) + state.get32(Layout.INSTRUCTION_AT) + in.length();
        }
        if (in.base() >= 0) {
            offset += state.gpr(in.base());
        }
        if (in.index() >= 0 && !in.row().hasVectorIndex()) {
            offset += state.gpr(in.index()) << in.scale();
        }
        return offset;
    }

    /** The linear address of the top of the stack. */
    static long stack(Case state) {
        long mask =
                Cases.mode(state) == Mode.BITS_64
                        ? -1L
                        : is16BitStack(state) ? 0xFFFF : 0xFFFF_FFFFL;
        return at(state, SS, state.gpr(RSP) & mask);
    }

    /** Whether SP rather than ESP is the stack pointer. */
    static boolean is16BitStack(Case state) {
        return state.get64(Layout.SS) == Descriptors.DATA16;
    }

    private static long at(Case state, int segment, long offset) {
        if (Cases.mode(state) == Mode.BITS_64) {
            return segment == FS
                    ? offset + state.get64(Layout.FS_BASE)
                    : segment > FS ? offset + state.get64(Layout.GS_BASE) : offset;
        }
        return offset + Descriptors.base(selector(state, segment)) & 0xFFFF_FFFFL;
    }

    private static int selector(Case state, int segment) {
        return switch (segment) {
            case 0 -> state.get16(Layout.ES);
            case 1 -> (int) state.get64(Layout.CS);
            case SS -> (int) state.get64(Layout.SS);
            case 3 -> state.get16(Layout.DS);
            case FS -> state.get16(Layout.FS);
            default -> state.get16(Layout.GS);
        };
    }
}
